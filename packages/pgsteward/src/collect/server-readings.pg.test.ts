import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createDatabase, startTestServer, type TestDatabase } from '../../test/postgres/database.ts'
import { ALL_FACTS } from '../facts/all.ts'
import { type BlockingRow, blocking } from '../facts/blocking.ts'
import { databaseSizes } from '../facts/database-sizes.ts'
import { type StatementTextRow, statementTexts } from '../facts/statement-texts.ts'
import { type StatementRow, statements } from '../facts/statements.ts'
import { tables } from '../facts/tables.ts'
import type { Snapshot } from '../model/fact.ts'
import { openSession } from '../postgres/connect.ts'
import { type ActivitySample, ActivitySampler } from './activity/sampler.ts'
import { Collector } from './collector.ts'
import { ServerReadings } from './server-readings.ts'

let server: Awaited<ReturnType<typeof startTestServer>>
const made: TestDatabase[] = []
beforeAll(async () => {
  server = await startTestServer(18, { shared_preload_libraries: 'pg_stat_statements' })
  for (const _ of [1, 2, 3]) {
    const database = await createDatabase(server.url())
    await database.run('create extension pg_stat_statements', 'create table parcel (id int primary key)')
    made.push(database)
  }
})
afterAll(async () => {
  for (const database of made) await database.drop()
  await server.stop()
})

/** Labels of the statements that were sent, by database. */
function collectors(shared?: ServerReadings) {
  const sent: string[][] = made.map(() => [])
  const all = made.map(
    ({ monitorUrl }, place) =>
      new Collector({
        target: { id: `shop-${place}`, url: monitorUrl, labels: {} },
        facts: ALL_FACTS,
        open: async ({ url }) => {
          const session = await openSession(url)
          return {
            ...session,
            query: (label, sql, parameters) => {
              sent[place]!.push(label)
              return session.query(label, sql, parameters)
            },
          }
        },
        intervalMs: 600_000,
        ...(shared === undefined ? {} : { serverReadings: shared }),
      }),
  )
  return { all, sent, close: () => Promise.all(all.map((each) => each.close())) }
}

const movedIn = (snapshot: Snapshot, word: string) => {
  const reading = snapshot.readings.get(statements.id)
  if (reading?.status !== 'interval') throw new Error(JSON.stringify(reading))
  const texts = snapshot.readings.get(statementTexts.id)
  const ids = ((texts?.status === 'rows' ? texts.rows : []) as readonly StatementTextRow[])
    .filter(({ text }) => text.includes(word))
    .map(({ queryId }) => queryId)
  const rows = reading.latest.rows as readonly StatementRow[]
  return {
    seconds: reading.latest.seconds,
    calls: rows.filter(({ queryId }) => ids.includes(queryId)).reduce((sum, { calls }) => sum + calls, 0),
  }
}

test('targets on one server ask it once for what is the server’s, each for what is its own, and count the same', async () => {
  const { all, sent, close } = collectors(new ServerReadings())
  try {
    const start = Date.now()
    for (const [place, each] of all.entries()) await each.collect(new Date(start + place * 100))
    const asked = (label: string) => sent.map((labels) => labels.filter((each) => each === label).length)
    expect(asked(databaseSizes.id)).toEqual([1, 0, 0])
    expect(asked(statements.id)).toEqual([1, 0, 0])
    expect(asked(tables.id)).toEqual([1, 1, 1])
    // of its own settings each database has to be asked
    expect(asked('settings')).toEqual([1, 1, 1])

    for (let call = 0; call < 7; call++)
      await made[0]!.run('select /* counted */ id from parcel where id = 1')
    const snapshots: Snapshot[] = []
    for (const [place, each] of all.entries())
      snapshots.push(await each.collect(new Date(start + 60_000 + place * 100)))
    expect(asked(statements.id)).toEqual([2, 0, 0])
    expect(asked(statementTexts.id)).toEqual([1, 0, 0])
    expect(snapshots.map((each) => movedIn(each, 'from parcel where'))).toEqual(
      snapshots.map(() => ({ seconds: 60, calls: 7 })),
    )
    // dated by who read it, so that intervals of one target join
    expect(snapshots.map((each) => each.readings.get(statements.id)?.status)).toEqual([
      'interval',
      'interval',
      'interval',
    ])
    const at = snapshots.map((each) => (each.readings.get(statements.id) as { at: Date }).at.getTime())
    expect(new Set(at)).toEqual(new Set([start + 60_000]))
  } finally {
    await close()
  }
})

test('a round that wants everything anew takes nothing that was read before', async () => {
  const { all, sent, close } = collectors(new ServerReadings())
  try {
    const start = Date.now()
    await all[0]!.collect(new Date(start))
    await all[1]!.collect(new Date(start + 1), { everything: true, anew: true })
    expect(sent[1]!.filter((label) => label === databaseSizes.id)).toHaveLength(1)
  } finally {
    await close()
  }
})

test('that nobody waits goes for all databases; who waits for which table is asked by each', async () => {
  const { all, sent, close } = collectors(new ServerReadings())
  const asked = () => sent.map((labels) => labels.filter((each) => each === 'blocking').length)
  const waitersOf = (snapshot: Snapshot) => {
    const reading = snapshot.readings.get(blocking.id)
    return reading?.status === 'rows'
      ? (reading.rows as readonly BlockingRow[]).map((row) => row.relation)
      : null
  }
  try {
    const start = Date.now()
    for (const each of all) await each.collect(new Date(start))
    expect(asked()).toEqual([1, 0, 0])
    const [holds, waits] = [await made[1]!.connect(), await made[1]!.connect()]
    await holds.query('begin; lock parcel')
    const waiting = waits.query('select from parcel')
    await vi.waitFor(async () => {
      const rows = await made[1]!.query("select from pg_stat_activity where wait_event_type = 'Lock'")
      expect(rows).toHaveLength(1)
    })
    const snapshots: Snapshot[] = []
    for (const each of all) snapshots.push(await each.collect(new Date(start + 15_000), { onlyUrgent: true }))
    expect(snapshots.map(waitersOf)).toEqual([[null], ['public.parcel'], [null]])
    expect(asked()).toEqual([2, 1, 1])
    await holds.query('rollback')
    await waiting
  } finally {
    await close()
  }
})

test('without others each reads by itself', async () => {
  const { all, sent, close } = collectors()
  try {
    await Promise.all(all.map((each) => each.collect(new Date())))
    expect(sent.map((labels) => labels.filter((each) => each === statements.id).length)).toEqual([1, 1, 1])
  } finally {
    await close()
  }
})

test('sessions of one server are sampled together, and each target sees all of them', async () => {
  const shared = new ServerReadings()
  const samplers = made.map(
    ({ monitorUrl }) =>
      new ActivitySampler({
        open: () => openSession(monitorUrl, { purpose: 'activity' }),
        everyMs: 60_000,
        slowMs: 0,
        serverReadings: shared,
      }),
  )
  const sleeping = made[0]!.run('select pg_sleep(3)')
  try {
    let samples: ActivitySample[] = []
    for (const until = Date.now() + 10_000; Date.now() < until && samples.every(isIdle); await sleep(50)) {
      samples = []
      const now = new Date()
      for (const each of samplers) samples.push(await each.sample(now))
      if (samples.every(isIdle)) for (const each of samplers) await each.close()
    }
    expect(samples.map((each) => each.sessions.map(({ database }) => database))).toEqual(
      made.map(() => [made[0]!.name]),
    )
    expect([...samples[2]!.texts.values()].map(({ text }) => text)).toEqual(['select pg_sleep(?)'])
    const statementsSent = samplers.map((each) => each.statementsSent)
    // beside the sample: names and texts, which each learns by itself, and the size of a text
    expect(statementsSent[0]! - statementsSent[2]!).toBeGreaterThanOrEqual(1)
    expect(statementsSent[1]).toBe(statementsSent[2])
  } finally {
    for (const each of samplers) await each.close()
    await sleeping
  }
})

function isIdle({ sessions }: ActivitySample): boolean {
  return sessions.length === 0
}
