// A sweep for people in a terminal: the answer, then each value with its steps.

import type { Sweep } from '../model/sweep.ts'
import { formatDuration } from './format.ts'
import {
  kneeWords,
  offeredWord,
  poolSignalWords,
  STEP_COLUMNS,
  stepCells,
  sweepVerdict,
} from './sweep-words.ts'
import { PLAIN, type TextStyle } from './text-style.ts'
import { textTable } from './text-table.ts'

export function sweepText(sweep: Sweep, style: TextStyle = PLAIN): string {
  const { bold, dim, yellow } = style
  const [answer, ...more] = sweepVerdict(sweep)
  const limit = sweep.p95LimitMs === null ? '' : `, p95 within ${formatDuration(sweep.p95LimitMs)}`
  const lines = [
    bold(answer!),
    ...more,
    dim(
      `${sweep.scenario.id}, ${sweep.model} model, steps of ${formatDuration(sweep.stepMs)}, ${sweep.rounds === 1 ? 'once' : `${sweep.rounds} times`}${limit}`,
    ),
    ...(sweep.ended === 'interrupted' ? [yellow('It was interrupted; the steps below are whole.')] : []),
  ]
  for (const value of sweep.values) {
    lines.push('', bold(`${sweep.variable}=${value.value}`))
    if (value.trouble !== null) lines.push(`  ${yellow(value.trouble.replaceAll('\n', '\n  '))}`)
    if (value.steps.length === 0) continue
    lines.push(
      ...textTable(
        [
          [offeredWord(sweep.model), ...STEP_COLUMNS.slice(1)].map(dim),
          ...value.steps
            .toSorted((one, other) => one.offered - other.offered || one.round - other.round)
            .map(stepCells),
        ],
        STEP_COLUMNS.map(() => 'right'),
      ),
      `  ${kneeWords(value.fit)}`,
      `  ${poolSignalWords(value, sweep.model)}`,
    )
  }
  return `${lines.join('\n')}\n`
}
