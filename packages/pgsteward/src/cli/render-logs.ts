// A log in short for people in a terminal: what is worst first.

import type { LogSummary, LogsParseReport, StatementDurations } from '../app/logs/run-logs-parse.ts'
import type { LogSeverity } from '../model/log-event.ts'
import { formatBytes, formatDuration } from '../report/format.ts'
import type { Terminal } from './command.ts'
import { paint } from './paint.ts'
import { plain } from './render-check.ts'

const SHOWN_CLASSES = 40
const SHOWN_STATEMENTS = 10

export function renderLogs(
  report: LogsParseReport,
  terminal: Pick<Terminal, 'isColoured' | 'width'>,
): string {
  const { bold, dim, red } = paint(terminal.isColoured)
  const { summary } = report
  const lines = [...headline(report, terminal), '']
  if (summary.events === 0) lines.push('No message is left by --classes, --since and --until.', '')
  if (summary.classes.length > 0) lines.push(...classLines(summary, terminal), '')
  if (summary.deadlocks.length > 0) {
    lines.push(bold('Deadlocks'))
    for (const { line, at, detail, query } of summary.deadlocks) {
      lines.push(`  ${red(timeOf(at))}  ${dim(`line ${line}`)}`)
      for (const each of (detail ?? '').split('\n').slice(0, 6))
        if (each !== '') lines.push(`    ${short(each, terminal.width - 4)}`)
      if (query !== null) lines.push(`    ${dim(`ended: ${short(query, terminal.width - 11)}`)}`)
    }
    lines.push('')
  }
  if (summary.slowest.length > 0) {
    lines.push(bold('Statements that took most time together'))
    for (const each of summary.slowest.slice(0, SHOWN_STATEMENTS))
      lines.push(...statementLines(each, terminal))
    lines.push('')
  }
  if (summary.unknown > 0) {
    lines.push(bold(`Messages that no class takes: ${count(summary.unknown)}`))
    for (const each of summary.unknownMessages)
      lines.push(
        `  ${count(each.count).padStart(8)}  ${short(each.message, terminal.width - 28)}  ${dim(`line ${each.line}`)}`,
      )
    lines.push('')
  }
  return `${lines.join('\n').trimEnd()}\n`
}

function headline({ files, summary }: LogsParseReport, terminal: Pick<Terminal, 'isColoured'>): string[] {
  const { bold, dim, yellow } = paint(terminal.isColoured)
  const lines = files.map(({ file, format, counts }) => {
    const name = bold(file === '-' ? 'standard input' : plain(file))
    return `${name}  ${dim(`${plain(format ?? '')}, ${formatBytes(counts.bytes)}, ${of(counts.lines, 'line')}, ${of(counts.entries, 'message')}`)}`
  })
  if (summary.fromAt !== null && summary.toAt !== null)
    lines.push(
      `${timeOf(summary.fromAt)} to ${timeOf(summary.toAt)} UTC (${formatDuration(summary.toAt.getTime() - summary.fromAt.getTime())})`,
    )
  for (const { file, counts } of files) {
    for (const words of lossWords(counts)) lines.push(yellow(`${plain(file)}: ${words}`))
  }
  return lines
}

function of(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** What was in the file and is not in its messages. */
export function lossWords({
  unreadable,
  firstUnreadable,
  cut,
}: LogsParseReport['files'][number]['counts']): string[] {
  const words: string[] = []
  if (unreadable === 1) words.push(`1 line belongs to no message: line ${firstUnreadable}`)
  else if (unreadable > 1)
    words.push(`${count(unreadable)} lines belong to no message, the first is line ${firstUnreadable}`)
  if (cut > 0) words.push(`${cut === 1 ? '1 text was' : `${count(cut)} texts were`} cut, being too long`)
  return words
}

function classLines({ classes }: LogSummary, terminal: Pick<Terminal, 'isColoured' | 'width'>): string[] {
  const { bold, dim, red } = paint(terminal.isColoured)
  const shown = classes.slice(0, SHOWN_CLASSES)
  const width = Math.max(...shown.map((each) => each.class.length))
  const lines = shown.map((each) => {
    const span = each.count === 1 ? timeOf(each.firstAt) : `${timeOf(each.firstAt)} to ${timeOf(each.lastAt)}`
    const head = `  ${severity(each.severity, terminal)} ${count(each.count).padStart(8)}  ${(each.grade === 'critical' ? red : bold)(each.class.padEnd(width))}  ${dim(span)}`
    return isSpokenFor(each)
      ? head
      : `${head}\n  ${' '.repeat(7)} ${' '.repeat(8)}  ${dim(short(each.message, terminal.width - 34))}  ${dim(`line ${each.line}`)}`
  })
  if (classes.length > shown.length)
    lines.push(dim(`  and ${classes.length - shown.length} more classes; --json has every message`))
  return [bold('What happened'), ...lines]
}

/** The class says enough; of what is bad the first message is shown. */
function isSpokenFor({ class: id, grade, severity }: LogSummary['classes'][number]): boolean {
  if (id === 'unknown') return true
  return grade === 'info' && (severity === 'LOG' || severity === 'INFO' || severity === 'NOTICE')
}

function statementLines(
  each: StatementDurations,
  terminal: Pick<Terminal, 'isColoured' | 'width'>,
): string[] {
  const { dim } = paint(terminal.isColoured)
  const calls = each.calls === 1 ? '1 time' : `${count(each.calls)} times`
  const database = each.database === null ? '' : `  ${plain(each.database)}`
  return [
    `  ${formatDuration(each.totalMs).padStart(10)}  ${calls}, mean ${formatDuration(each.meanMs)}, slowest ${formatDuration(each.maxMs)} ${dim(`(line ${each.line})  ${each.fingerprint}${database}`)}`,
    `  ${' '.repeat(10)}  ${short(each.query, terminal.width - 14)}`,
  ]
}

function severity(of: LogSeverity, { isColoured }: Pick<Terminal, 'isColoured'>): string {
  const { red, yellow, dim } = paint(isColoured)
  const word = of.padEnd(7)
  if (of === 'ERROR' || of === 'FATAL' || of === 'PANIC') return red(word)
  return of === 'WARNING' ? yellow(word) : dim(word)
}

const count = (value: number): string => value.toLocaleString('en-US')

/** UTC, to the second. */
function timeOf(at: Date | null): string {
  return at === null ? 'no time' : at.toISOString().slice(0, 19).replace('T', ' ')
}

function short(text: string, width: number): string {
  const line = plain(text.replace(/\s+/g, ' ')).trim()
  return line.length <= Math.max(40, width) ? line : `${line.slice(0, Math.max(40, width) - 1)}…`
}
