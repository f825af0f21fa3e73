// Tables and indexes as the API speaks of them.

import type { IndexRow } from '../../facts/indexes.ts'
import type { TableActivityRow } from '../../facts/table-activity.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { IndexWire, TableWire } from '../../model/wire.ts'

/** `activity` is null for a table that was not scanned within the interval; `seconds` 0 when there is no interval yet. */
export function tableView(
  row: TableRow,
  activity: TableActivityRow | null,
  seconds: number,
  growthBytesPerDay: number | null,
): TableWire {
  return {
    database: row.database,
    schema: row.schema,
    name: row.name,
    kind: row.isPartition ? 'partition' : row.kind,
    rows: row.rows,
    totalBytes: row.totalBytes,
    tableBytes: row.tableBytes,
    indexBytes: row.indexBytes,
    growthBytesPerDay,
    deadTuples: row.deadTuples,
    lastVacuumAt: row.lastVacuumAt?.toISOString() ?? null,
    lastAnalyzeAt: row.lastAnalyzeAt?.toISOString() ?? null,
    scansPerSecond:
      seconds === 0
        ? null
        : {
            sequential: (activity?.sequentialScans ?? 0) / seconds,
            index: (activity?.indexScans ?? 0) / seconds,
          },
  }
}

export function indexView(row: IndexRow): IndexWire {
  return {
    database: row.database,
    schema: row.schema,
    table: row.table,
    name: row.name,
    definition: row.definition,
    method: row.method,
    isUnique: row.isUnique,
    isPrimary: row.isPrimary,
    isValid: row.isValid,
    sizeBytes: row.sizeBytes,
    scansSinceReset: row.scansSinceReset,
    lastScanAt: row.lastScanAt?.toISOString() ?? null,
  }
}
