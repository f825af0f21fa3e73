// Numbers with units as a person reads them, for terminals and documents.

import type { Unit } from '../model/units.ts'

export function formatValue(value: number | string, unit?: Unit): string {
  if (typeof value === 'string') return value
  switch (unit) {
    case 'ms':
      return formatDuration(value)
    case 'bytes':
      return formatBytes(value)
    case 'ratio':
      return formatRatio(value)
    case 'perSecond':
      return `${trim(value, value < 10 ? 2 : 0)}/s`
    default:
      return Number.isInteger(value) ? value.toLocaleString('en-US') : trim(value, 2)
  }
}

/** Closer where objectives lie: 0.12 % of errors against 0.1 %, 99.97 % of time. Never the whole where something is missing. */
function formatRatio(ratio: number): string {
  const percent = ratio * 100
  const isNearAnEnd = Math.abs(percent) < 1 || (percent > 99 && percent < 100)
  const digits = isNearAnEnd ? 2 : 1
  return percent > 99.99 && percent < 100 ? '99.99 %' : `${trim(percent, digits)} %`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = Math.abs(bytes)
  let index = 0
  while (value >= 1024 && index < units.length - 1) {
    value /= 1024
    index += 1
  }
  return `${bytes < 0 ? '-' : ''}${trim(value, value < 10 && index > 0 ? 1 : 0)} ${units[index]}`
}

export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`
  if (ms < 1) return `${trim(ms, 3)} ms`
  if (ms < 1000) return `${trim(ms, ms < 10 ? 1 : 0)} ms`
  const steps: readonly (readonly [label: string, ms: number])[] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ]
  const index = steps.findIndex(([, size]) => ms >= size)
  const [label, size] = steps[index]!
  const next = steps[index + 1]
  if (next === undefined || label === 'd' || ms / size >= 10)
    return `${trim(ms / size, ms / size < 10 ? 1 : 0)} ${label}`
  const rest = Math.floor((ms % size) / next[1])
  return rest === 0
    ? `${Math.floor(ms / size)} ${label}`
    : `${Math.floor(ms / size)} ${label} ${rest} ${next[0]}`
}

export function formatEvidence(
  evidence: readonly { label: string; value: number | string; unit?: Unit | undefined }[],
): string {
  return evidence.map((each) => `${each.label} ${formatValue(each.value, each.unit)}`).join(', ')
}

function trim(value: number, digits: number): string {
  return Number(value.toFixed(digits)).toLocaleString('en-US', { maximumFractionDigits: digits })
}
