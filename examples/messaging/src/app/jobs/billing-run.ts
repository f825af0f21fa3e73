// The fault `blocking-chain`: a billing run locks a subscription and keeps it locked while it waits for the payment provider. A
// second session waits for it, and a third for the second.

import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Job } from './job.ts'

/** How long the provider takes to answer: long enough for a sample every ten seconds to see it. */
const PROVIDER_MS = 22_000
const BETWEEN_RUNS_MS = 15_000
const FIRST_RUN_AFTER_MS = 3_000
const USE = 'update subscription set messages_used = messages_used + 1 where id = $1'

export const billingRun: Job = async ({ open, signal }) => {
  await sleep(FIRST_RUN_AFTER_MS, undefined, { signal })
  const clients: pg.Client[] = []
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
    const { rows } = await billing.query<{ id: number }>('select id from subscription order by id limit 2')
    const [first, other] = rows.map((row) => row.id)
    await billing.query(USE, [first])
    await second.query(USE, [other])
    const secondDone = second.query(USE, [first]).then(() => second.query('commit'))
    const thirdDone = third.query(USE, [other]).then(() => third.query('commit'))
    // awaited below; a refusal while we sleep is no unhandled one
    for (const done of [secondDone, thirdDone]) done.catch(() => {})
    await sleep(PROVIDER_MS, undefined, { signal })
    await billing.query('commit')
    await Promise.all([secondDone, thirdDone])
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()))
  }
  await sleep(BETWEEN_RUNS_MS, undefined, { signal })
}
