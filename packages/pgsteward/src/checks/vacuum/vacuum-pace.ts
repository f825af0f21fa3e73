// How long autovacuum's brake makes a vacuum of a table take: cost-based delay, as the manual defines it.

import { type SettingRow, settingNamed } from '../../facts/settings.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { Milliseconds } from '../../model/units.ts'
import { parameterOf } from './storage-parameters.ts'

const PAGE_BYTES = 8192

export interface VacuumPace {
  /** Slept for the pages that have to be touched, reading and writing not counted; 0 without a brake. */
  readonly sleepsMs: Milliseconds
  readonly costLimit: number
}

/** Each of `deadRows` in a page of its own, read and dirtied, and every page of the indexes read. Several workers share the limit. */
export function vacuumPace(table: TableRow, deadRows: number, settings: readonly SettingRow[]): VacuumPace {
  // -1 means the server's own for manual vacuums
  const either = (own: string, general: string, fallback: number) => {
    const value = parameterOf(table, settings, own)
    return value !== null && value >= 0 ? value : Number(settingNamed(settings, general)?.value ?? fallback)
  }
  const cost = (name: string, fallback: number) => Number(settingNamed(settings, name)?.value ?? fallback)
  const costLimit = either('autovacuum_vacuum_cost_limit', 'vacuum_cost_limit', 200)
  const delayMs = either('autovacuum_vacuum_cost_delay', 'vacuum_cost_delay', 2)
  const heapPages = Math.min(table.heapBytes / PAGE_BYTES, deadRows)
  const indexPages = table.indexBytes / PAGE_BYTES
  const total =
    (heapPages + indexPages) * cost('vacuum_cost_page_miss', 2) +
    heapPages * cost('vacuum_cost_page_dirty', 20)
  return { sleepsMs: (total / Math.max(1, costLimit)) * delayMs, costLimit }
}
