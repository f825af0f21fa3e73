// Which tables partition advise is about: the one that was named, or the largest of those with enough rows.

import { StewardError } from '../../model/error.ts'
import { nearestName } from '../../model/nearest-name.ts'
import type { StatisticsFile, TableStatistics } from '../../twin/statistics/statistics-file.ts'

/** Each takes a twin of its own, some seconds. */
const MOST_TABLES = 3

/** Empty: none has so many rows. Throws 'usage' for a name that is no table that could be divided. */
export function chosenTables(
  { tables }: StatisticsFile,
  wanted: string | null,
  leastRows: number,
): readonly TableStatistics[] {
  if (wanted !== null) return [namedTable(tables, wanted)]
  return undivided(tables)
    .filter(({ rows }) => rows >= leastRows)
    .slice(0, MOST_TABLES)
}

/** The one with the most rows first. */
export function undivided(tables: readonly TableStatistics[]): readonly TableStatistics[] {
  return tables
    .filter(({ kind, isPartition }) => kind === 'table' && !isPartition)
    .toSorted((a, b) => b.rows - a.rows)
}

function namedTable(tables: readonly TableStatistics[], wanted: string): TableStatistics {
  const bare = wanted.replaceAll('"', '')
  const found = tables.find((table) =>
    bare.includes('.')
      ? `${table.schema}.${table.name}` === bare
      : table.schema === 'public' && table.name === bare,
  )
  if (found === undefined) {
    const near = nearestName(
      bare.includes('.') ? bare : `public.${bare}`,
      tables.map(({ schema, name }) => `${schema}.${name}`),
    )
    throw new StewardError('usage', `there is no table ${wanted}`, {
      hint: near === null ? 'Write it as schema.table.' : `Did you mean ${near}?`,
    })
  }
  const name = `${found.schema}.${found.name}`
  if (found.kind === 'materialized-view')
    throw new StewardError('usage', `${name} is a materialized view, which can't be partitioned`, {
      hint: 'Partition the table that it is made from.',
    })
  if (found.kind === 'partitioned' || found.isPartition)
    throw new StewardError('usage', `${name} is partitioned already`, {
      hint: 'Advice is for tables that are in one piece.',
    })
  return found
}
