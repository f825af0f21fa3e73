// What the database did while a load run went on: increases between its begin and its end, waits second by second, plans of the
// heaviest statements. Read with the means that watch a target; a part that can't be read leaves a note and never ends the run.

import { Collector } from '../../collect/collector.ts'
import { connections } from '../../facts/connections.ts'
import { databases } from '../../facts/databases.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { tableActivity } from '../../facts/table-activity.ts'
import { tables } from '../../facts/tables.ts'
import type { Snapshot } from '../../model/fact.ts'
import type { DatabaseEvidence } from '../../model/load-run.ts'
import { openSession } from '../../postgres/connect.ts'
import { addressOf } from '../../postgres/connect-error.ts'
import { databaseEvidence } from './database-evidence.ts'
import { plansOfHeaviest } from './plans-of-heaviest.ts'
import { readFact } from './read-fact.ts'
import { sampleActivity } from './sample-activity.ts'
import { watchPools } from './watch-pools.ts'

export interface MeasureOptions {
  /** Of the configuration; null: the database is none of its targets. */
  readonly targetId?: string | null
  /** The application under load, whose pools are asked for; absent: not asked. */
  readonly applicationUrl?: string
  readonly applicationToken?: string
}

export interface DatabaseMeasurement {
  /** From here on: what came before (the warm-up) does not count. */
  readonly restart: () => Promise<void>
  /** Ends it and closes every connection; called once. */
  readonly finish: () => Promise<DatabaseEvidence>
}

/** Read by itself in between: every ten seconds the connections, every minute the rest, so that an eviction costs one minute. */
const EVERY_MS = 10_000
const FACTS = [statements, statementTexts, tableActivity, databases, connections]
/** Longer than any run. */
const INTERVAL_MS = 7 * 86_400_000
/** A plan takes a millisecond or two; what an index has made fast is not among the ten heaviest any more, and its plan is the news. */
const PLANNED = 30

/** Throws StewardError when the database can't be reached now; later, what there is by then is kept. */
export async function startDatabaseMeasurement(
  url: string,
  options: MeasureOptions = {},
): Promise<DatabaseMeasurement> {
  const notes: string[] = []
  const newCollector = () =>
    new Collector({
      target: { id: options.targetId ?? addressOf(url), url, labels: {} },
      facts: FACTS,
      open: () => openSession(url, { purpose: 'load', statementTimeoutMs: 30_000 }),
      intervalMs: INTERVAL_MS,
    })
  let collector = newCollector()
  const first = await collector.collect(new Date(), { everything: true })
  const activity = sampleActivity(url, first.server.database)
  const pools =
    options.applicationUrl === undefined
      ? null
      : watchPools({
          applicationUrl: options.applicationUrl,
          ...(options.applicationToken === undefined ? {} : { token: options.applicationToken }),
        })
  const texts = new Map<string, string>()
  let snapshot: Snapshot = first
  let peakConnections = 0
  let reading: Promise<void> = Promise.resolve()

  const read = async (everything: boolean) => {
    try {
      snapshot = await collector.collect(new Date(), { everything })
      for (const [queryId, row] of collector.takeTexts()) texts.set(queryId, row.text)
      const seen = snapshot.readings.get(connections.id)
      if (seen?.status === 'rows')
        peakConnections = Math.max(peakConnections, (seen.rows as { total: number }[])[0]?.total ?? 0)
    } catch (error) {
      notes.push(`The database did not answer at ${new Date().toISOString()}: ${(error as Error).message}.`)
    }
  }
  /** One reading at a time: a session answers one question after the other. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    reading = reading.then(work)
    return reading
  }
  const timer = setInterval(() => void inTurn(() => read(false)), EVERY_MS)
  timer.unref()

  return {
    restart: () =>
      inTurn(async () => {
        await collector.close()
        collector = newCollector()
        peakConnections = 0
        activity.restart()
        pools?.restart()
        await read(true)
      }),
    finish: async () => {
      clearInterval(timer)
      const [sampled, application] = await Promise.all([activity.finish(), pools?.finish() ?? null])
      await inTurn(() => read(true))
      await collector.close()
      if (sampled.note !== null) notes.push(sampled.note)
      const evidence = databaseEvidence({
        targetId: options.targetId ?? null,
        snapshot,
        texts,
        sampled,
        application,
        peakConnections,
        tables: await tablesOf(url, notes),
        notes,
      })
      const { shapes, notes: without } = await plansOfHeaviest(url, evidence.heaviest(PLANNED))
      return evidence.withPlans(shapes, without)
    },
  }
}

/** Sizes and rows, once at the end. */
async function tablesOf(url: string, notes: string[]) {
  try {
    const session = await openSession(url, { purpose: 'load', statementTimeoutMs: 30_000 })
    try {
      const found = await readFact(session, tables)
      if ('rows' in found) return found.rows
      notes.push(`Sizes of tables could not be read: ${found.because}.`)
    } finally {
      await session.close()
    }
  } catch (error) {
    notes.push(`Sizes of tables could not be read: ${(error as Error).message}.`)
  }
  return []
}
