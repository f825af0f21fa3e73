// A benchmark's analysis for people: the verdict, each metric, how sure, what to do.

import { changeText } from '../report/comparison-words.ts'
import { formatDuration, formatValue } from '../report/format.ts'
import { PLAIN, type TextStyle } from '../report/text-style.ts'
import { textTable } from '../report/text-table.ts'
import type { MetricAnalysis, RegressionAnalysis } from './benchmark-types.ts'

export function regressionReport(analysis: RegressionAnalysis, style: TextStyle = PLAIN): string {
  const { bold, dim, red, yellow, green } = style
  const { name, verdict, summary, metrics, notes, isNewBaselineDue } = analysis
  const colour = { fail: red, invalid: red, warn: yellow, inconclusive: yellow, pass: green }[verdict]
  const lines = [`${colour(bold(verdict.toUpperCase()))}: ${name}, ${summary}`]
  if (metrics.length > 0)
    lines.push(
      '',
      ...textTable(
        [
          ['', 'metric', 'baseline', 'now', 'change', ''].map(dim),
          ...metrics.map((each) => [
            wordOf(each, style),
            each.name,
            valueText(each.base, each.unit),
            valueText(each.current, each.unit),
            worseText(each),
            each.because,
          ]),
        ],
        ['left', 'left', 'right', 'right', 'right', 'left'],
      ),
    )
  const needed = metrics.flatMap(({ runsNeeded }) => (runsNeeded === null ? [] : [runsNeeded]))
  if (needed.length > 0)
    lines.push(
      '',
      `About ${Math.max(...needed)} runs in the baseline would decide: run createBaseline() on the base again.`,
    )
  if (isNewBaselineDue)
    lines.push(
      '',
      'Over 10 % better and nothing worse: renew the baseline with createBaseline({ renew: true }).',
    )
  lines.push(...notes.map(dim))
  return `${lines.join('\n')}\n`
}

function wordOf({ band, verdict }: MetricAnalysis, { red, yellow, green, dim }: TextStyle): string {
  if (verdict === 'fail') return red(band ?? 'worse')
  if (verdict === 'warn') return yellow(band ?? 'worse')
  if (verdict === 'inconclusive') return yellow('inconclusive')
  if (verdict === 'invalid') return dim('not judged')
  return band === 'improvement' ? green('better') : band === 'low' ? dim('low') : green('same')
}

/** `20 % worse`, whichever way is better. */
function worseText({ ratio }: MetricAnalysis): string {
  if (ratio === null) return ''
  const text = changeText(ratio).replace(/^[+-]/, '')
  return text === '0 %' ? text : `${text} ${ratio > 1 ? 'worse' : 'better'}`
}

function valueText(value: number | null, unit: string): string {
  if (value === null) return '-'
  if (unit === 'ms') return formatDuration(value)
  if (unit === 'bytes') return formatValue(value, 'bytes')
  return `${formatValue(value)} ${unit}`.trim()
}
