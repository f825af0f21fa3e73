// SQL as the application would send it, at a steady rate, until stopped.

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { DEMO_DATABASE } from '../demo-settings.ts'
import { APPLICATION_ROLE, roleUrl, type SuperuserUrl } from '../demo-url.ts'
import type { Known, Query } from './action.ts'
import { allActions, chooseAction, runAction } from './all-actions.ts'
import { createConnections } from './connections.ts'
import { findKnown } from './find-known.ts'
import { createHousekeeping } from './housekeeping.ts'
import { type Random, seededRandom } from './random.ts'
import { sendSteadily } from './send-steadily.ts'
import { blockInChain, type FaultContext, forgetTransaction } from './traffic-faults.ts'
import { within } from './within.ts'

export interface TrafficOptions {
  /** Default true: with the forgotten transaction, the blocking chains and the application's bad habits. */
  readonly faults?: boolean
  /** Statements, not requests. Default 60. */
  readonly callsPerSecond?: number
  readonly seed?: number
}

export interface TrafficCounts {
  readonly calls: number
  readonly errors: number
  readonly lastError: string | null
  /** Finished requests by name. */
  readonly requests: Readonly<Record<string, number>>
}

export interface Traffic {
  /** Ends every connection, within two seconds. Never throws. */
  readonly stop: () => Promise<void>
  readonly counts: () => TrafficCounts
}

const CONNECTIONS = 8
const HOUSEKEEPING_MS = 20_000
const RETRY_MS = 500
/** A loop may still wait for a connection that is refused when it comes. */
const LOOPS_END_MS = 300

/** Waits for the first connection, so a wrong URL rejects here; later failures are counted and tried again. */
export async function startTraffic(
  superuserUrl: SuperuserUrl,
  { faults = true, callsPerSecond = 60, seed = 1 }: TrafficOptions = {},
): Promise<Traffic> {
  const connections = createConnections(
    roleUrl(superuserUrl, APPLICATION_ROLE),
    superuserUrl(DEMO_DATABASE),
    CONNECTIONS + 1,
  )
  const stopping = new AbortController()
  const { signal } = stopping
  const counts = {
    calls: 0,
    errors: 0,
    lastError: null as string | null,
    requests: {} as Record<string, number>,
  }
  const housekeeping = createHousekeeping()
  const actions = faults ? allActions : allActions.filter((action) => !action.isFault)

  const fail = (error: unknown) => {
    if (signal.aborted) return
    counts.errors++
    counts.lastError = error instanceof Error ? error.message : String(error)
  }

  const onConnection = async (run: (query: Query) => Promise<void>): Promise<void> => {
    const client = await connections.take()
    let broken: Error | undefined
    try {
      await run(async (sql, values) => {
        counts.calls++
        const { rows, rowCount } = await client.query(sql, values && [...values])
        housekeeping.note(sql, rowCount ?? 0)
        return rows
      })
    } catch (error) {
      // an error with an SQLSTATE of the statement's own leaves the connection usable
      broken =
        error instanceof pg.DatabaseError && !/^(57P|08)/.test(error.code ?? '')
          ? undefined
          : (error as Error)
      throw error
    } finally {
      client.release(broken)
    }
  }

  const request = async (known: Known, random: Random): Promise<void> => {
    const action = chooseAction(actions, random)
    try {
      await onConnection((query) => runAction(action, query, known, random))
      counts.requests[action.name] = (counts.requests[action.name] ?? 0) + 1
    } catch (error) {
      fail(error)
      throw error
    }
  }

  const repeat = async (run: () => Promise<void>): Promise<void> => {
    while (!signal.aborted) {
      try {
        await run()
      } catch (error) {
        fail(error)
        await sleep(RETRY_MS, undefined, { signal }).catch(() => {}) // stopped while waiting
      }
    }
  }

  let known: Known | undefined
  try {
    await onConnection(async (query) => {
      known = await findKnown(query)
    })
  } catch (error) {
    await connections.end()
    throw error
  }
  const context: FaultContext = { open: connections.open, signal }
  const loops = [
    repeat(() =>
      sendSteadily({
        callsPerSecond,
        maxInFlight: CONNECTIONS,
        calls: () => counts.calls,
        request: (n) => request(known!, seededRandom(seed * 1_000_003 + n)),
        signal,
      }),
    ),
    repeat(async () => {
      await sleep(HOUSEKEEPING_MS, undefined, { signal })
      await onConnection(housekeeping.run)
    }),
    ...(faults ? [repeat(() => forgetTransaction(context)), repeat(() => blockInChain(context))] : []),
  ]
  return {
    counts: () => ({ ...counts, requests: { ...counts.requests } }),
    stop: async () => {
      stopping.abort()
      await connections.end()
      await within(LOOPS_END_MS, Promise.allSettled(loops))
    },
  }
}
