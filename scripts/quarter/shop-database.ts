// The shop's real database, small: what is approved is really run on it, and an index counts as built when it is there and valid.

import pg from 'pg'
import { startLocalServer } from '../../packages/pgsteward/src/postgres/local-server.ts'
import { OPTIMIZATIONS } from './calendar.ts'

const ROWS = 20_000

export interface ShopDatabase {
  readonly url: string
  /** For pgsteward's own history. */
  readonly storeUrl: string
  /** Of the tables of the optimizations. */
  readonly builtIndexes: () => Promise<readonly string[]>
  readonly stop: () => Promise<void>
}

export async function startShopDatabase(dir: string): Promise<ShopDatabase> {
  const server = await startLocalServer({ dir })
  const admin = new pg.Client(server.url())
  await admin.connect()
  await admin.query('create database parish')
  await admin.query('create database pgsteward')
  await admin.end()
  const shop = new pg.Client(server.url('parish'))
  await shop.connect()
  for (const { table, column } of OPTIMIZATIONS) {
    await shop.query(`create table ${table} (id bigint primary key, ${column} bigint not null)`)
    await shop.query(`insert into ${table} select i, i % 5000 from generate_series(1, ${ROWS}) i`)
  }
  return {
    url: server.url('parish'),
    storeUrl: server.url('pgsteward'),
    builtIndexes: async () => {
      const { rows } = await shop.query<{ table: string }>(
        `select x.indrelid::regclass::text as table from pg_index x where x.indisvalid and not x.indisprimary
            and x.indrelid::regclass::text = any ($1)`,
        [OPTIMIZATIONS.map(({ table }) => table)],
      )
      return rows.map(({ table }) => table)
    },
    stop: async () => {
      await shop.end()
      await server.stop()
    },
  }
}
