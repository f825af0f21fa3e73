// Maintenance in words: when it may run, how a job stands, what an attempt changed.

import type { JobRunWire, MaintenanceJobWire, MaintenanceWire } from 'pgsteward/wire'
import { formatBytes, formatCount, formatDateTime } from '../format.ts'

export const STATE_WORDS: Readonly<Record<MaintenanceJobWire['state'], string>> = {
  proposed: 'To decide',
  approved: 'Approved',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  rejected: 'Rejected',
}

export function windowWords(window: MaintenanceWire['window']): string {
  if (window.isOpen) return `The window is open until ${formatDateTime(new Date(window.until))}.`
  const opens =
    window.opensAt === null
      ? 'None opens within a fortnight.'
      : `The next window opens ${formatDateTime(new Date(window.opensAt))}.`
  return window.because.startsWith('blackout') ? `A ${window.because}. ${opens}` : opens
}

/** Why it is not done yet, or what came of it; '' where nothing is to be said. */
export function standingWords(job: MaintenanceJobWire): string {
  const { state, last, notBefore, attempts, progress, nextStep, steps } = job
  if (progress !== null) return progress
  if (last === null || state === 'done' || state === 'rejected') return ''
  const again = notBefore === null ? '' : ` Tried again from ${formatDateTime(new Date(notBefore))}.`
  const done = nextStep > 0 && steps.length > 1 ? `${nextStep} of ${steps.length} statements are done. ` : ''
  return `${done}${last.because}${state === 'failed' ? '' : again}${attempts > 1 ? ` ${attempts} tries so far.` : ''}`
}

/** `1.2 GB -> 0.8 GB, 18,000 rows, dead rows 2,000 -> 0`; '' where nothing was measured. */
export function changeWords({ before, after }: Pick<JobRunWire, 'before' | 'after'>): string {
  if (after === null) return ''
  const sizes =
    before.sizeBytes === after.sizeBytes
      ? formatBytes(after.sizeBytes)
      : `${formatBytes(before.sizeBytes)} → ${formatBytes(after.sizeBytes)}`
  const rows = after.rows === null ? '' : `, ${formatCount(after.rows)} rows`
  const dead =
    before.deadRows === null || before.deadRows === after.deadRows
      ? ''
      : `, dead rows ${formatCount(before.deadRows)} → ${formatCount(after.deadRows ?? 0)}`
  return `${sizes}${rows}${dead}`
}
