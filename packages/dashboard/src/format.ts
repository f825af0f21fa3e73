// Numbers and moments as text for people. Values arrive in the wire's units: bytes, ms, ratios 0..1, ISO dates.

import type { EvidenceWire } from 'pgsteward/wire'

type Unit = NonNullable<EvidenceWire['unit']>

/** Between a number and its unit, so that a line never breaks there. */
const GAP = '\u00a0'
const MINUS = '\u2212'
export const NOTHING = '–'

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** Three significant digits at most, no trailing zeros: 1.5, 12, 345. */
function short(value: number): string {
  const size = Math.abs(value)
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2
  return Number(value.toFixed(digits)).toString()
}

function signed(value: number, text: (size: number) => string): string {
  return value < 0 ? `${MINUS}${text(-value)}` : text(value)
}

/** Powers of 1024 with PostgreSQL's names: 512 B, 8 kB, 1.5 MB. */
export function formatBytes(bytes: number): string {
  return signed(bytes, (size) => {
    const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
    let value = size
    let step = 0
    // 1023.6 would print as 1024, so it moves to the next unit
    while (value >= 1023.5 && step < units.length - 1) {
      value /= 1024
      step += 1
    }
    return `${step === 0 ? Math.round(value) : short(value)}${GAP}${units[step]}`
  })
}

/** A span: 0.42 ms, 12 ms, 1.2 s, 3 min 20 s, 2 h 5 min, 32 d. */
export function formatMs(ms: number): string {
  return signed(ms, (size) => {
    if (size === 0) return `0${GAP}ms`
    if (size < 0.005) return `<${GAP}0.01${GAP}ms`
    if (size < 999.5) return `${short(size)}${GAP}ms`
    if (size < 59_950) return `${Number((size / 1000).toFixed(1))}${GAP}s`
    const pair = (big: number, bigUnit: string, small: number, smallUnit: string) =>
      small === 0 ? `${big}${GAP}${bigUnit}` : `${big}${GAP}${bigUnit} ${small}${GAP}${smallUnit}`
    const seconds = Math.round(size / 1000)
    if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's')
    const minutes = Math.round(size / 60_000)
    if (minutes < 1440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
    const hours = Math.round(size / 3_600_000)
    if (hours < 24 * 7) return pair(Math.floor(hours / 24), 'd', hours % 24, 'h')
    return `${Math.round(hours / 24)}${GAP}d`
  })
}

/** A share of one as percent; never rounds something to nothing, or almost all to all. */
export function formatRatio(ratio: number): string {
  return signed(ratio, (size) => {
    if (size > 0 && size < 0.001) return `<${GAP}0.1${GAP}%`
    if (size > 0.9999 && size < 1) return `>${GAP}99.99${GAP}%`
    const digits = size > 0.99 && size < 1 ? 2 : 1
    return `${Number((size * 100).toFixed(digits))}${GAP}%`
  })
}

/** Every digit, grouped: 1,234,567. Below 100 with up to two decimals. */
export function formatCount(count: number): string {
  return signed(count, (size) => (size < 100 ? short(size) : grouped.format(size)))
}

/** For narrow columns: 950, 12.3 k, 1.2 M. */
export function formatCompact(count: number): string {
  return signed(count, (size) => {
    if (size < 999.5) return short(size)
    for (const [factor, letter] of [
      [1e3, 'k'],
      [1e6, 'M'],
      [1e9, 'G'],
    ] as const) {
      if (size < factor * 999.5 || letter === 'G') return `${short(size / factor)}${GAP}${letter}`
    }
    return short(size)
  })
}

export function formatPerSecond(rate: number): string {
  return rate > 0 && rate < 0.005 ? `<${GAP}0.01/s` : `${formatCompact(rate)}/s`
}

/** +1.2 MB/d; the sign is always written, since a change without a sign reads as a size. */
export function formatGrowth(bytesPerDay: number): string {
  return `${bytesPerDay > 0 ? '+' : ''}${formatBytes(bytesPerDay)}/d`
}

/** A moment in evidence, which knows no unit for it. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

export function formatValue(value: number | string, unit: Unit | undefined): string {
  if (typeof value === 'string') return ISO.test(value) ? formatDateTime(new Date(value)) : value
  switch (unit) {
    case 'bytes':
      return formatBytes(value)
    case 'ms':
      return formatMs(value)
    case 'ratio':
      return formatRatio(value)
    case 'perSecond':
      return formatPerSecond(value)
    default:
      return formatCount(value)
  }
}

/** null and undefined as a dash. */
export function orNothing<T>(value: T | null | undefined, format: (value: T) => string): string {
  return value === null || value === undefined ? NOTHING : format(value)
}

function spanWords(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds}${GAP}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${GAP}min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}${GAP}h`
  return `${Math.floor(seconds / 86_400)}${GAP}d`
}

/** '42 s ago', '5 min ago', 'in 3 d'; within five seconds (clocks differ a little) 'just now'. */
export function formatAgo(iso: string, now: Date): string {
  const ms = now.getTime() - Date.parse(iso)
  if (Math.abs(ms) < 5000) return 'just now'
  return ms > 0 ? `${spanWords(ms)} ago` : `in ${spanWords(-ms)}`
}

const two = (part: number) => String(part).padStart(2, '0')

/** The reader's own time zone: 12:03. */
export function formatClock(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

/** 2026-11-22 12:03, in the reader's time zone. */
export function formatDateTime(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClock(date)}`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)}${GAP}${count === 1 ? one : many}`
}
