// A table whose partitions end soon: then inserts fail, or end up in the default partition, where they keep theirs from being made.

import { z } from 'zod'
import { partitionKeyGrowth } from '../../facts/partition-key-growth.ts'
import { type RangePartitionsRow, rangePartitions } from '../../facts/range-partitions.ts'
import { type TableRow, tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence, Finding, Severity } from '../../model/finding.ts'
import { duration, type Milliseconds } from '../../model/units.ts'
import { createRemedy } from './next-partitions.ts'
import { defaultPartitionOf, type Outlook, outlookOf } from './outlook.ts'

const DAY_MS: Milliseconds = 86_400_000

interface Limits {
  readonly warnShare: number
  readonly warnWithin: Milliseconds
  readonly criticalWithin: Milliseconds
  readonly unusedAfter: Milliseconds
}

export const partitionsRunningOut = defineCheck({
  id: 'partitions-running-out',
  area: 'partition',
  title: 'Partitioned table whose partitions run out',
  needs: { rangePartitions, tables, partitionKeyGrowth },
  options: z.object({
    warnShare: z
      .number()
      .positive()
      .default(0.5)
      .describe(
        'Of the length of the newest partition: less is left. Who makes the next one in the middle of each is not bothered. A judgement.',
      ),
    warnWithin: duration()
      .prefault('30d')
      .describe('Never earlier, however long partitions are: a month is time enough. A judgement.'),
    criticalWithin: duration()
      .prefault('1d')
      .describe(
        'Without a default partition inserts fail then; of partitions shorter than half of this, the length of two. A working day to act in.',
      ),
    unusedAfter: duration()
      .prefault('7d')
      .describe(
        'They ended longer ago (and longer than one lasts), nothing is in a default one: nobody writes to this table. A judgement.',
      ),
    ahead: z
      .int()
      .positive()
      .default(3)
      .describe('Partitions beyond now that the remedy makes, as `partition extend` does.'),
  }),
  run({ rangePartitions, tables, partitionKeyGrowth }, { ahead, ...limits }, { now }) {
    const byName = new Map(tables.map((table) => [`${table.schema}.${table.name}`, table]))
    return rangePartitions.flatMap((row): readonly Finding[] => {
      const perDay = partitionKeyGrowth?.get(`${row.schema}.${row.name}`) ?? null
      const outlook = outlookOf(row, perDay, now)
      const other = defaultPartitionOf(row)
      const defaultRows = other === null ? 0 : (byName.get(`${other.schema}.${other.name}`)?.rows ?? 0)
      const state = outlook === null ? null : stateOf(row, outlook, { defaultRows, byName, limits })
      if (state === null && defaultRows === 0) return []
      const remedy =
        outlook === null || state === null
          ? null
          : createRemedy(row, outlook, { ahead, defaultHasRows: defaultRows > 0 })
      const { database, schema, name } = row
      return [
        {
          subject: { kind: 'table', database, schema, name },
          severity: state ?? 'info',
          summary: summaryOf(row, state === null ? null : outlook),
          evidence: [
            ...(outlook === null ? [] : outlookEvidence(outlook, perDay, limits)),
            ...(other === null
              ? []
              : [{ label: 'rows in the default partition', value: defaultRows, unit: 'count' as const }]),
            ...keptUpEvidence(row),
          ],
          ...(remedy === null ? {} : { remedy }),
        },
      ]
    })
  },
})

/** Null: they last. */
function stateOf(
  row: RangePartitionsRow,
  outlook: Outlook,
  {
    defaultRows,
    byName,
    limits,
  }: {
    readonly defaultRows: number
    readonly byName: ReadonlyMap<string, TableRow>
    readonly limits: Limits
  },
): Severity | null {
  const { newest, leftMs, lastsMs, leftShare } = outlook
  const mayFail = defaultPartitionOf(row) === null
  if (leftMs === null) {
    // nobody knows when: by how much of it is left, or by its being written to
    if (leftShare !== null && leftShare <= 0) return mayFail ? 'critical' : 'warning'
    const isInUse = (byName.get(`${newest.schema}.${newest.name}`)?.rows ?? 0) > 0
    if (leftShare === null) return isInUse ? 'info' : null
    return leftShare < limits.warnShare ? 'warning' : null
  }
  if (-leftMs > Math.max(limits.unusedAfter, lastsMs ?? 0) && defaultRows === 0) return null
  if (leftMs >= warnBelow(outlook, limits)) return null
  return mayFail && leftMs < criticalBelow(outlook, limits) ? 'critical' : 'warning'
}

function criticalBelow({ lastsMs }: Outlook, { criticalWithin }: Limits): Milliseconds {
  return Math.min(criticalWithin, 2 * (lastsMs ?? DAY_MS))
}

function warnBelow(outlook: Outlook, limits: Limits): Milliseconds {
  const share = limits.warnShare * (outlook.lastsMs ?? limits.warnWithin)
  return Math.min(limits.warnWithin, Math.max(share, criticalBelow(outlook, limits)))
}

/** `outlook` null: they last. */
function summaryOf(row: RangePartitionsRow, outlook: Outlook | null): string {
  if (outlook === null)
    return `The default partition of ${row.name} holds rows: each keeps a partition of its range from being made`
  const { leftMs, leftShare, reached } = outlook
  const isOver = (leftMs ?? leftShare ?? 1) <= 0
  const what = `The partitions of ${row.name} ${isOver ? 'have run out' : 'run out'}`
  if (defaultPartitionOf(row) === null) return `${what}: ${isOver ? 'inserts fail' : 'then inserts fail'}`
  return reached === null
    ? `${what}: the newest one is being filled`
    : `${what}: ${isOver ? 'rows go' : 'then rows go'} to the default partition`
}

function outlookEvidence(outlook: Outlook, perDay: number | null, limits: Limits): readonly Evidence[] {
  const { by, newest, end, step, reached, leftMs, leftShare } = outlook
  const at = (value: bigint) => (by === 'time' ? new Date(Number(value)).toISOString() : String(value))
  return [
    { label: 'newest partition', value: newest.name, unit: 'text' },
    { label: 'ends at', value: at(end), unit: 'text' },
    ...(by === 'number' && reached !== null
      ? [{ label: 'last number', value: at(reached), unit: 'text' as const }]
      : []),
    ...(by === 'number' && perDay !== null
      ? [{ label: 'numbers a day', value: perDay, unit: 'count' as const }]
      : []),
    ...(leftMs === null ? [] : [{ label: 'lasts for', value: leftMs, unit: 'ms' as const }]),
    ...(leftMs === null && leftShare !== null
      ? [{ label: 'left of it', value: leftShare, unit: 'ratio' as const }]
      : []),
    leftMs === null
      ? { label: 'reported below', value: limits.warnShare, unit: 'ratio' }
      : { label: 'reported below', value: warnBelow(outlook, limits), unit: 'ms' },
    {
      label: 'made in steps of',
      value: step === null ? NO_STEP : step.by === 'time' ? `a ${step.every}` : `${step.size} numbers`,
      unit: 'text',
    },
  ]
}

const NO_STEP = 'not known: the latest two differ, or begin at no midnight of UTC'

function keptUpEvidence({ keptUpBy }: RangePartitionsRow): readonly Evidence[] {
  if (keptUpBy === null) return []
  return [
    {
      label: 'kept up by',
      value:
        keptUpBy === 'pg_partman'
          ? 'pg_partman: its run_maintenance has to run'
          : 'pg_partman, perhaps: the role may not read its part_config',
      unit: 'text',
    },
  ]
}
