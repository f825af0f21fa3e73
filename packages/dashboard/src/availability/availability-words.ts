// Uptime, budgets and phases of a probe in words.

import type { ErrorBudgetWire, ProbeDayWire, ProbeWire, UptimeWire } from 'pgsteward/wire'
import { formatCount, formatMs, NOTHING } from '../format.ts'

const GAP = '\u00a0'

/** Three decimals tell 99.9 from 99.95; never rounded to all or nothing. */
export function uptimeText(ratio: number | null): string {
  if (ratio === null) return NOTHING
  const percent = Number((ratio * 100).toFixed(3))
  if (percent === 100 && ratio < 1) return `>${GAP}99.999${GAP}%`
  if (percent === 0 && ratio > 0) return `<${GAP}0.001${GAP}%`
  return `${percent}${GAP}%`
}

export function sloText(slo: number): string {
  return `${Number((slo * 100).toFixed(4))}${GAP}%`
}

/** What a figure of uptime rests on, where that is less than its whole window. */
export function seenWords(
  { ratio, coveredMs, plannedMs, coveredRatio, downMs, attempts, failures }: UptimeWire,
  kind: ProbeWire['kind'],
): string {
  if (ratio === null) return 'nothing seen'
  if (kind === 'requests') return `${formatCount(failures)} of ${formatCount(attempts)} failed`
  const seen =
    coveredRatio !== null && coveredRatio < 0.995 ? `, ${formatMs(coveredMs + plannedMs)} seen` : ''
  return `${downMs === 0 ? 'never down' : `down ${formatMs(downMs)}`}${seen}`
}

export function budgetWords({ unit, allowed, spent, left, lastsMs, windowMs }: ErrorBudgetWire): string {
  const amount = (value: number) => (unit === 'ms' ? formatMs(value) : formatCount(Math.round(value)))
  const what = unit === 'ms' ? '' : ' failures'
  if (allowed <= 0) return 'no requests yet'
  if (left < 0) return `overspent: ${amount(spent)} of ${amount(allowed)}${what}`
  const lasts = lastsMs !== null && lastsMs < windowMs ? `, gone in ${formatMs(lastsMs)} at this rate` : ''
  return `${amount(left)} of ${amount(allowed)}${what} left${lasts}`
}

const PHASES: Readonly<Record<string, string>> = {
  resolve: 'name',
  connect: 'connection',
  encrypt: 'TLS',
  answer: 'answer',
}

/** `12 ms: connection 4 ms, answer 8 ms`. */
export function tookWords({ tookMs, phases }: Pick<ProbeWire, 'tookMs' | 'phases'>): string {
  if (tookMs === null) return ''
  const parts = Object.entries(PHASES).flatMap(([phase, words]) => {
    const ms = phases[phase]
    return ms === undefined ? [] : [`${words} ${formatMs(ms)}`]
  })
  return `${formatMs(tookMs)}${parts.length < 2 ? '' : `: ${parts.join(', ')}`}`
}

export type DayKind = 'good' | 'some' | 'bad' | 'unseen'

/** some: something failed, and the objective was kept all the same. */
export function dayKind(day: { readonly ratio: number | null } | undefined, slo: number): DayKind {
  if (day === undefined || day.ratio === null) return 'unseen'
  if (day.ratio >= 1) return 'good'
  return day.ratio >= slo ? 'some' : 'bad'
}

export function seenDayWords(day: ProbeDayWire | undefined, kind: ProbeWire['kind']): string {
  if (day === undefined || day.ratio === null) return 'nothing seen'
  const { ratio, failures, attempts, downMs } = day
  if (kind === 'requests')
    return `${uptimeText(ratio)}, ${formatCount(failures)} of ${formatCount(attempts)} failed`
  return `${uptimeText(ratio)}${downMs === 0 ? '' : `, down ${formatMs(downMs)}`}`
}
