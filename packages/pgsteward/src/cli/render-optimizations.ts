// Optimization records for a terminal: one line each, with what it brought.

import type { OptimizationHeadWire } from '../model/optimization-wire.ts'
import { formatBytes, formatDuration, formatValue } from '../report/format.ts'
import type { paint } from './paint.ts'
import { plain } from './render-check.ts'

export function optimizationLines(
  optimizations: readonly OptimizationHeadWire[],
  { bold, dim, green, red, yellow }: ReturnType<typeof paint>,
): string {
  if (optimizations.length === 0)
    return 'No optimization records yet: approve a remedy (pgsteward maintain approve FINDING), or make an index.\n'
  const lines = optimizations.flatMap(({ name, state, title, steps, verdict, value, targetId }) => {
    const done = steps.filter(({ at }) => at !== null).length
    const colour = verdict === 'improved' || verdict === 'gone' ? green : verdict === 'worse' ? red : yellow
    const waits = steps.find(({ at }) => at === null)?.step
    const next = waits === undefined || state !== 'under-way' ? '' : `, next ${waits}`
    return [
      `${bold(name)}  ${plain(title)}  ${dim(plain(targetId ?? ''))}`,
      `  ${state}${next} ${dim(`(${done} of ${steps.length} steps)`)}${verdict === null ? '' : `  ${colour(verdict)}${valueWords(value)}`}`,
    ]
  })
  return `${lines.join('\n')}\n`
}

function valueWords(value: OptimizationHeadWire['value']): string {
  if (value === null) return ''
  const { msPerDay, share, bytes } = value
  return [
    msPerDay === null || msPerDay === 0
      ? ''
      : `, ${formatDuration(Math.abs(msPerDay))} ${msPerDay > 0 ? 'saved' : 'more'} a day${share === null ? '' : ` (${formatValue(Math.abs(share), 'ratio')})`}`,
    bytes === null || bytes === 0 ? '' : `, ${formatBytes(Math.abs(bytes))} ${bytes > 0 ? 'freed' : 'more'}`,
  ].join('')
}
