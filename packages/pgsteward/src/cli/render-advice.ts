// Index advice for people in a terminal.

import type { AdviceReport, AdvisedIndex, ProvenRewrite, ServedStatement } from '../model/advice.ts'
import { formatBytes, formatDuration } from '../report/format.ts'
import { withoutControls } from '../report/without-controls.ts'
import type { Terminal } from './command.ts'
import { paint } from './paint.ts'

/** More would hide the next index. */
const SHOWN_STATEMENTS = 4
const SHOWN_LEFT_OUT = 10
const SHOWN_REWRITES = 10

export function renderAdvice(report: AdviceReport, terminal: Pick<Terminal, 'isColoured'>): string {
  const { bold, dim, green } = paint(terminal.isColoured)
  const { cost, search, planner, indexes, redundant, leftOut, notes } = report
  const lines = [
    `${bold(plain(report.target))}  ${dim(`planned by ${plannerWords(planner)}`)}`,
    headline(report),
    '',
    ...indexes.flatMap((index) => indexLines(index, terminal)),
  ]
  for (const each of redundant) {
    lines.push(
      `${bold(plain(`${each.schema}.${each.name}`))} is no longer needed  ${dim(formatBytes(each.sizeBytes))}`,
    )
    lines.push(`  ${plain(each.because)}`, `  ${green(`${plain(each.sql)};`)}`, '')
  }
  const rewrites = report.rewrites ?? []
  if (rewrites.length > 0)
    lines.push(
      bold(
        `${rewrites.length === 1 ? '1 statement' : `${rewrites.length} statements`} cheaper when written otherwise`,
      ),
      '',
    )
  lines.push(...rewrites.slice(0, SHOWN_REWRITES).flatMap((each) => rewriteLines(each, terminal)))
  if (rewrites.length > SHOWN_REWRITES)
    lines.push(dim(`and ${rewrites.length - SHOWN_REWRITES} more rewrites; --json lists them`), '')
  if (indexes.length > 0)
    lines.push(
      dim(
        `Writes pay ${figure(cost.writePerMinute)} units and ${formatBytes(cost.walBytesPerMinute)} of WAL a minute for them.`,
      ),
    )
  const failed = leftOut
    .slice(0, SHOWN_LEFT_OUT)
    .map(({ id, because }) => `left out  ${plain(id)}: ${plain(because)}`)
  lines.push(...failed.map(dim))
  if (leftOut.length > SHOWN_LEFT_OUT)
    lines.push(dim(`and ${leftOut.length - SHOWN_LEFT_OUT} more left out; --json lists them`))
  lines.push(...notes.map((note) => dim(plain(note))))
  const time = search.isFinished ? '' : '; time ran out, --time allows more'
  lines.push(
    dim(
      `${search.candidates} candidates, ${figure(search.explains)} plans asked, ${figure(search.answeredFromPlans)} known from others, ${formatDuration(search.tookMs)}${time}`,
    ),
  )
  return `${lines.join('\n').trimEnd()}\n`
}

function headline({ indexes, cost, sizeBytes, budgetBytes, statements }: AdviceReport): string {
  if (indexes.length === 0) {
    const what = statements.length === 1 ? 'this statement' : `these ${statements.length} statements`
    return `No index within ${formatBytes(budgetBytes)} saves ${what} noticeably more than writes would pay for it.`
  }
  const share = cost.beforePerMinute === 0 ? 1 : cost.afterPerMinute / cost.beforePerMinute
  const count = indexes.length === 1 ? '1 index' : `${indexes.length} indexes`
  return `${count}, ${formatBytes(sizeBytes)} of ${formatBytes(budgetBytes)}: the workload's planned cost falls to ${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %.`
}

function indexLines(index: AdvisedIndex, { isColoured }: Pick<Terminal, 'isColoured'>): string[] {
  const { bold, dim, green, yellow } = paint(isColoured)
  const { write } = index
  const lines = [
    `${bold(plain(`${index.schema}.${index.table}`))} ${plain(index.definition)}  ${dim(
      `${formatBytes(index.sizeBytes)}, saves ${figure(index.gainPerMinute)} a minute, writes cost ${figure(write.costPerMinute)}`,
    )}`,
    ...index.statements.slice(0, SHOWN_STATEMENTS).map((each) => `  ${plain(servedLine(each))}`),
  ]
  if (index.statements.length > SHOWN_STATEMENTS)
    lines.push(dim(`  and ${index.statements.length - SHOWN_STATEMENTS} more statements`))
  for (const caution of index.cautions) lines.push(`  ${yellow(plain(caution))}`)
  return [...lines, `  ${green(`${plain(index.sql)};`)}`, '']
}

/** The new text whole: it is there to be copied. */
function rewriteLines(rewrite: ProvenRewrite, { isColoured }: Pick<Terminal, 'isColoured'>): string[] {
  const { dim, green, yellow } = paint(isColoured)
  const { id, before, sql, why, sameResult, callsPerMinute, costBefore, costAfter } = rewrite
  const name = nameOf({ id, sql: before.replace(/\s+/g, ' ') })
  return [
    `  ${plain(`${name}: ${figure(costBefore)} to ${figure(costAfter)}, ${figure(callsPerMinute)} calls a minute`)}`,
    `  ${dim(plain(why))}`,
    `  ${sameResult === 'always' ? dim('the same rows always') : yellow(plain(`the same rows ${sameResult}`))}`,
    ...`${plain(sql)};`.split('\n').map((line) => `  ${green(line)}`),
    '',
  ]
}

/** A query id alone says nothing to a reader: its text does. */
function nameOf({ id, sql }: Pick<ServedStatement, 'id' | 'sql'>): string {
  if (!/^-?\d{9,}$/.test(id)) return id
  return sql.length <= LONGEST_NAME ? sql : `${sql.slice(0, LONGEST_NAME - 1)}…`
}

const LONGEST_NAME = 90

function servedLine(statement: ServedStatement): string {
  const { callsPerMinute, costBefore, costAfter, scanBefore, scanAfter } = statement
  const scans =
    scanBefore === null || scanBefore === scanAfter ? scanAfter : `${scanBefore} becomes ${scanAfter}`
  return `${nameOf(statement)}: ${figure(costBefore)} to ${figure(costAfter)}, ${figure(callsPerMinute)} calls a minute (${scans})`
}

function plannerWords({ kind, versionNum, agreement }: AdviceReport['planner']): string {
  const major = Math.floor(versionNum / 10_000)
  const where =
    kind === 'hypopg'
      ? 'the target with HypoPG'
      : `a twin (PostgreSQL ${major}${kind === 'pglite' ? ', PGlite' : ''})`
  if (agreement === null) return where
  const { sameShape, statements, couldNotPlan } = agreement
  const rest = couldNotPlan === 0 ? '' : `; ${couldNotPlan} statements could not be compared`
  return `${where}, which agrees with the target on ${sameShape} of ${statements} plans${rest}`
}

function figure(value: number): string {
  const digits = Math.abs(value) < 10 ? 1 : 0
  return Number(value.toFixed(digits)).toLocaleString('en-US')
}

function plain(text: string): string {
  return withoutControls(text)
}
