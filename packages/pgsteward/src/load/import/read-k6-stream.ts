// k6's files of single values, NDJSON and CSV, as one run.

import { StewardError } from '../../model/error.ts'
import {
  damageReasons,
  type FoldedFile,
  foldFiles,
  type ReadOptions,
  refuseOtherFiles,
} from './fold-files.ts'
import type { ForeignRun } from './foreign-run.ts'
import { K6Csv } from './k6-csv.ts'
import { type FoldedK6, K6Fold } from './k6-fold.ts'
import { foldK6Line, timeOfK6Line } from './k6-ndjson.ts'
import { reasonsAgainst } from './reasons-against.ts'

/** Throws 'run-file' where no request is in them, or too many lines are none of k6's. */
export async function readK6Stream(
  paths: readonly string[],
  format: 'k6-ndjson' | 'k6-csv',
  options: ReadOptions = {},
): Promise<ForeignRun> {
  const warmUpMs = options.warmUpMs ?? 0
  const fold = new K6Fold({ warmUpMs })
  const files = await foldFiles(
    paths,
    (path) => {
      if (format === 'k6-ndjson') return { fold: (line) => foldK6Line(line, fold), timeOf: timeOfK6Line }
      const csv = new K6Csv(path)
      return { fold: (line, number) => csv.fold(line, number, fold), timeOf: (line) => csv.timeOf(line) }
    },
    options,
  )
  refuseOtherFiles(files, 'what k6 writes')
  const run = fold.finish()
  if (run.requests.count === 0) throw withoutRequest(files, warmUpMs)
  return { ...foreignOfK6(run, 'unknown', warmUpMs), invalid: [...reasonsOf(run), ...damageReasons(files)] }
}

export function foreignOfK6(run: FoldedK6, version: string, warmUpMs: number): ForeignRun {
  const [only, ...others] = run.scenarios
  return {
    engine: { name: 'k6', version },
    title: only !== undefined && only !== 'default' && others.length === 0 ? only : null,
    // k6 does not tell the executor; only one that drops is surely open
    model: run.dropped > 0 ? 'open' : null,
    startedAtMs: run.startedAtMs,
    durationMs: run.durationMs,
    warmUpMs,
    target: run.target,
    invalid: reasonsOf(run),
    requests: {
      ...run.requests,
      bytesReceived: run.bytesReceived,
      offered: run.iterations + run.dropped,
      dropped: run.dropped,
    },
    checks: run.checks,
    series: run.series,
    timeline: [...run.timeline],
    thresholds: [...run.thresholds],
    tags: {},
  }
}

function reasonsOf(run: FoldedK6): ForeignRun['invalid'] {
  return reasonsAgainst({ ...run.requests, dropped: run.dropped, offered: run.iterations + run.dropped })
}

function withoutRequest(files: readonly FoldedFile[], warmUpMs: number): StewardError {
  const lines = files.reduce((sum, file) => sum + file.lines, 0)
  return new StewardError('run-file', `${files.map(({ path }) => path).join(', ')} holds no HTTP request`, {
    detail: `${lines} lines were read, none of them of http_req_duration${warmUpMs > 0 ? ' after the warm-up' : ''}.`,
    hint:
      warmUpMs > 0
        ? 'Is the warm-up longer than the run?'
        : 'Was k6 ended before its first request? Runs of other protocols cannot be read.',
  })
}
