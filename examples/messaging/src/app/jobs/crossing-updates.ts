// The fault `deadlock`: the month's closing and the count of messages change the same two subscriptions, each in its own order.
// PostgreSQL ends one of them after deadlock_timeout.

import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Job } from './job.ts'

const FIRST_RUN_AFTER_MS = 2_000
const BETWEEN_RUNS_MS = 5_000
const CLOSE_MONTH = 'update subscription set messages_used = 0 where id = $1'
const COUNT_MESSAGES = 'update subscription set messages_used = messages_used + $2 where id = $1'

export const crossingUpdates: Job = async ({ open, signal }) => {
  await sleep(FIRST_RUN_AFTER_MS, undefined, { signal })
  const clients: pg.Client[] = []
  const begin = async (applicationName: string): Promise<pg.Client> => {
    const client = await open(applicationName)
    clients.push(client)
    await client.query('begin')
    return client
  }
  try {
    const closing = await begin('messaging-billing')
    const counting = await begin('messaging-usage')
    // not those of the fault blocking-chain
    const { rows } = await closing.query<{ id: number }>(
      'select id from subscription order by id desc limit 2',
    )
    const [first, other] = rows.map((row) => row.id)
    await closing.query(CLOSE_MONTH, [first])
    await counting.query(COUNT_MESSAGES, [other, 1])
    const endings = [
      closing.query(CLOSE_MONTH, [other]).then(() => closing.query('commit')),
      counting.query(COUNT_MESSAGES, [first, 1]).then(() => counting.query('commit')),
    ]
    // one of them fails, by intention: nobody retries
    await Promise.allSettled(endings)
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()))
  }
  await sleep(BETWEEN_RUNS_MS, undefined, { signal })
}
