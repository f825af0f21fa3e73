// A what-if planner that builds each index for real, on a database with all its rows: slow, and the truth. Advice that a twin gives
// is compared with what this one says.

import pg from 'pg'
import type {
  IndexSketch,
  NotPlanned,
  Planned,
  SketchedIndex,
  WhatIfPlanner,
} from '../../src/model/what-if.ts'
import { ident, qualified } from '../../src/sql/quote.ts'
import { explainOneByOne, inTurn } from '../../src/twin/one-by-one.ts'

/** `url` names a database of its own, as superuser: its indexes are switched by pg_index.indisvalid. */
export async function openFullCopyPlanner(url: string, settings = ''): Promise<WhatIfPlanner> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  if (settings !== '') await client.query(settings)
  const { rows } = await client.query('show server_version_num')
  let shown = new Set<string>()
  let hidden = new Set<string>()
  let count = 0
  const attempt = async <T>(work: () => Promise<T>): Promise<T | NotPlanned> => {
    try {
      return await work()
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      return { error: { sqlState: code ?? null, message } }
    }
  }
  const setValid = async (names: Iterable<string>, isValid: boolean) => {
    const list = [...names]
    if (list.length > 0)
      await client.query('update pg_index set indisvalid = $2 where indexrelid = any ($1::regclass[])', [
        list,
        isValid,
      ])
  }
  const planner: WhatIfPlanner = {
    kind: 'native',
    versionNum: Number(rows[0].server_version_num),
    explainAll: (asked) => explainOneByOne(planner, asked, shown, hidden),
    sketchAll: (indexes) => inTurn(indexes, planner.sketch),
    explain: (sql, parameters = { kind: 'none' }) =>
      attempt<Planned>(async () => {
        const generic = parameters.kind === 'generic' ? 'generic_plan, ' : ''
        const result = await client.query(`explain (${generic}format json) ${sql}`)
        return { plan: result.rows[0]['QUERY PLAN'][0].Plan }
      }),
    sketch: (index) =>
      attempt<SketchedIndex>(async () => {
        const indexName = `sketch_${count++}`
        await client.query(sketchSql(index, indexName))
        const handle = qualified(index.schema, indexName)
        await setValid([handle], false)
        const size = await client.query('select pg_relation_size($1::regclass)::float8 as bytes', [handle])
        return { handle, indexNames: [indexName], sizeBytes: size.rows[0].bytes, treeHeight: null }
      }),
    show: async (handles, hideExisting = new Set()) => {
      await setValid(
        [...shown].filter((each) => !handles.has(each)),
        false,
      )
      await setValid(
        [...handles].filter((each) => !shown.has(each)),
        true,
      )
      await setValid(
        [...hidden].filter((each) => !hideExisting.has(each)),
        true,
      )
      await setValid(
        [...hideExisting].filter((each) => !hidden.has(each)),
        false,
      )
      shown = new Set(handles)
      hidden = new Set(hideExisting)
    },
    close: () => client.end(),
  }
  return planner
}

function sketchSql({ schema, table, method, keys, include, where }: IndexSketch, name: string): string {
  return `create index ${ident(name)} on ${qualified(schema, table)} using ${method} (${keys.join(', ')})${
    include.length === 0 ? '' : ` include (${include.join(', ')})`
  }${where === null ? '' : ` where ${where}`}`
}
