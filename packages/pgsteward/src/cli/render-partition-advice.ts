// Advice on partitions for people in a terminal.

import type { PartitionAdvice, PartitionReport, PartitionStatement } from '../model/partition-advice.ts'
import { formatBytes } from '../report/format.ts'
import { withoutControls } from '../report/without-controls.ts'
import type { Terminal } from './command.ts'
import { paint } from './paint.ts'

const SHOWN_STATEMENTS = 12
const SHOWN_LEFT_OUT = 5
const LONGEST_TEXT = 70

export function renderPartitionReport(
  report: PartitionReport,
  terminal: Pick<Terminal, 'isColoured'>,
): string {
  const { bold, dim } = paint(terminal.isColoured)
  const leftOut = report.leftOut.slice(0, SHOWN_LEFT_OUT)
  const more = report.leftOut.length - leftOut.length
  const lines = [
    bold(plain(report.target)),
    '',
    ...report.tables.flatMap((advice) => adviceLines(advice, terminal)),
    ...leftOut.map(({ id, because }) => dim(plain(`left out  ${id}: ${because}`))),
    ...(more > 0 ? [dim(`and ${more} more left out; --json lists them`)] : []),
    ...report.notes.map((note) => dim(plain(note))),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function adviceLines(advice: PartitionAdvice, { isColoured }: Pick<Terminal, 'isColoured'>): string[] {
  const { bold, dim, green, yellow } = paint(isColoured)
  const { table, rows, sizeBytes, verdict, design, reasons, blockers, cautions, statements } = advice
  const name = `${table.schema}.${table.name}`
  const isWorthwhile = verdict.is === 'worthwhile'
  const shown = statements.slice(0, SHOWN_STATEMENTS)
  return [
    `${bold(plain(name))}  ${dim(`${count(rows)} rows, ${formatBytes(sizeBytes)}`)}`,
    `${isWorthwhile ? green('worthwhile') : yellow('not worthwhile')}: ${plain(verdict.because)}`,
    ...(design === null ? [] : ['', `  ${plain(designWords(advice))}`]),
    ...reasons.map((reason) => `  ${plain(reason)}`),
    ...(blockers.length === 0
      ? []
      : [
          '',
          '  To be settled first:',
          ...blockers.flatMap(({ kind, name, because, whatToDo }) => [
            `  ${yellow(plain(`${kind} ${name}`))}: ${plain(because)}`,
            `    ${dim(plain(whatToDo))}`,
          ]),
        ]),
    ...(cautions.length === 0 ? [] : ['', ...cautions.map((caution) => `  ${dim(plain(caution))}`)]),
    ...(shown.length === 0
      ? []
      : [
          '',
          dim(`  ${'time'.padStart(5)}  ${'cost'.padStart(19)}  partitions read`),
          ...shown.map((each) => plain(statementLine(each))),
        ]),
    ...(statements.length > shown.length
      ? [dim(`  and ${statements.length - shown.length} more; --json lists them`)]
      : []),
    ...(statements.length === 0 ? [] : [dim(`  ${plannerWords(advice.planner)}`)]),
    ...(isWorthwhile ? ['', `  Next: pgsteward partition plan URL ${plain(name)}`] : []),
    '',
  ]
}

function designWords({ design, statements }: PartitionAdvice): string {
  const { key, step, keepMonths } = design!
  const every =
    step.by === 'time' ? `a partition a ${step.every}` : `a partition for ${count(step.size)} values`
  const kept =
    keepMonths === null ? '' : `, kept for ${keepMonths === 1 ? '1 month' : `${keepMonths} months`}`
  const made = statements[0] === undefined ? '' : ` (${statements[0].partitions} with 3 ahead and a default)`
  return `by ${key.column} (${key.type}), ${every}${kept}${made}`
}

function statementLine(statement: PartitionStatement): string {
  const { shareOfTime, costBefore, costAfter, partitionsScanned, partitions, isReplacedByDrop } = statement
  const cost = isReplacedByDrop
    ? `${figure(costBefore)} to a drop`
    : `${figure(costBefore)} to ${figure(costAfter)}`
  const share = shareOfTime < 0.005 ? '<1 %' : `${Math.round(shareOfTime * 100)} %`
  return `  ${share.padStart(5)}  ${cost.padStart(19)}  ${`${partitionsScanned} of ${partitions}`.padEnd(15)}  ${textOf(statement)}`
}

function textOf({ id, sql }: PartitionStatement): string {
  if (!/^-?\d{9,}$/.test(id)) return id
  const text = sql.replace(/\s+/g, ' ')
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`
}

function plannerWords(planner: PartitionAdvice['planner']): string {
  if (planner === null) return ''
  const { kind, versionNum, agreement } = planner
  const rest = agreement.couldNotPlan === 0 ? '' : `; ${agreement.couldNotPlan} could not be compared`
  return `Planned by twins (PostgreSQL ${Math.floor(versionNum / 10_000)}${kind === 'pglite' ? ', PGlite' : ''}), which agree with the target on ${agreement.sameShape} of ${agreement.statements} plans of the table as it is${rest}.`
}

function figure(value: number): string {
  return Number(value.toFixed(value < 10 ? 1 : 0)).toLocaleString('en-US')
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function plain(text: string): string {
  return withoutControls(text)
}
