// A table of a statistics file and the prepared workload, as advise/partition wants them.

import type { PartitionGround } from '../../advise/partition/partition-ground.ts'
import type { PreparedStatement } from '../../advise/prepare-statement.ts'
import { isIntegerType, isTimeType } from '../../sql/key-value.ts'
import { columnAges } from '../../sql/parse/column-ages.ts'
import { conflictTargets } from '../../sql/parse/conflict-targets.ts'
import type { Parser } from '../../sql/parse/parse-statements.ts'
import { type KeyColumn, weighKeys } from '../../sql/partition/weigh-keys.ts'
import { keyValues } from '../../twin/partition/slice-statistics.ts'
import type { TableStatistics } from '../../twin/statistics/statistics-file.ts'

export interface WeighedTime {
  readonly prepared: PreparedStatement
  /** A minute, in whatever unit: only shares are told. */
  readonly time: number
}

export function partitionGroundOf(
  table: TableStatistics,
  readers: readonly WeighedTime[],
  all: readonly PreparedStatement[],
  parse: Parser,
): PartitionGround {
  const { schema, name } = table
  const total = readers.reduce((sum, { time }) => sum + time, 0)
  const nodesOf = (sql: string) => {
    const parsed = parse(sql)
    return 'problem' in parsed ? [] : parsed.statements.slice(0, 1)
  }
  return {
    table: { schema, name },
    rows: Math.max(0, table.rows),
    columns: keyColumnsOf(table),
    statements: readers.map(({ prepared, time }) => ({
      id: prepared.id,
      blocks: prepared.sources[0]?.blocks ?? [],
      writes: prepared.writes,
      shareOfTime: total === 0 ? 0 : time / total,
      ages: textsOf(prepared).flatMap(nodesOf).flatMap(columnAges),
    })),
    conflicts: all
      .filter(({ writes }) =>
        writes.some((write) => write.table.schema === schema && write.table.name === name),
      )
      .flatMap(({ id, sql }) =>
        nodesOf(sql)
          .flatMap(conflictTargets)
          .filter((target) => target.table === name && (target.schema ?? schema) === schema)
          .map((target) => ({ id, target })),
      ),
  }
}

/** Whether any column could be the key, whatever is asked. */
export function hasKey(table: TableStatistics): boolean {
  const { schema, name } = table
  const keys = weighKeys({ table: { schema, name }, columns: keyColumnsOf(table), statements: [] })
  return keys.some(({ refusedBecause }) => refusedBecause === null)
}

/** Ages that stand in the text or were captured; those that sampling made up tell nothing. */
function textsOf({ sql, valuesFrom, samples }: PreparedStatement): readonly string[] {
  return valuesFrom === 'captured' ? samples.map((sample) => sample.sql) : [sql]
}

function keyColumnsOf(table: TableStatistics): readonly KeyColumn[] {
  return table.columns
    .filter(({ type }) => isTimeType(type) || isIntegerType(type))
    .map(({ name, number, type, isNotNull, isGenerated }) => {
      const own = table.statistics.find((each) => each.number === number && !each.inherited)
      return {
        name,
        type,
        isNotNull,
        isGenerated,
        nullShare: own?.nullFraction ?? 0,
        correlation: own?.correlation ?? null,
        distinct: own?.distinct ?? null,
        buckets: bucketsOf(keyValues(own, type)),
      }
    })
}

/** Of a column of few values (a date) those that are most common make the buckets too, each as wide as its rows. */
function bucketsOf(values: ReturnType<typeof keyValues>): readonly number[] {
  if (values === null) return []
  const { common, buckets, bucketShare } = values
  if (common.length === 0) return buckets
  const points = [
    ...common.map(({ at, frequency }) => ({ at, weight: frequency })),
    ...buckets.map((at) => ({ at, weight: bucketShare / buckets.length })),
  ].toSorted((a, b) => a.at - b.at)
  const total = points.reduce((sum, { weight }) => sum + weight, 0)
  const made = [points[0]!.at]
  let [sum, next] = [0, 1]
  for (const { at, weight } of points) {
    sum += weight
    while (next < BUCKETS && sum >= (total * next) / BUCKETS) {
      made.push(at)
      next += 1
    }
  }
  return [...made, points.at(-1)!.at]
}

const BUCKETS = 100
