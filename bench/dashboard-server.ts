// The real server over thirty days of a big target, in a process of its own; for the dashboard's benchmark, and to look at by hand.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { openStore } from '../packages/pgsteward/src/store/open-store.ts'
import { filledUntil, fillThirtyDays, TABLE_COUNT } from './dashboard-data.ts'
import { startWatch, type WatchedFleet } from './fleet-process.ts'

export interface Filled {
  readonly address: string
  readonly storeUrl: string
  readonly stop: () => Promise<void>
}

export async function startFilled(progress: (text: string) => void): Promise<Filled> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-dashboard-'))
  const server = await startLocalServer({
    dir: join(dir, 'server'),
    durable: false,
    settings: { shared_preload_libraries: 'pg_stat_statements' },
  })
  let watch: WatchedFleet | undefined
  const stop = async () => {
    await watch?.stop()
    await server.stop('immediate')
    for (const each of [dir, server.dir]) rmSync(each, { recursive: true, force: true })
  }
  try {
    progress('the target')
    await makeTarget(server.url())
    const storeUrl = server.url('history')
    const store = await openStore({ url: storeUrl })
    await fillThirtyDays(store, filledUntil(new Date()), progress)
    await store.close()
    watch = await startWatch({
      dir: join(dir, 'watch'),
      targets: { big: server.url('shop') },
      storeUrl,
      config: { probes: [{ name: 'shop', target: 'big', url: 'https://shop.example.com/health' }] },
    })
    progress('the first readings')
    await untilRead(watch.address)
    return { address: watch.address, storeUrl, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Tables that the checks have something to say about, and indexes that nobody uses. */
async function makeTarget(url: string): Promise<void> {
  const admin = new pg.Client(url)
  await admin.connect()
  for (const name of ['history', 'shop']) await admin.query(`create database ${name}`)
  await admin.end()
  const shop = new pg.Client(Object.assign(new URL(url), { pathname: '/shop' }).href)
  await shop.connect()
  await shop.query('create extension pg_stat_statements')
  for (let index = 0; index < TABLE_COUNT; index++) {
    const key = index % 3 === 0 ? 'bigint' : 'bigint primary key'
    await shop.query(
      `create table table_${index} (id ${key}, place text not null, weight int not null, made_at timestamptz not null default now());
       insert into table_${index} select i, 'shelf ' || i, i % 10 from generate_series(1, 200) i;
       create index on table_${index} (place); create index on table_${index} (place, weight); create index on table_${index} (made_at)`,
    )
  }
  await shop.query('analyze')
  await shop.end()
}

async function untilRead(address: string): Promise<void> {
  const until = performance.now() + 180_000
  for (;;) {
    const tables = (await (await fetch(`${address}/api/v1/targets/big/tables`)).json()) as readonly unknown[]
    if (Array.isArray(tables) && tables.length >= TABLE_COUNT) break
    if (performance.now() > until) throw new Error('the target was not read within three minutes')
    await sleep(500)
  }
  // checks that read twice, and what follows from the first reading
  await sleep(75_000)
}
