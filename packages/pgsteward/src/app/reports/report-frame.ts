// What every part of a report is given.

import type { Milliseconds, Window } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'
import type { Config } from '../config/config-schema.ts'
import type { ReportPeriod } from './report-period.ts'

export type ReportConfig = Pick<Config, 'capacity' | 'store' | 'targets'>

export interface ReportFrame {
  readonly store: Store
  readonly config: ReportConfig
  readonly targetId: string
  readonly period: ReportPeriod
  /** When it is made. */
  readonly madeAt: Date
}

const DAY_MS: Milliseconds = 86_400_000

/**
 * The window that sums are asked for. Hours go after `store.keepHourly`; what is older is kept by the day of UTC, and a local day that
 * began elsewhere would find half of itself.
 */
export function keptWindow(
  { config, madeAt }: Pick<ReportFrame, 'config' | 'madeAt'>,
  window: Window,
): Window {
  if (!isKeptByDays({ config, madeAt }, window)) return window
  const nearest = (at: Date) => new Date(Math.round(at.getTime() / DAY_MS) * DAY_MS)
  return { from: nearest(window.from), to: nearest(window.to) }
}

export function isKeptByDays(
  { config, madeAt }: Pick<ReportFrame, 'config' | 'madeAt'>,
  { from }: Window,
): boolean {
  return from.getTime() < madeAt.getTime() - config.store.keepHourly && from.getTime() % DAY_MS !== 0
}
