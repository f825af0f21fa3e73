// An optimization record as Markdown: what was found, done and measured, for whoever asks in a year.

import type { Evidence } from '../../model/finding.ts'
import type { OptimizationWire } from '../../model/optimization-wire.ts'
import { formatBytes, formatDuration, formatEvidence, formatValue } from '../../report/format.ts'

type Measured = NonNullable<OptimizationWire['measure']>

export function optimizationDocument(is: OptimizationWire): string {
  const { identify, analyse, rootCause, implement, deploy, measure } = is
  return [
    `# ${is.name}: ${oneLine(is.title)}`,
    '',
    resultWords(measure),
    '',
    '## Found',
    '',
    identify.findingKey === null ? 'No finding led to it.' : `Finding \`${identify.findingKey}\`.`,
    ...(identify.evidence.length === 0 ? [] : ['', `${formatEvidence(evidence(identify.evidence))}.`]),
    ...(analyse === null || analyse.statements.length === 0
      ? []
      : ['', ...analyse.statements.map(({ text, plan }) => `- \`${code(text)}\`${planWords(plan)}`)]),
    ...(rootCause === null ? [] : ['', '## Cause', '', rootCause.text]),
    ...(implement === null
      ? []
      : [
          '',
          '## Done',
          ...(implement.seen === undefined
            ? []
            : ['', `Seen: ${oneLine(implement.seen)}. Who did it is not known.`]),
          ...(implement.sql.length === 0
            ? []
            : ['', '```sql', ...implement.sql.map((sql) => `${sql};`), '```']),
        ]),
    ...(implement?.undo == null
      ? []
      : ['', 'Undone by:', '', '```sql', ...implement.undo.map((sql) => `${sql};`), '```']),
    ...(deploy === null ? [] : ['', deployWords(deploy)]),
    ...(measure === null ? [] : ['', '## Measured', '', ...measuredLines(measure)]),
    '',
  ].join('\n')
}

/** One sentence: what it brought. */
export function resultWords(measure: Measured | null): string {
  if (measure === null) return 'Nothing is measured yet.'
  const { verdict, value, because } = measure
  switch (verdict) {
    case 'improved':
    case 'worse':
    case 'no-change': {
      const word = {
        improved: 'It helped',
        worse: 'It made things slower',
        'no-change': 'It changed nothing',
      }[verdict]
      if (value.msPerDay === null || verdict === 'no-change') return `${word}.`
      const share = value.share === null ? '' : `, ${formatValue(Math.abs(value.share), 'ratio')} of all`
      const gained = value.msPerDay >= 0 ? 'saved' : 'more spent'
      return `${word}: ${formatDuration(Math.abs(value.msPerDay))} of database time ${gained} a day${share}.`
    }
    case 'gone': {
      const freed =
        value.bytes === null || value.bytes <= 0 ? '' : `, and ${formatBytes(value.bytes)} are freed`
      return `The check no longer finds it${freed}.`
    }
    default:
      return `Nothing is proven: ${because ?? verdict}.`
  }
}

function measuredLines({
  windows,
  statements,
  evidenceBefore,
  evidenceAfter,
  predictedRatio,
  measuredRatio,
  value,
}: Measured) {
  return [
    ...(windows === null
      ? []
      : [
          `Before: ${windows.before.from} to ${windows.before.to}. After: ${windows.after.from} to ${windows.after.to}.`,
          '',
        ]),
    ...(measuredRatio === null
      ? []
      : [
          `Time after to before: ${formatValue(measuredRatio, 'ratio')}${predictedRatio === null ? '' : `, predicted ${formatValue(predictedRatio, 'ratio')}`}.`,
          '',
        ]),
    ...(statements.length === 0
      ? []
      : [
          '| Statement | Calls/min | Mean before | Mean after | Blocks before | Blocks after | Verdict |',
          '|---|---|---|---|---|---|---|',
          ...statements.map(
            (each) =>
              `| \`${code(each.text)}\` | ${formatValue(each.callsPerMinuteBefore)} | ${formatDuration(each.meanMsBefore)} | ${formatDuration(each.meanMsAfter)} | ${formatValue(each.blocksPerCallBefore)} | ${formatValue(each.blocksPerCallAfter)} | ${each.verdict} |`,
          ),
          '',
        ]),
    ...(evidenceBefore.length === 0 ? [] : [`Before: ${formatEvidence(evidence(evidenceBefore))}.`]),
    ...(evidenceAfter.length === 0 ? [] : [`After: ${formatEvidence(evidence(evidenceAfter))}.`]),
    `By ${value.source}.`,
  ]
}

function deployWords({
  at,
  jobId,
  decidedBy,
  decisionId,
  through,
}: NonNullable<OptimizationWire['deploy']>): string {
  if (jobId !== null)
    return `Done by job ${jobId} at ${at}, decided by ${decidedBy ?? 'nobody'}${decisionId === null ? '' : ` (decision ${decisionId})`}.`
  return `Seen at ${at}${through === null ? '' : `, with the deployment of ${through}`}. No job of maintenance made it.`
}

function planWords(plan: readonly string[] | null): string {
  return plan === null ? '' : `: ${plan.join(' > ')}`
}

function evidence(of: Measured['evidenceBefore']): Evidence[] {
  return of.map(({ label, value, unit }) => ({ label, value, ...(unit === undefined ? {} : { unit }) }))
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** Within a table cell and a code span. */
function code(text: string): string {
  return oneLine(text).replaceAll('`', "'").replaceAll('|', '\\|')
}
