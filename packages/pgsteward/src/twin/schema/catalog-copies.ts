// SQL that inserts many rows into a catalog, each a copy of a row that PostgreSQL made itself with some fields of its own. What columns a
// catalog has is read from the server, so that this holds for every major version.

import { literal } from '../../sql/quote.ts'
import { rowsOf, type TwinHost } from '../hosts/host.ts'

/** SQL type of each field, and the values. */
export interface GivenRows {
  readonly fields: Readonly<Record<string, string>>
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

export interface CatalogCopier {
  /**
   * `from` joins the given rows `v` to the rows `p` of the same catalog that are copied; `own` are the fields that differ, as SQL.
   * Null where nothing is given.
   */
  readonly insert: (
    catalog: string,
    given: GivenRows,
    from: string,
    own: Readonly<Record<string, string>>,
  ) => Insertion | null
}

export interface Insertion {
  /** The rows are its $1. */
  readonly sql: string
  readonly rows: string
}

export async function catalogCopier(host: TwinHost, catalogs: readonly string[]): Promise<CatalogCopier> {
  const rows = await rowsOf(
    host,
    `select c.relname, a.attname from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace and a.attnum > 0 and not a.attisdropped
        and c.relname in (${catalogs.map(literal).join(', ')})
      order by c.relname, a.attnum`,
  )
  const columns = Map.groupBy(rows, ([catalog]) => catalog!)
  return {
    insert: (catalog, { fields, rows: given }, from, own) => {
      if (given.length === 0) return null
      const types = Object.entries(fields).map(([name, type]) => `${name} ${type}`)
      const names = columns.get(catalog)!.map(([, name]) => name!)
      const values = names.map((name) => own[name] ?? `p.${name}`)
      return {
        sql:
          `insert into pg_catalog.${catalog} (${names.join(', ')}) select ${values.join(', ')} ` +
          `from pg_catalog.json_to_recordset($1::json) as v(${types.join(', ')}) ${from}`,
        rows: JSON.stringify(given),
      }
    },
  }
}

/** In one transaction; false: the host refused one, and nothing was inserted. */
export async function insertAll(host: TwinHost, insertions: readonly Insertion[]): Promise<boolean> {
  await host.ask('begin')
  for (const { sql, rows } of insertions) {
    const { error } = await host.ask(sql, [rows])
    if (error === null) continue
    await host.ask('rollback')
    return false
  }
  return (await host.ask('commit')).error === null
}
