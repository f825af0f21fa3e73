// The faults that only a running application makes: a forgotten transaction, and now and then a chain of blocked sessions.

import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/** How the faults reach the database. `open` connects under an application_name; all connections end with the traffic. */
export interface FaultContext {
  readonly open: (applicationName: string) => Promise<pg.Client>
  readonly signal: AbortSignal
}

/** Below the server's idle_in_transaction_session_timeout of ten minutes. */
const FORGOTTEN_MS = 8 * 60_000
const PAUSE_MS = 5_000
/** Long enough for a sample every ten seconds to see it. */
const BLOCKED_MS = 22_000
const BETWEEN_CHAINS_MS = 18_000
const FIRST_CHAIN_AFTER_MS = 3_000

/** A report that fills a temporary table and then forgets its transaction: with an id of its own it holds vacuum back. */
export async function forgetTransaction({ open, signal }: FaultContext): Promise<void> {
  const client = await open('messaging-report')
  try {
    await client.query('begin')
    await client.query(
      `create temporary table report_row on commit drop as
       select s.plan, s.status, count(*) as churches from subscription s group by s.plan, s.status`,
    )
    await sleep(FORGOTTEN_MS, undefined, { signal })
    await client.query('rollback')
  } finally {
    await client.end()
  }
  await sleep(PAUSE_MS, undefined, { signal })
}

/** Billing locks a subscription while it waits for the provider; a second session waits for it, a third for the second. */
export async function blockInChain({ open, signal }: FaultContext): Promise<void> {
  await sleep(FIRST_CHAIN_AFTER_MS, undefined, { signal })
  const clients: pg.Client[] = []
  const use = 'update subscription set messages_used = messages_used + 1 where id = $1'
  const begin = async (applicationName: string): Promise<pg.Client> => {
    const client = await open(applicationName)
    clients.push(client)
    await client.query('begin')
    return client
  }
  try {
    const billing = await begin('messaging-billing')
    const second = await begin('messaging-api')
    const third = await begin('messaging-api')
    await billing.query(use, [1])
    await second.query(use, [2])
    const secondDone = second.query(use, [1]).then(() => second.query('commit'))
    const thirdDone = third.query(use, [2]).then(() => third.query('commit'))
    // awaited below; a refusal while we sleep is no unhandled one
    for (const done of [secondDone, thirdDone]) done.catch(() => {})
    await sleep(BLOCKED_MS, undefined, { signal })
    await billing.query('commit')
    await Promise.all([secondDone, thirdDone])
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()))
  }
  await sleep(BETWEEN_CHAINS_MS - FIRST_CHAIN_AFTER_MS, undefined, { signal })
}
