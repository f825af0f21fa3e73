// Reads column statistics and extended statistics, and hangs them on the tables and indexes that were read before.

import type { RawRow } from '../../model/fact.ts'
import type { Session } from '../../postgres/connect.ts'
import { findStatisticsSource } from '../../postgres/statistics-source.ts'
import type { StatisticsSource } from '../../sql/statistics-access.ts'
import type { SchemaReading } from './read-schema.ts'
import type { ColumnStatistics, ExtendedStatistics } from './statistics-file.ts'
import {
  columnStatisticsSql,
  EXTENDED_SQL,
  extendedDataSql,
  extendedExpressionsSql,
  RANGE_STATISTICS_SQL,
} from './statistics-sql.ts'

/** Three to five queries; their answer is some kilobytes a column. */
export async function readStatistics(session: Session, schema: SchemaReading): Promise<ExtendedStatistics[]> {
  const { versionNum, isSuperuser } = session.server
  const ask = async (sql: string) => (await session.query('twin', sql)).rows
  const source = await findStatisticsSource((label, sql) => session.query(label, sql))
  const byKey = new Map<string, ColumnStatistics>()
  for (const row of await ask(columnStatisticsSql(versionNum, source))) {
    const oid = Number(row.relation_oid)
    const statistics = columnStatisticsOf(row)
    byKey.set(`${oid} ${statistics.number} ${statistics.inherited}`, statistics)
    const owner = schema.tables.get(oid) ?? schema.indexes.get(oid)
    owner?.statistics.push(statistics)
  }
  if (versionNum < 170_000 && isSuperuser) {
    for (const row of await ask(RANGE_STATISTICS_SQL)) {
      const statistics = byKey.get(`${row.relation_oid} ${row.number} ${row.inherited}`)
      if (statistics === undefined) continue
      Object.assign(statistics, {
        rangeLengthHistogram: texts(row.range_lengths),
        rangeEmptyFraction: row.range_empty === null ? null : Number(row.range_empty),
        rangeBoundsHistogram: texts(row.range_bounds),
      })
    }
  }
  return readExtended(ask, versionNum, source)
}

async function readExtended(
  ask: (sql: string) => Promise<readonly RawRow[]>,
  versionNum: number,
  source: StatisticsSource,
): Promise<ExtendedStatistics[]> {
  const objects = await ask(EXTENDED_SQL)
  if (objects.length === 0) return []
  const data = await ask(extendedDataSql(source))
  const expressions = await ask(extendedExpressionsSql(versionNum, source))
  const isOf = (object: RawRow) => (row: RawRow) => row.schema === object.schema && row.name === object.name
  return objects.map((object) => ({
    schema: String(object.schema),
    name: String(object.name),
    table: { schema: String(object.table_schema), name: String(object.table_name) },
    sql: String(object.definition),
    data: data.filter(isOf(object)).map((row) => ({
      inherited: Boolean(row.inherited),
      distinct: distinctOf(row.distinct_text),
      dependencies: dependenciesOf(row.dependencies_text),
      mostCommon: mostCommonOf(row, (object.column_types as string[] | null) ?? []),
      expressions: expressions
        .filter(isOf(object))
        .filter((expression) => Boolean(expression.inherited) === Boolean(row.inherited))
        .map((expression, place) => ({
          ...columnStatisticsOf({ ...expression, number: place + 1 }),
          expression: String(expression.expr),
        })),
    })),
  }))
}

function columnStatisticsOf(row: RawRow): ColumnStatistics {
  return {
    number: Number(row.number),
    inherited: Boolean(row.inherited),
    nullFraction: Number(row.null_frac ?? 0),
    averageWidth: Number(row.avg_width ?? 0),
    distinct: Number(row.n_distinct ?? 0),
    mostCommonValues: texts(row.most_common_vals),
    mostCommonFrequencies: numbers(row.most_common_freqs),
    histogram: texts(row.histogram_bounds),
    lowest: null,
    highest: null,
    correlation: row.correlation === null ? null : Number(row.correlation),
    mostCommonElements: texts(row.most_common_elems),
    mostCommonElementFrequencies: numbers(row.most_common_elem_freqs),
    elementCountHistogram: numbers(row.elem_count_histogram),
    rangeLengthHistogram: texts(row.range_lengths),
    rangeEmptyFraction: row.range_empty === null ? null : Number(row.range_empty),
    rangeBoundsHistogram: texts(row.range_bounds),
  }
}

function texts(value: unknown): string[] | null {
  return value === null ? null : (value as unknown[]).map(String)
}

function numbers(value: unknown): number[] | null {
  return value === null ? null : (value as unknown[]).map(Number)
}

/** `{"2, 3": 74}`, negative numbers being expressions; since 19 a JSON array of objects. */
export function distinctOf(text: unknown): { attributes: number[]; count: number }[] | null {
  if (text === null) return null
  const parsed: unknown = JSON.parse(String(text))
  if (Array.isArray(parsed))
    return parsed.map((item) => ({ attributes: item.attributes as number[], count: Number(item.ndistinct) }))
  return Object.entries(parsed as Record<string, number>).map(([key, count]) => ({
    attributes: key.split(',').map(Number),
    count,
  }))
}

/** `{"2, 3 => 4": 0.5}`; since 19 a JSON array of objects. */
export function dependenciesOf(text: unknown): { from: number[]; to: number; degree: number }[] | null {
  if (text === null) return null
  const parsed: unknown = JSON.parse(String(text))
  if (Array.isArray(parsed))
    return parsed.map((item) => ({
      from: item.attributes as number[],
      to: Number(item.dependency),
      degree: Number(item.degree),
    }))
  return Object.entries(parsed as Record<string, number>).map(([key, degree]) => {
    const [from, to] = key.split('=>')
    return { from: from!.split(',').map(Number), to: Number(to), degree }
  })
}

function mostCommonOf(row: RawRow, columnTypes: readonly string[]) {
  if (row.mcv_values === null) return null
  const values = row.mcv_values as (string | null)[][]
  const nulls = row.mcv_nulls as boolean[][] | null
  return {
    types: [...columnTypes],
    values: values.map((item, place) =>
      item.map((value, dimension) => (nulls?.[place]?.[dimension] ? null : value)),
    ),
    frequencies: (row.mcv_freqs as number[]).map(Number),
    baseFrequencies: (row.mcv_base_freqs as number[]).map(Number),
  }
}
