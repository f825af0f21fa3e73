// Words of reports: kinds, verdicts, and what a figure is compared with.

import type { Report, ReportEntryWire, ReportFigure, ReportsWire } from 'pgsteward/wire'
import { formatValue } from '../format.ts'

type Kind = ReportEntryWire['kind']
export type Verdict = NonNullable<ReportEntryWire['status']>

export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  daily: 'Daily',
  weekly: 'Weekly',
  monthly: 'Monthly',
  'index-health': 'Index health',
  optimization: 'Optimization',
  load: 'Load',
  release: 'Release',
}

/** Of a last period; the others are about a run or a version, and are made by the command line. */
export const MADE_KINDS = ['daily', 'weekly', 'monthly', 'index-health', 'optimization'] as const

export const VERDICTS = {
  green: { word: 'Green', tone: 'is-resolved', icon: 'resolved' },
  yellow: { word: 'Yellow', tone: 'is-warning', icon: 'warning' },
  red: { word: 'Red', tone: 'is-critical', icon: 'critical' },
  unknown: { word: 'Unknown', tone: 'is-muted', icon: 'undecided' },
} as const satisfies Record<Verdict, { word: string; tone: string; icon: string }>

/** `Daily 07:30, weekly Mon 09:00 (Europe/Berlin).` */
export function scheduleWords({ schedule, timeZone, folder }: ReportsWire): string {
  if (schedule.length === 0) return 'None is made by itself: the configuration switches them off.'
  const each = schedule.map(({ kind, at, channels }) => {
    const to = channels.length === 0 ? '' : ` to ${channels.join(', ')}`
    return `${KIND_WORDS[kind].toLowerCase()} ${at}${to}`
  })
  const files = folder === null ? '' : ` Also written to the folder ${folder}.`
  return `Made by themselves: ${each.join('; ')} (${timeZone}).${files}`
}

/** `was 120 ms, limit 200 ms`; empty where there is neither. */
export function comparedWords({ was, limit, unit }: ReportFigure): string {
  return [
    ...(was === null ? [] : [`was ${formatValue(was, unit)}`]),
    ...(limit === null ? [] : [`limit ${formatValue(limit, unit)}`]),
  ].join(', ')
}

/** What nobody knows is never shown as zero. */
export function reportValue(value: string | number | null, unit: ReportFigure['unit']): string {
  return value === null ? 'not known' : formatValue(value, unit)
}

/** Null: all of it was observed. Rounded down, so that a gap is never 100 %. */
export function coverageWords({ coverage: { ratio, gaps } }: Report): string | null {
  if (ratio >= 1 && gaps.length === 0) return null
  return `${Math.floor(Math.min(1, ratio) * 1_000) / 10} % of this time was observed.`
}

/** A path of this dashboard, and nothing else: `//host` and `javascript:` are none. */
export function isPath(link: string | null): link is string {
  return link !== null && /^\/(?![/\\])/.test(link)
}
