// An append-only table: nothing dies, so only its inserts bring autovacuum, which marks pages all visible and freezes them.

import { parameterOf, setParameters } from './storage-parameters.ts'
import type { Tuned, Tuning } from './tune-for-dead-rows.ts'

const SCALE_FACTOR = 'autovacuum_vacuum_insert_scale_factor'
const THRESHOLD = 'autovacuum_vacuum_insert_threshold'
/** Rows that die for each that is inserted: more bring autovacuum by themselves. */
const APPEND_ONLY = 0.01

export function tuneForInserts({ table, activity, seconds, settings, options }: Tuning): Tuned | null {
  const perSecond = activity.inserts / seconds
  const isAppendOnly = activity.updates + activity.deletes <= APPEND_ONLY * activity.inserts
  // frozen or not, pages that no index leads to are read whole in any case
  if (perSecond <= 0 || !isAppendOnly || activity.indexScans === 0) return null
  const rowBytes = table.heapBytes / Math.max(1, table.rows + table.deadTuples)
  const scale = parameterOf(table, settings, SCALE_FACTOR) ?? 0.2
  const fixed = parameterOf(table, settings, THRESHOLD) ?? 1000
  // -1: inserts bring none at all. From 18 on only the share of pages counts that is not frozen: then it comes earlier than this.
  const trigger = fixed < 0 ? Number.POSITIVE_INFINITY : fixed + scale * (table.reltuples ?? 0)
  const goal = Math.max(options.maxInsertedBytes / rowBytes, (perSecond * options.minEvery) / 1000)
  // the backlog is measured, so that what comes earlier by whatever means stays quiet
  if (table.insertedSinceVacuum < 2 * goal || goal > trigger / 2) return null
  return {
    summary: `Table ${table.name} is only appended to, and autovacuum comes too rarely to mark and freeze its new pages`,
    evidence: [
      { label: 'rows inserted', value: perSecond, unit: 'perSecond' },
      { label: 'inserted since the last vacuum', value: table.insertedSinceVacuum, unit: 'count' },
      { label: 'their size', value: table.insertedSinceVacuum * rowBytes, unit: 'bytes' },
      { label: 'reported from', value: 2 * goal * rowBytes, unit: 'bytes' },
      {
        label: 'autovacuum comes at inserted rows',
        ...(Number.isFinite(trigger)
          ? { value: Math.round(trigger), unit: 'count' as const }
          : { value: 'never', unit: 'text' as const }),
      },
      { label: 'advised: at inserted rows', value: Math.round(goal), unit: 'count' },
      { label: 'advised: at this rate every', value: (goal / perSecond) * 1000, unit: 'ms' },
      { label: 'index scans', value: activity.indexScans / seconds, unit: 'perSecond' },
      {
        label: 'last vacuum',
        value: table.lastVacuumAt?.toISOString() ?? 'not since the statistics began',
        unit: 'text',
      },
    ],
    remedy: setParameters(
      table,
      { [SCALE_FACTOR]: 0, [THRESHOLD]: Math.round(goal) },
      'The first vacuum comes within minutes and reads all pages that are not all visible; later ones read what is new.',
    ),
  }
}
