// The load under bench/activity.ts, in a thread of its own: idle connections, sessions that sleep, work, or sit in a transaction.

import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import pg from 'pg'

const { url, connections, sleeping, working, idle } = workerData as {
  readonly url: string
  readonly connections: number
  readonly sleeping: number
  readonly working: number
  readonly idle: number
}

const clients: pg.Client[] = []
for (let each = 0; each < connections; each++) {
  const client = new pg.Client({ connectionString: url, application_name: `web-${each % 4}` })
  client.on('error', () => undefined)
  await client.connect()
  clients.push(client)
}
await clients[0]!.query('create extension pg_stat_statements')
await clients[0]!.query('create table account (id int primary key, balance int)')
await clients[0]!.query('insert into account select i, 0 from generate_series(1, 20) i')
for (const [place, client] of clients.entries()) {
  // the text that an idle session keeps is as long as an ORM's
  await client.query(`select 1 /* ${'x'.repeat(600)} */`)
  if (place < sleeping) void client.query('select pg_sleep(3600)').catch(() => undefined)
  else if (place < sleeping + working) void work(client)
  else if (place < sleeping + working + idle) await client.query('begin; select 1')
}
parentPort?.postMessage('ready')

/** As pgbench does it, with a moment between, so that the load leaves the machine to what is measured. */
async function work(client: pg.Client): Promise<void> {
  for (let turn = 0; ; turn++) {
    const id = 1 + ((turn * 7) % 20)
    await client
      .query(
        `begin; update account set balance = balance + 1 where id = ${id}; select pg_sleep(0.02); commit`,
      )
      .catch(() => undefined)
    await sleep(50)
  }
}
