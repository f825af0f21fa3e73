// The practice's figures for a terminal: a line each, the span before beside it.

import type { PracticePeriodWire, PracticeWire } from '../model/practice-wire.ts'
import { formatBytes, formatDuration, formatValue } from '../report/format.ts'
import type { paint } from './paint.ts'

const LABEL_WIDTH = 26

export function practiceLines(
  { period, before }: PracticeWire,
  { bold, dim }: ReturnType<typeof paint>,
): string {
  const [last] = before
  const row = (label: string, words: (of: PracticePeriodWire) => string) =>
    `  ${label.padEnd(LABEL_WIDTH)}${words(period)}${last === undefined ? '' : dim(`   before: ${words(last)}`)}`
  return `${[
    bold(`${period.from.slice(0, 10)} to ${period.to.slice(0, 10)}`),
    row('incidents', ({ incidents }) => String(incidents)),
    row('time to detect', ({ toDetect }) => spread(toDetect)),
    row('time to acknowledge', ({ toAcknowledge }) => spread(toAcknowledge)),
    row('time to mitigate', ({ toMitigate }) => spread(toMitigate)),
    row('time to recover', ({ toRecover }) => spread(toRecover)),
    row('incidents reviewed', ({ reviewed }) => share(reviewed)),
    row('launch reviews done', ({ launchReviews }) => share(launchReviews)),
    row('action items done', ({ actionItems }) => share(actionItems)),
    row(
      'changes that held',
      ({ changes, emergencyChanges }) => `${share(changes)}${emergencyWords(emergencyChanges)}`,
    ),
    row('optimizations that helped', ({ optimizations }) => share(optimizations)),
    row('database time saved a day', ({ savedMsPerDay }) => signed(savedMsPerDay, formatDuration)),
    row('space freed', ({ freedBytes }) => signed(freedBytes, formatBytes)),
  ].join('\n')}\n`
}

function spread({ medianMs, p90Ms, count }: PracticePeriodWire['toDetect']): string {
  return medianMs === null || p90Ms === null
    ? 'none known'
    : `${formatDuration(medianMs)}, 90 % within ${formatDuration(p90Ms)} (of ${count})`
}

function share({ good, all, ratio }: PracticePeriodWire['changes']): string {
  return ratio === null ? 'none' : `${good} of ${all} (${formatValue(ratio, 'ratio')})`
}

function emergencyWords(count: number): string {
  return count === 0 ? '' : `, ${count} in an emergency`
}

function signed(value: number, words: (value: number) => string): string {
  return value === 0 ? '0' : `${value < 0 ? '-' : ''}${words(Math.abs(value))}`
}
