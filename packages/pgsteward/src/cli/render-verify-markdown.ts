// What verify found as Markdown: for a pull request's comment, or a release's record.

import type { Timing, VerifyReport } from '../model/verify.ts'
import { formatBytes, formatDuration } from '../report/format.ts'
import { plain } from './render-check.ts'
import { indexCounts, queryWords, usageWords } from './verify-words.ts'

export function renderVerifyMarkdown(report: VerifyReport): string {
  const { target, server, indexes, queries, undeclared, problems, notes } = report
  const lines = [
    '## Declared indexes',
    '',
    `${cell(target)}, PostgreSQL ${cell(server.version)}, ${server.role}. Scans counted since ${server.statisticsSince.slice(0, 16).replace('T', ' ')} UTC.`,
    '',
    indexCounts(report),
    '',
    '| Status | Index | Table | Definition | Size | Use |',
    '|---|---|---|---|---:|---|',
    ...indexes.map((index) => {
      const { status, name, table, definition, found, because } = index
      const use = [usageWords(index), because ?? ''].filter((text) => text !== '').join('; ')
      return `| ${status} | ${code(name)} | ${code(table)} | ${code(definition)} | ${found === null ? '' : formatBytes(found.sizeBytes)} | ${cell(use)} |`
    }),
  ]
  if (queries.length > 0) {
    lines.push(
      '',
      '## Key queries',
      '',
      '| Query | Plan | With | Without | Verdict |',
      '|---|---|---:|---:|---|',
    )
    for (const query of queries) {
      const { measured, notMeasured } = query
      const times =
        measured === null || measured.ratio === null ? '' : ` (${measured.ratio.toFixed(1)} times)`
      const verdict =
        measured === null ? (notMeasured ?? '') : `${measured.verdict}${times}: ${measured.because}`
      lines.push(
        `| ${cell(query.id)} | ${cell(queryWords(query))} | ${measured === null ? '' : time(measured.with)} | ${measured?.without == null ? '' : time(measured.without)} | ${cell(verdict)} |`,
      )
    }
  }
  if (undeclared.length > 0)
    lines.push(
      '',
      `Not declared: ${undeclared.map(({ schema, name }) => code(`${schema}.${name}`)).join(', ')}.`,
    )
  if (problems.length > 0)
    lines.push('', ...problems.map(({ where, because }) => `- ${cell(where)}: ${cell(because)}`))
  if (notes.length > 0) lines.push('', ...notes.map(cell))
  return `${lines.join('\n')}\n`
}

function time({ medianMs, leastMs, mostMs, hasTimedOut }: Timing): string {
  return hasTimedOut
    ? `over ${formatDuration(mostMs)}`
    : `${formatDuration(medianMs)} (${formatDuration(leastMs)} to ${formatDuration(mostMs)})`
}

function cell(text: string): string {
  return plain(text)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
}

function code(text: string): string {
  return `\`${plain(text)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('`', "'")
    .replaceAll('|', '\\|')}\``
}
