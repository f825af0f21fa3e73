// A table in one piece that is large, or will be within a year: by which column it could be divided, who would gain, what stands in the way.

import { z } from 'zod'
import { type PartitionKeysRow, partitionKeys } from '../../facts/partition-keys.ts'
import { type StatementShape, statementShapes } from '../../facts/statement-shapes.ts'
import { tableRowGrowth } from '../../facts/table-row-growth.ts'
import { type TableRow, tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import { duration, type Milliseconds } from '../../model/units.ts'
import { usesOf } from '../../sql/partition/key-use.ts'
import { type WeighedKey, weighKeys } from '../../sql/partition/weigh-keys.ts'
import { stepOfKey } from './step-of-key.ts'

const DAY_MS: Milliseconds = 86_400_000
const MONTH_DAYS = 30.4375

export const partitionCandidate = defineCheck({
  id: 'partition-candidate',
  area: 'partition',
  title: 'Large table that could be divided into partitions',
  needs: { tables, partitionKeys, tableRowGrowth, statementShapes },
  options: z.object({
    leastRows: z
      .number()
      .default(10_000_000)
      .describe(
        'Below it an index finds rows as fast, and vacuum and index builds take minutes at most. A judgement.',
      ),
    within: duration()
      .prefault('365d')
      .describe('A table that will have so many rows by then: dividing it is quick while it is small.'),
    warnBounded: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('Of the time of its statements, bound by the key: then most of it would gain. A judgement.'),
  }),
  // growth swings about the horizon
  clearMs: DAY_MS,
  run({ tables, partitionKeys, tableRowGrowth, statementShapes }, options) {
    return tables
      .filter(({ kind, isPartition, extension }) => kind === 'table' && !isPartition && extension === null)
      .flatMap((table) => {
        const growth = tableRowGrowth?.get(`${table.schema}.${table.name}`) ?? null
        const days = daysUntil(table, growth, options.leastRows)
        if (days > options.within / DAY_MS) return []
        const row = partitionKeys.find(({ schema, name }) => schema === table.schema && name === table.name)
        const readers = row === undefined ? null : readersOf(row, statementShapes)
        const keys =
          row === undefined ? [] : weighKeys({ table, columns: row.columns, statements: readers ?? [] })
        const key = keys.find(isUsable) ?? null
        const gains = key !== null && (key.deletes.length > 0 || key.boundedShare >= options.warnBounded)
        return [
          {
            subject: {
              kind: 'table' as const,
              database: table.database,
              schema: table.schema,
              name: table.name,
            },
            severity: gains && days === 0 ? ('warning' as const) : ('info' as const),
            summary: summaryOf(table, key, days),
            evidence: [
              { label: 'rows', value: table.rows, unit: 'count' as const },
              { label: 'size', value: table.totalBytes, unit: 'bytes' as const },
              { label: 'reported from', value: options.leastRows, unit: 'count' as const },
              growthEvidence(growth, tableRowGrowth !== null),
              ...(days === 0 ? [] : [{ label: 'reaches it in', value: days * DAY_MS, unit: 'ms' as const }]),
              ...keyEvidence(table, key, readers),
              ...(row === undefined || key === null ? [] : blockerEvidence(row, key)),
              {
                label: 'weigh it',
                value: `pgsteward partition advise URL ${table.schema}.${table.name}`,
                unit: 'text' as const,
              },
              {
                label: 'then plan it',
                value: `pgsteward partition plan URL ${table.schema}.${table.name}`,
                unit: 'text' as const,
              },
            ],
            // no remedy: copying a table while it is written to takes steps over hours, each with a way back
          },
        ]
      })
  },
})

/** 0: it has them. Infinity: it never will, or its growth is not known. */
function daysUntil({ rows }: TableRow, perDay: number | null, leastRows: number): number {
  if (rows >= leastRows) return 0
  return perDay !== null && perDay > 0 ? (leastRows - rows) / perDay : Number.POSITIVE_INFINITY
}

/** One whose values the role may not see is proposed all the same, by type and statements. */
function isUsable({ refusedBecause, column }: WeighedKey): boolean {
  return (
    refusedBecause === null || (column.buckets.length < 2 && column.nullShare === 0 && !column.isGenerated)
  )
}

interface Reader extends StatementShape {
  readonly shareOfTime: number
}

/** Null: no statement that reads the table is known. */
function readersOf(
  row: PartitionKeysRow,
  shapes: readonly StatementShape[] | null,
): readonly Reader[] | null {
  const own = (shapes ?? []).filter(
    (shape) => shape.database === row.database && usesOf(shape, row).length > 0,
  )
  const total = own.reduce((sum, { execMs }) => sum + execMs, 0)
  return total === 0 ? null : own.map((shape) => ({ ...shape, shareOfTime: shape.execMs / total }))
}

function summaryOf({ name }: TableRow, key: WeighedKey | null, days: number): string {
  const by = key === null ? '' : ` by ${key.column.name}`
  if (days > 0)
    return `Table ${name} will be large within a year: it could be partitioned${by} while it is small`
  if (key !== null && key.deletes.length > 0)
    return `Table ${name} is deleted from by age: partitions${by} could be dropped instead`
  return `Table ${name} is large and in one piece: it could be partitioned${by}`
}

function growthEvidence(perDay: number | null, hasHistory: boolean): Evidence {
  if (perDay !== null) return { label: 'rows gained a month', value: perDay * MONTH_DAYS, unit: 'count' }
  const why = hasHistory
    ? 'not known yet: it takes a week'
    : 'not known: judged by rows alone, without history'
  return { label: 'rows gained a month', value: why, unit: 'text' }
}

function keyEvidence(
  { rows }: TableRow,
  key: WeighedKey | null,
  readers: readonly Reader[] | null,
): readonly Evidence[] {
  if (key === null)
    return [{ label: 'key', value: 'none found: no time, no growing number that can be one', unit: 'text' }]
  const { column, boundedShare, elsewhereShare, deletes } = key
  return [
    { label: 'key', value: `${column.name} (${column.type})`, unit: 'text' },
    { label: 'step', value: stepOfKey(rows, key, readers ?? []), unit: 'text' },
    ...(readers === null
      ? [
          {
            label: 'statements',
            value: 'none known that read it: key chosen by type and order',
            unit: 'text' as const,
          },
        ]
      : [
          {
            label: 'share of its statement time bound by the key',
            value: boundedShare,
            unit: 'ratio' as const,
          },
          {
            label: 'share that looks rows up by something else',
            value: elsewhereShare,
            unit: 'ratio' as const,
          },
        ]),
    ...(deletes.length === 0
      ? []
      : [{ label: 'deletes by age', value: `query ${deletes.join(', ')}`, unit: 'text' as const }]),
  ]
}

function blockerEvidence(row: PartitionKeysRow, { column }: WeighedKey): readonly Evidence[] {
  const unique = row.unique.filter(({ columns }) => !columns.includes(column.name)).map(({ name }) => name)
  const parts = [
    ...row.referencedBy.map((name) => `foreign key ${name}`),
    ...unique.map((name) => `unique ${name}`),
    ...(column.isNotNull ? [] : [`${column.name} may be null`]),
    ...(row.views > 0 ? [row.views === 1 ? '1 view' : `${row.views} views`] : []),
    ...(row.primaryKey.length === 0 ? ['no primary key'] : []),
  ]
  return parts.length === 0 ? [] : [{ label: 'stands in the way', value: parts.join(', '), unit: 'text' }]
}
