// HypoPG as it is, for comparison with published figures that were measured by it: its own sizes, without deduplication, and its own
// costs, without the descent. The product's own HypoPG planner mends both.

import type pg from 'pg'
import type {
  Asked,
  IndexSketch,
  NotPlanned,
  Planned,
  SketchedIndex,
  WhatIfPlanner,
} from '../packages/pgsteward/src/model/what-if.ts'
import { qualified } from '../packages/pgsteward/src/sql/quote.ts'

interface Sketched {
  readonly sql: string
  oid: string | null
}

/** `client` belongs to the planner. Statements have literals; values and generic plans are not asked for. */
export async function rawHypopg(client: pg.Client): Promise<WhatIfPlanner & { asked: () => number }> {
  const versionNum = Number((await client.query('show server_version_num')).rows[0].server_version_num)
  const sketched = new Map<string, Sketched>()
  /** By the oid within the name of a hypothetical index. */
  const handles = new Map<string, string>()
  let shown: ReadonlySet<string> = new Set()
  let asked = 0
  const attempt = async <T>(work: () => Promise<T>): Promise<T | NotPlanned> => {
    try {
      return await work()
    } catch (error) {
      return { error: { sqlState: null, message: (error as Error).message } }
    }
  }
  const set = async (wanted: ReadonlySet<string>) => {
    for (const [handle, each] of sketched) {
      if (wanted.has(handle) === (each.oid !== null)) continue
      if (each.oid !== null) {
        await client.query('select hypopg_drop_index($1::oid)', [each.oid])
        handles.delete(each.oid)
        each.oid = null
      } else {
        const { rows } = await client.query('select indexrelid::text as oid from hypopg_create_index($1)', [
          each.sql,
        ])
        each.oid = rows[0].oid as string
        handles.set(each.oid, handle)
      }
    }
  }
  const plan = (sql: string) =>
    attempt<Planned>(async () => {
      asked += 1
      const { rows } = await client.query(`explain (format json) ${sql}`)
      const text = JSON.stringify(rows[0]['QUERY PLAN'][0].Plan)
      const named = text.replaceAll(
        /"Index Name":"<(\d+)>[^"]*"/g,
        (all, oid: string) => `"Index Name":${JSON.stringify(handles.get(oid) ?? all)}`,
      )
      return { plan: JSON.parse(named) }
    })
  const sketch = (index: IndexSketch) =>
    attempt<SketchedIndex>(async () => {
      const { schema, table, method, keys, include, where } = index
      const covering = include.length === 0 ? '' : ` include (${include.join(', ')})`
      const sql = `create index on ${qualified(schema, table)} using ${method} (${keys.join(', ')})${covering}${
        where === null ? '' : ` where ${where}`
      }`
      const { rows } = await client.query(
        'select h.indexrelid::text as oid, hypopg_relation_size(h.indexrelid)::float8 as bytes from hypopg_create_index($1) h',
        [sql],
      )
      await client.query('select hypopg_drop_index($1::oid)', [rows[0].oid])
      const handle = `h${sketched.size}`
      sketched.set(handle, { sql, oid: null })
      return { handle, indexNames: [handle], sizeBytes: rows[0].bytes, treeHeight: null }
    })
  return {
    kind: 'hypopg',
    versionNum,
    hidesExisting: false,
    asked: () => asked,
    explain: plan,
    async explainAll(all: readonly Asked[]) {
      const answers: (Planned | NotPlanned)[] = []
      for (const { sql, seeing } of all) {
        await set(seeing ?? shown)
        answers.push(await plan(sql))
      }
      await set(shown)
      return answers
    },
    sketch,
    async sketchAll(all) {
      const made: (SketchedIndex | NotPlanned)[] = []
      for (const each of all) made.push(await sketch(each))
      return made
    },
    async show(wanted) {
      shown = wanted
      await set(wanted)
    },
    close: () => client.end(),
  }
}
