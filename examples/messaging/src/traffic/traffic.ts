// HTTP traffic on the application: staff at their pages, members who write, and the housekeeping that keeps the data bounded.

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { AnyFaultId } from '../app/faults.ts'
import { type Action, chooseAction } from './action.ts'
import { countRows, keepRows, type Rows } from './housekeeping.ts'
import { pickInt, seededRandom } from './random.ts'
import { readingActions } from './reading-actions.ts'
import { sendSteadily } from './send-steadily.ts'
import { createVisitors } from './visitors.ts'
import { writingActions } from './writing-actions.ts'

export interface TrafficOptions {
  readonly url: string
  /** As the application's role, for the housekeeping. */
  readonly databaseUrl: string
  readonly webhookSecret: string
  readonly requestsPerSecond: number
  readonly seed: number
  readonly hasFault: (id: AnyFaultId) => boolean
}

export interface TrafficCounts {
  /** Finished visits by name; one is a request or a few. */
  readonly visits: Readonly<Record<string, number>>
  readonly errors: number
  readonly lastError: string | null
}

export interface Traffic {
  /** Each kind of visit some times, one after the other. Rejects at the first failure. */
  readonly rehearse: (times: number) => Promise<void>
  readonly start: () => void
  readonly counts: () => TrafficCounts
  /** Never throws. */
  readonly stop: () => Promise<void>
}

const MAX_IN_FLIGHT = 16
const HOUSEKEEPING_MS = 20_000
const RETRY_MS = 500

export async function createTraffic(options: TrafficOptions): Promise<Traffic> {
  const { url, databaseUrl, webhookSecret, requestsPerSecond, seed, hasFault } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const counts = { visits: {} as Record<string, number>, errors: 0, lastError: null as string | null }
  const actions: readonly Action[] = [...readingActions, ...writingActions(webhookSecret)]
  const { churches, rows } = await lookAround(databaseUrl)
  const visitors = createVisitors(url, churches, seededRandom(seed), signal)

  const visit = async (action: Action, n: number): Promise<void> => {
    const random = seededRandom(seed * 1_000_003 + n)
    random()
    await action.run({ visitor: visitors[pickInt(random, visitors.length)]!, random })
    counts.visits[action.name] = (counts.visits[action.name] ?? 0) + 1
  }
  const fail = (error: unknown) => {
    if (signal.aborted) return
    counts.errors++
    counts.lastError = error instanceof Error ? error.message : String(error)
  }
  const visitAny = async (n: number): Promise<void> => {
    const possible = actions.filter(({ fault }) => fault === undefined || hasFault(fault))
    try {
      await visit(chooseAction(possible, seededRandom(seed * 7_000_003 + n)), n)
    } catch (error) {
      fail(error)
      throw error
    }
  }
  const repeat = async (work: () => Promise<void>): Promise<void> => {
    while (!signal.aborted) {
      try {
        await work()
      } catch (error) {
        fail(error)
        await sleep(RETRY_MS, undefined, { signal }).catch(() => {}) // stopped while waiting
      }
    }
  }
  const keepHouse = async () => {
    await sleep(HOUSEKEEPING_MS, undefined, { signal })
    await withClient(databaseUrl, (client) => keepRows(client, rows))
  }

  const loops: Promise<void>[] = []
  return {
    rehearse: async (times) => {
      for (const [index, action] of actions.entries())
        for (let time = 0; time < times; time++) await visit(action, index * times + time)
      await withClient(databaseUrl, (client) => keepRows(client, rows))
    },
    start: () => {
      const pace = { perSecond: requestsPerSecond, maxInFlight: MAX_IN_FLIGHT, visit: visitAny, signal }
      loops.push(
        repeat(() => sendSteadily(pace)),
        repeat(keepHouse),
      )
    },
    counts: () => ({ ...counts, visits: { ...counts.visits } }),
    stop: async () => {
      stopping.abort()
      await Promise.allSettled(loops)
    },
  }
}

function lookAround(databaseUrl: string): Promise<{ readonly churches: number; readonly rows: Rows }> {
  return withClient(databaseUrl, async (client) => {
    const found = await client.query<{ churches: number }>('select max(id) as churches from church')
    return { churches: Number(found.rows[0]?.churches ?? 0), rows: await countRows(client) }
  })
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString,
    application_name: 'messaging-retention',
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => {}) // the query in flight rejects too, and that is enough
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
