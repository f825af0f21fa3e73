// Upkeep of divided tables as the configuration asks for it: partitions made ahead, and, of tables that it names, those that are older
// detached. pg_partman's tables are left to it.

import { createRemedy, detachRemedy, expiredPartitions } from '../../checks/partition/next-partitions.ts'
import { defaultPartitionOf, outlookOf } from '../../checks/partition/outlook.ts'
import type { RangePartitionsRow } from '../../facts/range-partitions.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { Remedy } from '../../model/finding.ts'
import type { JobDraft } from '../../model/maintenance.ts'
import { stepsOf } from './job-of-finding.ts'
import type { MaintenanceConfig } from './maintenance-config.ts'

type Config = Exclude<MaintenanceConfig['partitions'], false>

/** A job a table, so that what stands in the way of one keeps no other waiting. */
export function partitionDrafts(
  rows: readonly RangePartitionsRow[],
  tables: readonly TableRow[],
  config: Config,
  now: Date,
): Promise<readonly JobDraft[]> {
  return Promise.all(
    rows
      .filter(({ keptUpBy }) => keptUpBy === null)
      .flatMap((row) => {
        const table = `${row.schema}.${row.name}`
        const created = missing(row, tables, config, now)
        const months = config.keepMonths[table]
        const expired = months === undefined ? [] : expiredPartitions(row, now, months)
        return [
          ...(created === null
            ? []
            : [draft('create-partition', table, `fewer than ${config.ahead} lie ahead`, created)]),
          ...(expired.length === 0
            ? []
            : [
                draft(
                  'detach-partition',
                  table,
                  `it keeps ${months} months, and these ended before`,
                  detachRemedy(row, expired),
                ),
              ]),
        ]
      }),
  )
}

function missing(
  row: RangePartitionsRow,
  tables: readonly TableRow[],
  { ahead }: Config,
  now: Date,
): Remedy | null {
  const outlook = outlookOf(row, null, now)
  const other = defaultPartitionOf(row)
  const defaultHasRows =
    other !== null &&
    tables.some(({ schema, name, rows }) => schema === other.schema && name === other.name && rows > 0)
  return outlook === null ? null : createRemedy(row, outlook, { ahead, defaultHasRows })
}

async function draft(routine: string, table: string, why: string, remedy: Remedy): Promise<JobDraft> {
  const { sql, undo, lock, caution } = remedy
  return {
    origin: { kind: 'routine', key: `${routine} ${table}` },
    because: `Routine: partitions of ${table}: ${why}.`,
    steps: await stepsOf(sql, table),
    undo,
    lock,
    caution,
  }
}
