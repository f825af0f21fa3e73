// pgsteward changes: where a series changes for good.

import { resolve } from 'node:path'
import { type FoundChanges, findChanges } from '../../app/gate/find-changes.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'

export const changes = defineCommand({
  name: 'changes',
  usage: 'changes FILE [--json]',
  summary: 'find where a series changes for good, in level or trend',
  description:
    'FILE is JSON, { "series": [{ "raw": [numbers] }] } (several are dimensions of one series), { "values": [...] } or a bare list, or ' +
    'CSV with time,value on each line; null, or nothing, is a gap. Seasons, single wild points and noise that wanders are no changes. ' +
    'Prints where each new segment begins, counted from 0. On the labelled series of the Turing change point dataset it is measured ' +
    'beside published methods: docs/guides/regression-gates.md.',
  examples: ['pgsteward changes nightly-p95.csv', 'pgsteward changes series.json --json'],
  options: JSON_OPTION,
  async run(positionals, options, { terminal, cwd }) {
    const [file, second] = positionals
    if (file === undefined)
      throw new StewardError('usage', 'which series?', { hint: 'pgsteward changes FILE [--json]' })
    if (second !== undefined)
      throw new StewardError('usage', `"${second}" is one argument too many`, {
        hint: 'pgsteward changes takes one file.',
      })
    const found = await findChanges(resolve(cwd, file))
    terminal.out(
      options.json
        ? `${JSON.stringify({ changes: found.changes.map(({ index }) => index), details: found.changes })}\n`
        : changesText(found, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

function changesText(
  { dimensions, times, changes: found }: FoundChanges,
  { bold, dim }: ReturnType<typeof paint>,
): string {
  const points = dimensions[0]!.length
  const about = `${points.toLocaleString('en-US')} points${dimensions.length > 1 ? `, ${dimensions.length} dimensions` : ''}`
  if (found.length === 0)
    return `No change in ${about}.${points < 10 ? ' So few points could hardly show one.' : ''}\n`
  const lines = found.map(({ index, before, after, confidence }) => {
    const time = times?.[index]
    const ratio =
      before > 0 && after > 0
        ? ` (${after < before ? '' : '+'}${Math.round((after / before - 1) * 100)} %)`
        : ''
    const place = bold(`${index}${time === undefined ? '' : ` ${plain(time)}`}`)
    return `  ${place}  ${round(before)} -> ${round(after)}${ratio}  ${dim(sureText(confidence))}`
  })
  const many = `${found.length} ${found.length === 1 ? 'change' : 'changes'} in ${about}`
  return `${many}, by the first point after it (from 0), medians of the segments before and after:\n${lines.join('\n')}\n`
}

function sureText(confidence: number): string {
  if (confidence > 0.999) return 'over 99.9 % sure'
  return `${Math.max(0, confidence * 100).toFixed(confidence > 0.99 ? 1 : 0)} % sure`
}

/** Times come from a file: nothing that steers a terminal. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '').slice(0, 40)
}

function round(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString('en-US', { maximumSignificantDigits: 4 })
}
