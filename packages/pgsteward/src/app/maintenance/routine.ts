// What maintenance does by itself: statistics of hot tables, a vacuum of what has anything to clean, rebuilds of bloated indexes.

import type { TableRow } from '../../facts/tables.ts'
import type { JobDraft, MaintenanceStep, StepKind } from '../../model/maintenance.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import { qualified } from '../../sql/quote.ts'
import type { MaintenanceConfig } from './maintenance-config.ts'

/** Fewer changed rows move no estimate. */
const FEWEST_CHANGED = 1_000

export function analyzeDraft(
  tables: readonly TableRow[],
  config: Exclude<MaintenanceConfig['analyze'], false>,
): JobDraft | null {
  const hot = tables.filter(
    (table) =>
      table.kind !== 'foreign table' &&
      table.extension === null &&
      (config.tables.includes(`${table.schema}.${table.name}`) ||
        (table.kind !== 'partitioned table' &&
          table.modifiedSinceAnalyze >= Math.max(FEWEST_CHANGED, config.changedShare * table.rows))),
  )
  return draft('analyze', hot, 'rows of these tables changed since their statistics were taken')
}

export function vacuumDraft(tables: readonly TableRow[]): JobDraft | null {
  const dirty = tables.filter(
    (table) =>
      (table.kind === 'table' || table.kind === 'materialized view') &&
      table.extension === null &&
      !table.isBeingVacuumed &&
      (table.deadTuples > 0 || table.insertedSinceVacuum > 0),
  )
  return draft('vacuum', dirty, 'these tables have rows to clean up or to freeze')
}

function draft(
  kind: StepKind & ('analyze' | 'vacuum'),
  tables: readonly TableRow[],
  why: string,
): JobDraft | null {
  if (tables.length === 0) return null
  return {
    origin: { kind: 'routine', key: kind },
    because: `Routine: ${why}.`,
    steps: tables
      // the smallest first: most are done when a window ends early
      .toSorted((a, b) => a.totalBytes - b.totalBytes)
      .map(({ schema, name }): MaintenanceStep => {
        const sql = `${kind === 'vacuum' ? 'vacuum (analyze)' : kind} ${qualified(schema, name)}`
        return { kind, sql, relation: { schema, name }, table: null }
      }),
    undo: null,
    lock: 'share update exclusive',
    caution: 'Reads the tables; stops when somebody waits for it.',
  }
}

/** Open findings of which a rebuild is proposed without anybody asking: what was measured, not what is suspected. */
export function isRebuild({ checkId, state }: Pick<OpenFinding, 'checkId' | 'state'>): boolean {
  return (checkId === 'bloated-index' || checkId === 'bloated-table') && state === 'open'
}

/** Open findings that are proposed to be mended before inserts fail. */
export function isRunningOut({ checkId, state }: Pick<OpenFinding, 'checkId' | 'state'>): boolean {
  return checkId === 'partitions-running-out' && state === 'open'
}
