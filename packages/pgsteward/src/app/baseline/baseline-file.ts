// A baseline as a file for git: its head and a summary of each endpoint for people, then one run a line, so that a renewal shows which
// runs came and which left, and what it did to the figures.

import { dirname, join } from 'node:path'
import { compactRuns } from '../../load/compact-runs.ts'
import type { Baseline } from '../../model/baseline.ts'
import { formatDuration } from '../../report/format.ts'
import { writeWholeFile } from '../load/write-whole-file.ts'
import { type BaselineSeries, baselineSeries } from './baseline-series.ts'

/** Throws 'file-not-written'. */
export async function writeBaseline(path: string, baseline: Baseline): Promise<void> {
  await writeWholeFile(path, baselineText(baseline))
}

export function baselineText(baseline: Baseline): string {
  const { runs, noise, summary: _, ...head } = baseline
  const lines = Object.entries(head).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
  )
  const list = (name: string, values: readonly unknown[], isLast = false) =>
    values.length === 0
      ? [`  ${JSON.stringify(name)}: []${isLast ? '' : ','}`]
      : [
          `  ${JSON.stringify(name)}: [`,
          ...values.map((value, at) => `    ${JSON.stringify(value)}${at === values.length - 1 ? '' : ','}`),
          `  ]${isLast ? '' : ','}`,
        ]
  return `${[
    '{',
    ...lines,
    ...list('summary', summaryLines(baselineSeries(runs))),
    ...list('noise', noise),
    ...list('runs', compactRuns(runs), true),
    '}',
  ].join('\n')}\n`
}

/** `GET /api/members/:id   12,000 requests   p50 12 ms   p95 40 ms   p99 80 ms   errors 0.1 %`. */
function summaryLines(series: readonly BaselineSeries[]): readonly string[] {
  const width = Math.max(...series.map(({ name }) => name.length))
  const value = (ms: number | null) => (ms === null ? '-' : formatDuration(ms)).padEnd(8)
  return series.map(
    ({ name, count, errors, p50Ms, p95Ms, p99Ms }) =>
      `${name.padEnd(width)}  ${count.toLocaleString('en-US').padStart(9)} requests  p50 ${value(p50Ms)} p95 ${value(p95Ms)} p99 ${value(p99Ms)} errors ${((errors / Math.max(1, count)) * 100).toFixed(2)} %`,
  )
}

/** `benchmarks/history` for `benchmarks/main-baseline.json`. */
export function historyFolder(baselineFile: string): string {
  return join(dirname(baselineFile), 'history')
}
