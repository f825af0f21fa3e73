// What a GIN index's metapage holds and the planner's GIN costs come from. Only pageinspect shows it, to superusers; without it the
// planner's own assumption for an index without figures is left in place.

import type { Session } from '../../postgres/connect.ts'
import { qualified } from '../../sql/quote.ts'
import type { IndexStatistics, TableStatistics } from './statistics-file.ts'

export async function readGinPages(session: Session, tables: Iterable<TableStatistics>): Promise<void> {
  const asked: { -readonly [K in keyof IndexStatistics]: IndexStatistics[K] }[] = []
  for (const table of tables)
    if (table.kind !== 'partitioned') asked.push(...table.indexes.filter((index) => index.method === 'gin'))
  if (asked.length === 0 || !session.server.isSuperuser || !session.server.extensions.has('pageinspect'))
    return
  try {
    const [home] = (
      await session.query(
        'twin',
        `select n.nspname as schema from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
          where e.extname = 'pageinspect'`,
      )
    ).rows
    const call = (name: string) => qualified(String(home!.schema), name)
    const { rows } = await session.query(
      'twin',
      `select i.name, m.* from pg_catalog.unnest($1::text[]) i(name),
              lateral ${call('gin_metapage_info')}(${call('get_raw_page')}(i.name, 0)) m`,
      [asked.map((index) => qualified(index.schema, index.name))],
    )
    const byName = new Map(rows.map((row) => [String(row.name), row]))
    for (const index of asked) {
      const row = byName.get(qualified(index.schema, index.name))
      if (row === undefined) continue
      index.gin = {
        totalPages: Number(row.n_total_pages),
        entryPages: Number(row.n_entry_pages),
        dataPages: Number(row.n_data_pages),
        entries: Number(row.n_entries),
        pendingPages: Number(row.n_pending_pages),
      }
    }
  } catch {
    // an index dropped meanwhile, a page that can't be read: the planner's assumption serves
  }
}
