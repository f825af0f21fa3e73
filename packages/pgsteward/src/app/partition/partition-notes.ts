// What partition advise says where there is nothing to advise on, or too little is known.

import type { LeftOut } from '../../advise/workload.ts'
import { StewardError } from '../../model/error.ts'
import { HIDDEN } from '../../twin/statistics/read-target.ts'
import type { StatisticsFile, TableStatistics } from '../../twin/statistics/statistics-file.ts'
import { undivided } from './chosen-tables.ts'

export function nothingLargeNote({ tables }: StatisticsFile, leastRows: number): string {
  const [largest] = undivided(tables)
  const count = (value: number) => Math.max(0, Math.round(value)).toLocaleString('en-US')
  const beside =
    largest === undefined
      ? 'there is none'
      : `the largest, ${largest.schema}.${largest.name}, has ${count(largest.rows)}`
  return `No table in one piece has ${count(leastRows)} rows (${beside}). Name one to have it looked at all the same, or give --rows.`
}

export function hiddenNotes(
  { leftOut }: StatisticsFile,
  tables: readonly TableStatistics[],
): readonly string[] {
  const hidden = leftOut.filter(({ because }) => because === HIDDEN).map(({ name }) => name)
  return tables
    .filter(({ statistics }) => statistics.length === 0)
    .map(({ schema, name }) =>
      hidden.some((each) => each.replaceAll('"', '').endsWith(`${schema}.${name}`))
        ? `The role may not read the statistics of ${schema}.${name}, without which no key can be weighed: pgsteward doctor shows what to grant.`
        : `${schema}.${name} has no statistics, without which no key can be weighed: analyze it.`,
    )
}

export function noWorkload(workloadFile: string | null, leftOut: readonly LeftOut[]): StewardError {
  const [first] = leftOut
  return new StewardError(
    'workload-invalid',
    `${workloadFile ?? 'pg_stat_statements of this database'} holds no statement to advise by`,
    first === undefined
      ? {
          hint: 'A JSON file [{ "id", "sql" or "template", "callsPerMinute" }], or a file of SQL statements.',
        }
      : { detail: `${leftOut.length} were left out; the first, ${first.id}: ${first.because}` },
  )
}
