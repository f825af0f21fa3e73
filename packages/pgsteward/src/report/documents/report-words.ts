// What all renderings of a report say alike: values, moments, status, coverage, and where a link leads.

import type { Report, ReportFigure } from '../../model/report.ts'
import { formatValue } from '../format.ts'

type Value = string | number | null
type ReportUnit = ReportFigure['unit']
export type StatusLevel = NonNullable<Report['status']>['level']

export interface RenderOptions {
  /** Where people open the dashboard; null: links are left out, as they would lead nowhere. */
  readonly baseUrl: string | null
}

export const NOT_KNOWN = 'not known'

export const STATUS_WORDS: Readonly<Record<StatusLevel, string>> = {
  green: 'Green',
  yellow: 'Yellow',
  red: 'Red',
  unknown: 'Unknown',
}

/** What nobody knows is never shown as zero. */
export function valueText(value: Value, unit: ReportUnit): string {
  return value === null ? NOT_KNOWN : formatValue(value, unit)
}

/** Numbers stand to the right, so that their digits are above each other. */
export function isNumeric(unit: ReportUnit): boolean {
  return unit !== 'text'
}

/** `was 120 ms (+25 %), limit 200 ms`; empty where there is neither. A share is compared as it is: percents of percents mislead. */
export function comparedText({ value, unit, was, limit }: ReportFigure): string {
  return [
    ...(was === null ? [] : [`was ${formatValue(was, unit)}${changeText(value, was, unit)}`]),
    ...(limit === null ? [] : [`limit ${formatValue(limit, unit)}`]),
  ].join(', ')
}

function changeText(value: Value, was: number, unit: ReportUnit): string {
  if (typeof value !== 'number' || unit === 'ratio' || was <= 0 || value < 0) return ''
  if (value >= was * 10)
    return ` (${(value / was).toLocaleString('en-US', { maximumFractionDigits: 0 })} times)`
  const percent = Math.round((value / was - 1) * 100)
  return percent === 0 ? ' (as before)' : ` (${percent > 0 ? '+' : '−'}${Math.abs(percent)} %)`
}

const formats = new Map<string, Intl.DateTimeFormat>()

function partsOf(at: Date, timeZone: string): ReadonlyMap<string, string> {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  formats.set(timeZone, format)
  return new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
}

/** `22 Nov 2026, 14:05`, by the clocks of the place. */
export function momentText(at: string | Date, timeZone: string): string {
  const part = partsOf(new Date(at), timeZone)
  return `${part.get('day')} ${part.get('month')} ${part.get('year')}, ${part.get('hour')}:${part.get('minute')}`
}

/** `22 Nov 14:05`, where the year is told already. */
export function shortMomentText(at: string | Date, timeZone: string): string {
  const part = partsOf(new Date(at), timeZone)
  return `${part.get('day')} ${part.get('month')} ${part.get('hour')}:${part.get('minute')}`
}

export function periodText({ period: { from, to, timeZone } }: Report): string {
  return `${momentText(from, timeZone)} to ${momentText(to, timeZone)} (${timeZone})`
}

/** Null: everything was observed. Rounded down, so that a gap is never 100 %. */
export function coverageText({ coverage }: Report): string | null {
  if (coverage.ratio >= 1 && coverage.gaps.length === 0) return null
  const percent = Math.floor(Math.min(1, coverage.ratio) * 1_000) / 10
  return `${coverage.ratio >= 1 ? 'Observed nearly throughout' : `${percent} % of this time was observed`}; what is not known is said to be so, never counted as zero.`
}

export function gapText({ from, to, because }: Report['coverage']['gaps'][number], timeZone: string): string {
  return `${shortMomentText(from, timeZone)} to ${shortMomentText(to, timeZone)}: ${because}`
}

/** A report's link under the public address; null: there is none, or it is no path of the dashboard (`//host`, `javascript:`). */
export function addressOf(link: string | null, baseUrl: string | null): string | null {
  if (link === null || baseUrl === null || !/^\/(?![/\\])/.test(link)) return null
  const address = `${baseUrl.replace(/\/+$/, '')}${link}`
  return URL.canParse(address) ? new URL(address).href : null
}

export interface ProsePart {
  readonly isCode: boolean
  readonly text: string
}

/** Plain words with `code` in backticks, taken apart. */
export function proseParts(text: string): readonly ProsePart[] {
  return text
    .split(/`([^`]+)`/)
    .map((part, index) => ({ isCode: index % 2 === 1, text: part }))
    .filter((part) => part.text !== '')
}

/** `and 12 more`; empty where nothing was left out. */
export function moreText(more: number): string {
  return more > 0 ? `and ${more.toLocaleString('en-US')} more` : ''
}
