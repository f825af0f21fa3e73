// The slow-query report as text, for a terminal or a log.

import type { CallSite } from '../record/drained.ts'
import type { SlowQueryReport } from './slow-query-report.ts'

const MAX_ROWS = 20
const MAX_TEXT = 60

export function slowQueryReportText(report: SlowQueryReport): string {
  const { slowQueryMs, verySlowQueryMs, repeatsFrom } = report.thresholds
  const sections = [
    `Slow queries from ${report.since} to ${report.at} (slow from ${slowQueryMs} ms, very slow from ${verySlowQueryMs} ms)`,
    section(
      'Slowest',
      ['ms', 'severity', 'operation', 'where', 'route', 'statement'],
      report.slowQueries.map((query) => [
        ms(query.durationMs),
        query.severity,
        operation(query),
        place(query.caller),
        query.route ?? '',
        short(query.text),
      ]),
      'none over the threshold',
    ),
    section(
      'Statements by total time',
      ['total ms', 'calls', 'mean', 'p95', 'max', 'errors', 'operation', 'where', 'statement'],
      report.statements.map((statement) => [
        ms(statement.totalMs),
        String(statement.count),
        ms(statement.meanMs),
        ms(statement.p95Ms),
        ms(statement.maxMs),
        String(statement.errors),
        operation(statement),
        place(statement.caller),
        short(statement.text),
      ]),
      'none yet',
    ),
    section(
      'Models',
      ['total ms', 'calls', 'max', 'operation'],
      report.models.map((model) => [
        ms(model.totalMs),
        String(model.count),
        ms(model.maxMs),
        operation(model),
      ]),
      'none known',
    ),
    section(
      `Repeated in one request (N+1, from ${repeatsFrom} times)`,
      ['requests', 'times each', 'total ms', 'operation', 'where', 'route', 'statement'],
      report.repeated.map((repeat) => [
        String(repeat.requests),
        (repeat.repetitions / repeat.requests).toFixed(0),
        ms(repeat.totalMs),
        operation(repeat),
        place(repeat.caller),
        repeat.route ?? '',
        short(repeat.text),
      ]),
      'none',
    ),
    section(
      'Pools',
      ['pool', 'total', 'idle', 'waiting', 'max', 'longest out ms', 'taken at'],
      report.pools.map((pool) => [
        pool.name,
        String(pool.total),
        String(pool.idle),
        String(pool.waiting),
        String(pool.max),
        pool.oldestCheckoutMs === null ? '' : ms(pool.oldestCheckoutMs),
        place(pool.oldestCheckoutBy),
      ]),
      'none seen',
    ),
  ]
  const dropped = Object.entries(report.dropped)
  if (dropped.length > 0)
    sections.push(`Kept out by a bound: ${dropped.map(([kind, count]) => `${count} ${kind}`).join(', ')}`)
  return `${sections.join('\n\n')}\n`
}

function section(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  empty: string,
): string {
  if (rows.length === 0) return `${title}: ${empty}`
  const shown = rows.slice(0, MAX_ROWS)
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...shown.map((row) => row[column]!.length)),
  )
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => (isNumber(cell) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join('  ')}`.trimEnd()
  const more = rows.length > shown.length ? [`  and ${rows.length - shown.length} more`] : []
  return [title, line(heads), ...shown.map(line), ...more].join('\n')
}

const isNumber = (cell: string) => /^[\d.]+$/.test(cell)
const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0)
const place = (site: CallSite | null) => (site === null ? '' : `${site.file}:${site.line}`)

function operation({
  model,
  action,
}: {
  readonly model: string | null
  readonly action: string | null
}): string {
  return [model, action].filter((part) => part !== null && part !== '').join('.')
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 1)}…` : line
}
