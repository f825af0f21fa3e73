// What load runs are called, and figures of them as text.

import type { ComparedWire, LoadRunSummaryWire, ShownRunWire } from 'pgsteward/wire'
import { formatDateTime, formatMs, NOTHING } from '../format.ts'

export type Compared = ComparedWire['comparison']['series'][number]

export const ALL = 'all'
const ALL_WORDS = 'all requests'

export function endpointName(name: string): string {
  return name === ALL ? ALL_WORDS : name
}

/** `+32 %` of 1.32; `−9 %` of 0.91. */
export function changeText(ratio: number | null): string {
  if (ratio === null) return NOTHING
  const percent = Math.abs(ratio - 1) * 100
  const shown = percent < 9.95 ? Number(percent.toFixed(1)) : Math.round(percent)
  if (shown === 0) return '0\u00a0%'
  return `${ratio < 1 ? '\u2212' : '+'}${shown.toLocaleString('en')}\u00a0%`
}

/** `64 of 66 /s` tells more than either. */
export function engineWords({ engine }: Pick<ShownRunWire, 'engine'>): string {
  return `${engine.name === 'node' ? 'built-in engine' : engine.name} ${engine.version}`
}

export function scaleWords({ timeScale, loadScale }: LoadRunSummaryWire['scenario']): string | null {
  const parts = [
    ...(timeScale === 1 ? [] : [`time × ${Number(timeScale.toFixed(3))}`]),
    ...(loadScale === 1 ? [] : [`load × ${Number(loadScale.toFixed(3))}`]),
  ]
  return parts.length === 0 ? null : parts.join(', ')
}

/** How one run is told from another in a list of choices. */
export function runChoice(run: LoadRunSummaryWire): string {
  const p95 = run.p95Ms === null ? '' : `, p95 ${formatMs(run.p95Ms)}`
  const sha = run.gitSha === null ? '' : `, ${run.gitSha.slice(0, 7)}`
  return `${formatDateTime(new Date(run.startedAt))}${sha}${p95}${run.invalid > 0 ? ', invalid' : ''}`
}

const REASONS: Readonly<Record<string, string>> = {
  'dropped-arrivals': 'Arrivals were dropped',
  'rate-not-reached': 'The offered rate was not reached',
  'generator-starved': 'The generator had too little processor time',
  'schedule-lag': 'Arrivals began late',
  'too-many-errors': 'Too many requests failed',
  'too-few-requests': 'Too few requests',
  interrupted: 'It was interrupted',
  'target-lost': 'The target was lost',
  'out-of-memory': 'The generator ran out of memory',
  'disk-full': 'The disk was full',
  'source-incomplete': 'The source does not tell enough',
  'other-scenario': 'Another scenario',
  'other-model': 'Another model of load',
  'other-engine': 'Another engine',
  'other-scale': 'Another scale',
  'other-host-class': 'Another class of host',
  'other-data': 'Another amount of data',
  'no-histogram': 'No histograms',
  'no-common-series': 'No endpoint in common',
}

export function reasonWords(reason: string): string {
  return REASONS[reason] ?? reason
}

/** As format.ts writes them, ratios to a hundredth of a per cent: thresholds on errors are small. */
export function thresholdValue(value: number, unit: Unit = 'ms'): string {
  if (unit === 'ratio') return `${Number((value * 100).toFixed(2))}\u00a0%`
  if (unit === 'perSecond') return `${Number(value.toFixed(1))}/s`
  return unit === 'ms' ? formatMs(value) : String(value)
}

type Unit = 'ms' | 'ratio' | 'perSecond' | 'count' | 'bytes'
