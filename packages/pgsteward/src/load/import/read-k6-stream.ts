// Reads k6's files of single values, NDJSON and CSV, into one run; several of them (one a runner) side by side, so that their windows
// meet.

import { StewardError } from '../../model/error.ts'
import type { ForeignRun } from './foreign-run.ts'
import { K6Csv } from './k6-csv.ts'
import { K6Fold } from './k6-fold.ts'
import { foldK6Line, timeOfK6Line } from './k6-ndjson.ts'
import { readLines } from './read-lines.ts'
import { reasonsAgainst } from './reasons-against.ts'

export interface ReadOptions {
  readonly warmUpMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((text: string) => void) | undefined
}

/** Beyond this share of damaged lines it is not a damaged file, but another. */
const MAX_DAMAGED_RATIO = 0.1

interface Damage {
  lines: number
  damaged: number
  firstDamaged: string | null
  isLastCut: boolean
}

/** Throws 'run-file' where no request is in them, or too many lines are none of k6's. */
export async function readK6Stream(
  paths: readonly string[],
  format: 'k6-ndjson' | 'k6-csv',
  options: ReadOptions = {},
): Promise<ForeignRun> {
  const fold = new K6Fold({ ...(options.warmUpMs === undefined ? {} : { warmUpMs: options.warmUpMs }) })
  const sources = paths.map((path) => new Source(path, format, fold, options.signal))
  let lines = 0
  for (let turn = 0; ; turn += 1) {
    const next = behind(sources)
    if (next === null) break
    lines += await next.foldSome()
    if (turn % 64 === 63) options.onProgress?.(`${lines.toLocaleString('en-US')} lines`)
  }
  const damage = sources.map((source) => source.damage)
  for (const [at, source] of sources.entries()) refuseOther(damage[at]!, source.path, fold.count)
  const run = fold.finish()
  if (run.requests.count === 0)
    throw new StewardError('run-file', `${paths.join(', ')} holds no HTTP request`, {
      detail: `${lines} lines were read, none of them of http_req_duration.`,
      hint:
        (options.warmUpMs ?? 0) > 0
          ? 'Is the warm-up longer than the run?'
          : 'Was k6 ended before its first request? Runs of other protocols can not be read yet.',
    })
  return {
    engine: { name: 'k6', version: 'unknown' },
    title: run.scenarios.length === 1 && run.scenarios[0] !== 'default' ? run.scenarios[0]! : null,
    model: run.dropped > 0 ? 'open' : null,
    startedAtMs: run.startedAtMs,
    durationMs: run.durationMs,
    warmUpMs: options.warmUpMs ?? 0,
    target: run.target,
    invalid: [
      ...reasonsAgainst({ ...run.requests, dropped: run.dropped, offered: run.iterations + run.dropped }),
      ...damageReasons(damage),
    ],
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

class Source {
  readonly path: string
  readonly damage: Damage = { lines: 0, damaged: 0, firstDamaged: null, isLastCut: false }
  readonly #chunks: AsyncGenerator<{ readonly first: number; readonly lines: readonly string[] }>
  readonly #fold: (line: string, number: number) => boolean
  readonly #timeOf: (line: string) => number | null
  /** How far it has come. */
  atMs = Number.NEGATIVE_INFINITY
  isDone = false

  constructor(path: string, format: 'k6-ndjson' | 'k6-csv', fold: K6Fold, signal: AbortSignal | undefined) {
    this.path = path
    this.#chunks = readLines(path, signal)
    const csv = format === 'k6-csv' ? new K6Csv(path) : null
    this.#fold =
      csv === null ? (line) => foldK6Line(line, fold) : (line, number) => csv.fold(line, number, fold)
    this.#timeOf = csv === null ? timeOfK6Line : (line) => csv.timeOf(line)
  }

  async foldSome(): Promise<number> {
    const { value, done } = await this.#chunks.next()
    if (done === true) {
      this.isDone = true
      return 0
    }
    const { damage } = this
    for (const [at, raw] of value.lines.entries()) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
      if (line === '') continue
      damage.lines += 1
      damage.isLastCut = false
      if (this.#fold(line, value.first + at)) continue
      damage.damaged += 1
      damage.isLastCut = true
      damage.firstDamaged ??= `line ${value.first + at}`
    }
    const last = value.lines.findLast((line) => this.#timeOf(line) !== null)
    if (last !== undefined) this.atMs = this.#timeOf(last)!
    return value.lines.length
  }
}

/** The one that has come least far in time: its lines are next. */
function behind(sources: readonly Source[]): Source | null {
  let next: Source | null = null
  for (const source of sources)
    if (!source.isDone && (next === null || source.atMs < next.atMs)) next = source
  return next
}

function refuseOther(
  { lines, damaged, firstDamaged, isLastCut }: Damage,
  path: string,
  requests: number,
): void {
  const inside = damaged - (isLastCut ? 1 : 0)
  if (inside === 0 || (inside <= lines * MAX_DAMAGED_RATIO && requests > 0)) return
  throw new StewardError('run-file', `${firstDamaged} of ${path} is not what k6 writes`, {
    detail: `${damaged} of ${lines} lines can't be read.`,
    hint: 'Was something else written into the same file? k6 writes it by --out json=FILE or --out csv=FILE.',
  })
}

function damageReasons(all: readonly Damage[]): ForeignRun['invalid'] {
  return all.flatMap(({ damaged, lines, firstDamaged, isLastCut }) => {
    const inside = damaged - (isLastCut ? 1 : 0)
    const reasons: ForeignRun['invalid'] = []
    if (inside > 0)
      reasons.push({
        reason: 'source-incomplete',
        detail: `${inside} of ${lines} lines can't be read, the first is ${firstDamaged}`,
      })
    if (isLastCut)
      reasons.push({
        reason: 'interrupted',
        detail: 'the last line is cut: k6 was ended, or the file not copied whole',
      })
    return reasons
  })
}
