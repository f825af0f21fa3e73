// What verify found, for people in a terminal: what is wrong first, then what is there, then queries.

import type { IndexStatus, Timing, VerifiedIndex, VerifiedQuery, VerifyReport } from '../model/verify.ts'
import { UNUSED } from '../model/verify.ts'
import { formatBytes, formatDuration } from '../report/format.ts'
import type { Terminal } from './command.ts'
import { paint } from './paint.ts'
import { plain } from './render-check.ts'
import { indexCounts, queryWords, usageWords } from './verify-words.ts'

const ORDER: readonly IndexStatus[] = ['missing', 'invalid', 'different', 'unused', 'ok']
const SHOWN_UNDECLARED = 10
const SHOWN_PROBLEMS = 20

export function renderVerify(report: VerifyReport, terminal: Pick<Terminal, 'isColoured'>): string {
  const { bold, dim } = paint(terminal.isColoured)
  const { target, server, indexes, queries, undeclared, problems, notes } = report
  const sorted = [...indexes].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status))
  const lines = [
    `${bold(plain(target))}  ${dim(`PostgreSQL ${server.version}, ${server.role}; scans counted since ${server.statisticsSince.slice(0, 16).replace('T', ' ')} UTC`)}`,
    indexCounts(report),
    '',
    ...table(sorted, terminal),
  ]
  if (queries.length > 0) lines.push('', ...queries.flatMap((query) => queryLines(query, terminal)))
  if (undeclared.length > 0) {
    lines.push(
      '',
      `${undeclared.length} more ${undeclared.length === 1 ? 'index is' : 'indexes are'} not declared:`,
    )
    for (const each of undeclared.slice(0, SHOWN_UNDECLARED))
      lines.push(
        dim(
          plain(
            `  ${each.schema}.${each.name} on ${each.table} ${each.definition}  ${formatBytes(each.sizeBytes)}, ${each.scans.toLocaleString('en-US')} scans${each.isValid ? '' : ', invalid'}`,
          ),
        ),
      )
    if (undeclared.length > SHOWN_UNDECLARED)
      lines.push(dim(`  and ${undeclared.length - SHOWN_UNDECLARED} more; --json lists them`))
  }
  if (problems.length + notes.length > 0) lines.push('')
  for (const { where, because } of problems.slice(0, SHOWN_PROBLEMS))
    lines.push(dim(plain(`${where}: ${because}`)))
  if (problems.length > SHOWN_PROBLEMS) lines.push(dim(`and ${problems.length - SHOWN_PROBLEMS} more`))
  lines.push(...notes.map((note) => dim(plain(note))))
  return `${lines.join('\n').trimEnd()}\n`
}

function table(indexes: readonly VerifiedIndex[], { isColoured }: Pick<Terminal, 'isColoured'>): string[] {
  const { dim } = paint(isColoured)
  const names = indexes.map((index) => plain(index.name))
  const width = Math.min(WIDEST_NAME, Math.max(...names.map((name) => name.length), 5))
  const sizes = indexes.map(({ found }) => (found === null ? '-' : formatBytes(found.sizeBytes)))
  const sizeWidth = Math.max(...sizes.map((size) => size.length))
  return indexes.flatMap((index, place) => {
    const line = `${statusWord(index.status, isColoured)} ${names[place]!.padEnd(width)}  ${sizes[place]!.padStart(sizeWidth)}  ${usageWords(index)}`
    const more = [
      ...(index.status === 'ok' ? [] : [`${plain(index.table)} ${plain(index.definition)}`]),
      ...(index.because === null || index.because === UNUSED ? [] : [plain(index.because)]),
      ...(index.status === 'ok' || index.status === 'unused' || index.declaredIn.length === 0
        ? []
        : [`declared in ${index.declaredIn.map(plain).join(', ')}`]),
    ]
    return [line, ...more.map((text) => `${' '.repeat(10)}${dim(text)}`)]
  })
}

const WIDEST_NAME = 63

function statusWord(status: IndexStatus, isColoured: boolean): string {
  const { red, yellow, green, bold } = paint(isColoured)
  const bad = (text: string) => red(bold(text))
  const style = { missing: bad, invalid: bad, different: bad, unused: yellow, ok: green }[status]
  return style(status.padEnd(9))
}

function queryLines(query: VerifiedQuery, { isColoured }: Pick<Terminal, 'isColoured'>): string[] {
  const { bold, dim, green, red, yellow } = paint(isColoured)
  const { measured } = query
  const lines = [`${bold(plain(query.id))}  ${plain(queryWords(query))}`]
  if (query.plan !== null) lines.push(`  ${dim(plain(query.plan.steps.join(', ')))}`)
  if (query.without !== null) lines.push(`  ${dim(plain(`without: ${query.without.steps.join(', ')}`))}`)
  if (measured !== null) {
    const style = { faster: green, slower: red, 'no difference': plainly, inconclusive: yellow }[
      measured.verdict
    ]
    const ratio = measured.ratio === null ? '' : ` ${factor(measured.ratio)}`
    const rest = measured.without === null ? '' : `, without ${timing(measured.without)}`
    lines.push(`  measured: ${timing(measured.with)}${rest}`)
    if (measured.without !== null)
      lines.push(
        `  ${style(`${measured.verdict}${measured.verdict === 'faster' ? ratio : ''}`)}: ${plain(measured.because)}`,
      )
  }
  if (query.notMeasured !== null) lines.push(`  ${yellow(plain(`not measured: ${query.notMeasured}`))}`)
  return lines
}

function plainly(text: string): string {
  return text
}

function factor(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 1 : 0)} times`
}

function timing({ medianMs, leastMs, mostMs, runs, blocks, hasTimedOut }: Timing): string {
  if (hasTimedOut) return `over ${formatDuration(mostMs)} (time limit)`
  return `${formatDuration(medianMs)} (${formatDuration(leastMs)} to ${formatDuration(mostMs)}, ${runs} runs, ${blocks.toLocaleString('en-US')} blocks)`
}
