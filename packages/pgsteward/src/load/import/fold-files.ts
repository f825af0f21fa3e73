// Files of single values read side by side, always the one next that has come least far in time: parts of one run fold into the same
// windows, and none lies in memory.

import { StewardError } from '../../model/error.ts'
import type { ForeignRun } from './foreign-run.ts'
import { readLines } from './read-lines.ts'

export interface ReadOptions {
  readonly warmUpMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((text: string) => void) | undefined
}

export interface LineFold {
  /** False: the line is damaged. */
  readonly fold: (line: string, number: number) => boolean
  /** Cheap, and null for a line without a time. */
  readonly timeOf: (line: string) => number | null
}

export interface FoldedFile {
  readonly path: string
  readonly lines: number
  readonly damaged: number
  readonly firstDamaged: number | null
  readonly isLastCut: boolean
}

/** Beyond this share of damaged lines it is not a damaged file, but another. */
const MAX_DAMAGED_RATIO = 0.1
const PROGRESS_CHUNKS = 64

export async function foldFiles(
  paths: readonly string[],
  /** One a file. */
  foldOf: (path: string) => LineFold,
  { signal, onProgress }: ReadOptions,
): Promise<readonly FoldedFile[]> {
  const sources = paths.map((path) => new Source(path, foldOf(path), signal))
  for (let turn = 1; ; turn += 1) {
    const next = leastFar(sources)
    if (signal?.aborted === true)
      throw new StewardError('run-file', `reading ${paths.join(', ')} was interrupted`, {
        detail: 'A part of a run is no run.',
      })
    if (next === null) return sources.map((source) => source.counts)
    await next.foldSome()
    if (turn % PROGRESS_CHUNKS === 0)
      onProgress?.(
        `${sources.reduce((sum, { counts }) => sum + counts.lines, 0).toLocaleString('en-US')} lines`,
      )
  }
}

/** Throws 'run-file' where too many lines are damaged for the rest to be believed. */
export function refuseOtherFiles(files: readonly FoldedFile[], expected: string): void {
  for (const { path, lines, damaged, firstDamaged, isLastCut } of files) {
    const inside = damaged - (isLastCut ? 1 : 0)
    if (inside <= lines * MAX_DAMAGED_RATIO && !(isLastCut && lines === 1)) continue
    throw new StewardError('run-file', `line ${firstDamaged} of ${path} is not ${expected}`, {
      detail: `${damaged} of ${lines} lines can't be read.`,
      hint: 'Was something else written into the same file, or the file changed?',
    })
  }
}

/** What of it was lost, for the run that is made of the rest. */
export function damageReasons(files: readonly FoldedFile[]): ForeignRun['invalid'] {
  return files.flatMap(({ damaged, lines, firstDamaged, isLastCut }) => {
    const inside = damaged - (isLastCut ? 1 : 0)
    const reasons: ForeignRun['invalid'] = []
    if (inside > 0)
      reasons.push({
        reason: 'source-incomplete',
        detail: `${inside} of ${lines} lines can't be read, the first is line ${firstDamaged}`,
      })
    if (isLastCut)
      reasons.push({
        reason: 'interrupted',
        detail: `the last line, ${lines}, is cut: the tool was ended, or the file not copied whole`,
      })
    return reasons
  })
}

class Source {
  counts: FoldedFile
  readonly #chunks: AsyncGenerator<{ readonly first: number; readonly lines: readonly string[] }>
  readonly #fold: LineFold
  /** How far it has come. */
  atMs = Number.NEGATIVE_INFINITY
  isDone = false

  constructor(path: string, fold: LineFold, signal: AbortSignal | undefined) {
    this.counts = { path, lines: 0, damaged: 0, firstDamaged: null, isLastCut: false }
    this.#chunks = readLines(path, signal)
    this.#fold = fold
  }

  async foldSome(): Promise<void> {
    const { value, done } = await this.#chunks.next()
    if (done === true) {
      this.isDone = true
      return
    }
    let { lines, damaged, firstDamaged, isLastCut } = this.counts
    for (const [at, raw] of value.lines.entries()) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
      if (line === '') continue
      lines += 1
      isLastCut = !this.#fold.fold(line, value.first + at)
      if (!isLastCut) continue
      damaged += 1
      firstDamaged ??= value.first + at
    }
    this.counts = { ...this.counts, lines, damaged, firstDamaged, isLastCut }
    for (let at = value.lines.length - 1; at >= 0; at -= 1) {
      const atMs = this.#fold.timeOf(value.lines[at]!)
      if (atMs === null) continue
      this.atMs = atMs
      break
    }
  }
}

function leastFar(sources: readonly Source[]): Source | null {
  let least: Source | null = null
  for (const source of sources)
    if (!source.isDone && (least === null || source.atMs < least.atMs)) least = source
  return least
}
