// A comparison for people in a terminal: the verdict, what changed and how sure that is, because of what, what now.

import type { ComparedSeries, Comparison } from '../model/comparison.ts'
import {
  changedSeries,
  changeText,
  designLine,
  moreErrors,
  nameOf,
  nextSteps,
  notJudgedSeries,
  powerLine,
  shareText,
  sureText,
  unchangedSeries,
  undecidedSeries,
  VERDICT_WORDS,
  valueText,
} from './comparison-words.ts'
import { formatEvidence } from './format.ts'
import { PLAIN, type TextStyle } from './text-style.ts'
import { textTable } from './text-table.ts'
import { withoutControls } from './without-controls.ts'

const SHOWN = 20

export function comparisonText(comparison: Comparison, style: TextStyle = PLAIN): string {
  const { bold, dim, red, yellow, green } = style
  const { verdict, summary, invalid, causes, notes } = comparison
  const colour = { fail: red, invalid: red, warn: yellow, inconclusive: yellow, pass: green }[verdict]
  const lines = [
    `${colour(bold(VERDICT_WORDS[verdict]))}: ${plain(summary)}`,
    dim(plain(designLine(comparison))),
  ]
  if (invalid.length > 0)
    lines.push('', ...invalid.map(({ reason, detail }) => `  ${red(reason)}: ${plain(detail)}`))
  const changed = changedSeries(comparison)
  if (changed.length > 0) lines.push('', ...changedLines(changed, style))
  const failing = moreErrors(comparison)
  if (failing.length > 0)
    lines.push(
      '',
      bold('More requests fail'),
      ...failing.map((each) => `  ${red(plain(nameOf(each)))}  ${plain(each.because)}`),
    )
  const undecided = undecidedSeries(comparison)
  if (undecided.length > 0) lines.push('', bold('Not decided'), ...undecidedLines(undecided))
  if (causes.length > 0) {
    lines.push('', bold('Because'))
    for (const cause of causes) {
      const { summary: what, subject, evidence } = cause
      lines.push(`  ${plain(what)}${shareText(cause)}`)
      if (!what.includes(subject)) lines.push(dim(`    ${plain(subject)}`))
      if (evidence.length > 0) lines.push(dim(`    ${plain(formatEvidence(evidence))}`))
    }
  }
  const steps = nextSteps(comparison)
  if (steps.length > 0) lines.push('', bold('What now'), ...steps.map((step) => `  ${plain(step)}`))
  const same = unchangedSeries(comparison)
  lines.push('', dim(`${powerLine(comparison)}.`))
  if (same.length > 0) lines.push(dim(`unchanged: ${names(same)}`))
  const skipped = notJudgedSeries(comparison)
  if (skipped.length > 0) lines.push(dim(`not judged: ${plain(reasons(skipped))}`))
  lines.push(...notes.map((note) => dim(plain(note))))
  return `${lines.join('\n')}\n`
}

function changedLines(changed: readonly ComparedSeries[], style: TextStyle): readonly string[] {
  const { red, yellow, green, dim } = style
  const colours = { fail: red, warn: yellow, pass: dim, inconclusive: yellow, invalid: red }
  const rows = changed
    .slice(0, SHOWN)
    .map((each) => [
      each.band === 'improvement' ? green('faster') : colours[each.verdict](each.band!),
      plain(nameOf(each)),
      each.quantile,
      valueText(each.base.valueMs),
      valueText(each.head.valueMs),
      changeText(each.ratio),
      sureText(each),
    ])
  return [
    ...textTable(
      [['', 'endpoint', '', 'before', 'after', 'change', '95 % sure'].map(dim), ...rows],
      ['left', 'left', 'left', 'right', 'right', 'right', 'left'],
    ),
    ...(changed.length > SHOWN ? [dim(`  and ${changed.length - SHOWN} more; --json has them all`)] : []),
  ]
}

function undecidedLines(undecided: readonly ComparedSeries[]): readonly string[] {
  return [
    ...textTable(
      undecided
        .slice(0, SHOWN)
        .map((each) => [plain(nameOf(each)), each.quantile, changeText(each.ratio), plain(each.because)]),
      ['left', 'left', 'right', 'left'],
    ),
    ...(undecided.length > SHOWN ? [`  and ${undecided.length - SHOWN} more; --json has them all`] : []),
  ]
}

function names(series: readonly ComparedSeries[]): string {
  const all = [...new Set(series.map(nameOf))]
  return plain(
    all.length > SHOWN ? `${all.slice(0, SHOWN).join(', ')} and ${all.length - SHOWN} more` : all.join(', '),
  )
}

/** Endpoints by why they were not judged, since the reasons are few. */
function reasons(series: readonly ComparedSeries[]): string {
  const by = Map.groupBy(series, ({ because }) => because.replace(/; there were .*/, '.'))
  return [...by]
    .map(
      ([because, each]) =>
        `${each.length === 1 ? `${nameOf(each[0]!)} ${each[0]!.quantile}` : `${each.length} quantiles`} (${because})`,
    )
    .join('; ')
}

function plain(text: string): string {
  return withoutControls(text)
}
