// TPC-H as a case: its queries and the planner's settings of published evaluations, and what indexes really bring it. Its texts and
// data lie beside the repository.

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import pg from 'pg'

export const TPCH_CASE = resolve(import.meta.dirname, '../../shared/data/advice-tpch')

/** As the published evaluations plan: no parallel plans, no JIT. */
export const TPCH_SETTINGS = {
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  random_page_cost: '1.1',
  effective_cache_size: '4GB',
  work_mem: '64MB',
}

/** Left out as published evaluations do: they drown the others while there is no index. */
const DROWNING = new Set(['q02', 'q17', 'q20'])

export interface TpchQuery {
  readonly id: string
  readonly sql: string
  readonly callsPerMinute: number
}

export function tpchQueries(): readonly TpchQuery[] {
  const folder = join(TPCH_CASE, 'queries')
  return readdirSync(folder)
    .sort()
    .map((file) => ({
      id: file.slice(0, 3),
      sql: readFileSync(join(folder, file), 'utf8').trim().replace(/;$/, ''),
      callsPerMinute: 1,
    }))
    .filter(({ id }) => !DROWNING.has(id))
}

export interface Built {
  readonly before: number
  readonly after: number
  readonly bytes: number
}

/** Costs of all queries before and after the indexes are built, in a copy of the database that is dropped. */
export async function costBuilt(
  url: string,
  indexes: readonly string[],
  queries: readonly { readonly sql: string }[],
): Promise<Built> {
  const at = (database: string) => Object.assign(new URL(url), { pathname: `/${database}` }).href
  const name = new URL(url).pathname.slice(1)
  const copy = `${name}_built`
  const admin = await connectTo(at('postgres'))
  await admin.query(`drop database if exists ${copy}`)
  await admin.query(`create database ${copy} template ${name}`)
  const client = await connectTo(at(copy))
  try {
    for (const [setting, value] of Object.entries(TPCH_SETTINGS))
      await client.query(`set ${setting} = '${value}'`)
    const total = async () => {
      let sum = 0
      for (const { sql } of queries) {
        const { rows } = await client.query(`explain (format json) ${sql}`)
        sum += rows[0]['QUERY PLAN'][0].Plan['Total Cost']
      }
      return sum
    }
    const before = await total()
    for (const index of indexes) await client.query(index)
    // visibility, for index-only scans; a fresh sample of the statistics would change all costs a little
    await client.query('vacuum')
    const after = await total()
    const { rows } = await client.query(
      `select coalesce(sum(pg_relation_size(i.indexrelid)), 0)::float8 as bytes from pg_index i
         join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace`,
    )
    return { before, after, bytes: rows[0].bytes }
  } finally {
    await client.end()
    await admin.query(`drop database ${copy}`)
    await admin.end()
  }
}

export async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}
