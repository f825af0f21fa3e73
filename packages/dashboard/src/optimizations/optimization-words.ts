// Optimization records in words: how far each is, what it brought.

import type { OptimizationHeadWire } from 'pgsteward/wire'
import { formatBytes, formatMs, formatRatio } from '../format.ts'

export const STATE_WORDS: Readonly<Record<OptimizationHeadWire['state'], string>> = {
  'under-way': 'Under way',
  measuring: 'Measuring',
  completed: 'Completed',
  abandoned: 'Abandoned',
  'taken-back': 'Taken back',
}

export const STEP_WORDS: Readonly<Record<OptimizationHeadWire['steps'][number]['step'], string>> = {
  identify: 'Identify',
  analyse: 'Analyse',
  'root-cause': 'Root cause',
  implement: 'Implement',
  deploy: 'Deploy',
  measure: 'Measure',
  document: 'Document',
}

const VERDICT_WORDS: Readonly<Record<NonNullable<OptimizationHeadWire['verdict']>, string>> = {
  improved: 'Improved',
  'no-change': 'No change',
  worse: 'Worse',
  'too-few-calls': 'Too few calls',
  disturbed: 'Disturbed',
  gone: 'Finding gone',
  remains: 'Finding remains',
}

export function badgeOf({ state, verdict }: OptimizationHeadWire): readonly [words: string, look: string] {
  if (state !== 'completed' || verdict === null)
    return [STATE_WORDS[state], state === 'under-way' || state === 'measuring' ? 'is-info' : 'is-muted']
  const look =
    verdict === 'improved' || verdict === 'gone'
      ? 'is-resolved'
      : verdict === 'worse'
        ? 'is-critical'
        : 'is-muted'
  return [VERDICT_WORDS[verdict], look]
}

/** Empty: nothing was measured that could be told as a figure. */
export function valueWords(value: OptimizationHeadWire['value']): string {
  if (value === null) return ''
  const { msPerDay, share, bytes } = value
  const time =
    msPerDay === null || msPerDay === 0
      ? []
      : [
          `${formatMs(Math.abs(msPerDay))} of database time ${msPerDay > 0 ? 'saved' : 'more'} a day${share === null ? '' : ` (${formatRatio(Math.abs(share))})`}`,
        ]
  const space =
    bytes === null || bytes === 0
      ? []
      : [`${formatBytes(Math.abs(bytes))} ${bytes > 0 ? 'freed' : 'more space'}`]
  return [...time, ...space].join(', ')
}
