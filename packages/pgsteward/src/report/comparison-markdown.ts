// A comparison as Markdown: the comment on a pull request and the summary of a job. It answers in the order in which one asks at three
// in the morning: did this make it slower, which endpoint, how sure, because of what, what now.

import type { ComparedSeries, Comparison } from '../model/comparison.ts'
import { codeCell, codeSpan } from './code-span.ts'
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
import { escapeMarkup } from './escape-markup.ts'
import { formatEvidence } from './format.ts'

const MARKS = { pass: '✅', warn: '⚠️', fail: '❌', inconclusive: '❔', invalid: '🚫' } as const

/** GitHub refuses a comment of more than 65,536 characters; some are left for what the workflow puts around it. */
export const COMMENT_LIMIT = 60_000
const SHOWN = 25
const CAUSES = 5

/**
 * Invisible, the comment's first line: by it the workflow finds its own earlier comment and updates it, one comment a scenario.
 * Holds nothing that could end the HTML comment.
 */
export function commentMarker(comparison: Pick<Comparison, 'scenario'>): string {
  return `<!-- pgsteward-comparison ${(comparison.scenario?.id ?? 'none').replace(/[^\w-]/g, '-').replaceAll('--', '-')} -->`
}

export function comparisonMarkdown(comparison: Comparison, limit = COMMENT_LIMIT): string {
  const whole = [...heading(comparison), ...answer(comparison, SHOWN), ...folded(comparison)].join('\n')
  if (whole.length <= limit) return `${whole.trimEnd()}\n`
  // the answer counts; what is folded goes first, then rows
  for (const rows of [SHOWN, 10, 3]) {
    const short = [
      ...heading(comparison),
      ...answer(comparison, rows),
      `${escapeMarkup(powerLine(comparison))}.`,
      '',
      'The rest is too long for a comment; the artifact has it all.',
    ].join('\n')
    if (short.length <= limit) return `${short}\n`
  }
  const least = heading(comparison).join('\n')
  return `${least.length <= limit ? least : least.slice(0, limit)}\n`
}

function heading(comparison: Comparison): string[] {
  const { verdict, summary, scenario } = comparison
  const subject = scenario === null ? '' : `: ${codeSpan(scenario.id)}`
  return [
    commentMarker(comparison),
    `## ${MARKS[verdict]} Load comparison${subject}`,
    '',
    `**${VERDICT_WORDS[verdict]}: ${escapeMarkup(summary)}**`,
    '',
  ]
}

function answer(comparison: Comparison, shown: number): string[] {
  const { invalid, causes } = comparison
  const lines: string[] = []
  if (invalid.length > 0)
    lines.push(
      ...invalid.slice(0, shown).map(({ reason, detail }) => `- ${codeSpan(reason)} ${escapeMarkup(detail)}`),
      '',
    )
  const changed = changedSeries(comparison)
  if (changed.length > 0) {
    lines.push('| | Endpoint | | Before | After | Change | 95 % sure |', '|---|---|---|---:|---:|---:|---|')
    lines.push(...changed.slice(0, shown).map(changedRow))
    lines.push('')
    if (changed.length > shown) lines.push(`And ${changed.length - shown} more.`, '')
  }
  const failing = moreErrors(comparison)
  if (failing.length > 0)
    lines.push(
      '**More requests fail**',
      '',
      ...failing
        .slice(0, shown)
        .map((each) => `- 🔴 ${codeSpan(nameOf(each))} ${escapeMarkup(each.because)}`),
      '',
    )
  if (causes.length > 0) {
    lines.push('**Because**', '')
    lines.push(...causes.slice(0, CAUSES).flatMap(causeLines), '')
  }
  const steps = nextSteps(comparison)
  if (steps.length > 0) lines.push('**What now**', '', ...steps.map((step) => `- ${escapeMarkup(step)}`), '')
  return lines
}

function changedRow(each: ComparedSeries): string {
  const { verdict, band, quantile, base, head, ratio } = each
  const mark =
    band === 'improvement'
      ? '🟢 faster'
      : `${verdict === 'fail' ? '🔴' : verdict === 'warn' ? '🟡' : '🔵'} ${band}`
  return `| ${mark} | ${codeCell(nameOf(each))} | ${quantile} | ${valueText(base.valueMs)} | ${valueText(head.valueMs)} | **${changeText(ratio)}** | ${sureText(each)} |`
}

function causeLines(cause: Comparison['causes'][number]): string[] {
  const { kind, summary, subject, evidence } = cause
  return [
    `- **${kind}**: ${escapeMarkup(summary)}${shareText(cause)}`,
    ...(summary.includes(subject) ? [] : [`  - ${codeSpan(cut(subject))}`]),
    ...(evidence.length === 0 ? [] : [`  - ${escapeMarkup(formatEvidence(evidence))}`]),
  ]
}

function folded(comparison: Comparison): string[] {
  const undecided = undecidedSeries(comparison)
  const same = unchangedSeries(comparison)
  const lines = [`${escapeMarkup(powerLine(comparison))}.`, '']
  if (undecided.length > 0)
    lines.push(
      `<details><summary>${undecided.length} not decided</summary>`,
      '',
      '| Endpoint | | Before | After | Change | Could be seen from | Why |',
      '|---|---|---:|---:|---:|---:|---|',
      ...undecided.map(
        (each) =>
          `| ${codeCell(nameOf(each))} | ${each.quantile} | ${valueText(each.base.valueMs)} | ${valueText(each.head.valueMs)} | ${changeText(each.ratio)} | ${changeText(each.detectable)} | ${escapeMarkup(each.because)} |`,
      ),
      '',
      '</details>',
      '',
    )
  if (same.length > 0)
    lines.push(
      `<details><summary>${same.length} unchanged</summary>`,
      '',
      '| Endpoint | | Before | After | Change | Slower at most |',
      '|---|---|---:|---:|---:|---:|',
      ...same.map(
        (each) =>
          `| ${codeCell(nameOf(each))} | ${each.quantile} | ${valueText(each.base.valueMs)} | ${valueText(each.head.valueMs)} | ${changeText(each.ratio)} | ${changeText(each.upper)} |`,
      ),
      '',
      '</details>',
      '',
    )
  const skipped = notJudgedSeries(comparison)
  if (skipped.length > 0)
    lines.push(
      `<details><summary>${skipped.length} not judged</summary>`,
      '',
      ...skipped.map((each) => `- ${codeSpan(nameOf(each))} ${each.quantile}: ${escapeMarkup(each.because)}`),
      '',
      '</details>',
      '',
    )
  lines.push(`<sub>${escapeMarkup([designLine(comparison), ...comparison.notes].join(' '))}</sub>`, '')
  return lines
}

const LONGEST_SUBJECT = 300

function cut(text: string): string {
  return text.length > LONGEST_SUBJECT ? `${text.slice(0, LONGEST_SUBJECT)}...` : text
}
