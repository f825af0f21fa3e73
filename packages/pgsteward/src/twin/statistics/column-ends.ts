// The least and greatest value of columns that lead a B-tree. PostgreSQL's planner looks them up in the index where a condition falls
// into the first or last bucket of a histogram ("created in the last hour"), so without them a twin misjudges the newest rows.

import type { Session } from '../../postgres/connect.ts'
import { literal, qualified } from '../../sql/quote.ts'
import type { ColumnStatistics, IndexStatistics, TableStatistics } from './statistics-file.ts'

/** For a table's columns together; two index probes a column, as planning does. */
const TIMEOUT_MS = 2_000
/** In all; what is left over keeps the histogram's ends. */
const BUDGET_MS = 15_000

/**
 * Probes count as scans of an index, and a scan would make an unused index look used: a superuser turns counting off for the session,
 * another role looks only where all of the column's indexes are scanned anyway.
 */
export async function readColumnEnds(
  session: Session,
  tables: Iterable<TableStatistics>,
  isScanned: (index: IndexStatistics) => boolean,
): Promise<void> {
  const { isSuperuser } = session.server
  const settings = [
    'enable_seqscan',
    'enable_sort',
    'enable_bitmapscan',
    ...(isSuperuser ? ['track_counts'] : []),
  ]
  try {
    for (const name of settings)
      await session.query('twin', `select pg_catalog.set_config('${name}', 'off', false)`)
    const before = await session.query(
      'twin',
      `select pg_catalog.current_setting('statement_timeout') as value`,
    )
    await session.query('twin', `set statement_timeout = ${TIMEOUT_MS}`)
    const startedAt = performance.now()
    for (const table of tables) {
      if (performance.now() - startedAt > BUDGET_MS) break
      const ends = endsOf(table, (index) => isSuperuser || isScanned(index))
      if (ends.length > 0) await readEnds(session, table, ends).catch(() => undefined)
    }
    await session.query('twin', `set statement_timeout = ${literal(String(before.rows[0]!.value))}`)
  } finally {
    for (const name of settings) await session.query('twin', `reset ${name}`).catch(() => undefined)
  }
}

interface End {
  readonly sql: string
  readonly statistics: ColumnStatistics
}

function endsOf(table: TableStatistics, mayProbe: (index: IndexStatistics) => boolean): End[] {
  if (table.kind === 'partitioned' || table.rows <= 0) return []
  const usable = table.indexes.filter(
    (index) => index.method === 'btree' && index.isValid && !index.isPartial && index.keys[0] !== undefined,
  )
  const byKey = Map.groupBy(usable, (index) => index.keys[0]!.sql)
  return [...byKey].flatMap(([sql, indexes]) => {
    if (!indexes.every(mayProbe) || indexes.every((index) => index.keys[0]!.operatorClass !== null)) return []
    const { column } = indexes[0]!.keys[0]!
    const number = table.columns.find((each) => each.name === column)?.number
    const statistics =
      column === null
        ? indexes
            .map((index) => index.statistics.find((each) => each.number === 1))
            .find((each) => each !== undefined)
        : table.statistics.find((each) => each.number === number && !each.inherited)
    return statistics?.histogram == null ? [] : [{ sql, statistics }]
  })
}

async function readEnds(session: Session, table: TableStatistics, ends: readonly End[]): Promise<void> {
  const from = `from only ${qualified(table.schema, table.name)} t`
  // named, so that order by means the column and not its text
  const one = ({ sql }: End, place: number) =>
    `(select (${sql})::text as pgsteward_end ${from} where (${sql}) is not null order by ${sql} limit 1) as low${place}, ` +
    `(select (${sql})::text as pgsteward_end ${from} where (${sql}) is not null order by ${sql} desc limit 1) as high${place}`
  const { rows } = await session.query('twin', `select ${ends.map(one).join(', ')}`)
  for (const [place, { statistics }] of ends.entries()) {
    const [low, high] = [rows[0]![`low${place}`], rows[0]![`high${place}`]]
    if (low !== null && high !== null)
      Object.assign(statistics, { lowest: String(low), highest: String(high) })
  }
}
