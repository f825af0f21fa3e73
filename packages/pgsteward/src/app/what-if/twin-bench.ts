// The twin that questions are put to, kept for some minutes: the target is read once for many questions, and never asked to plan.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Milliseconds } from '../../model/units.ts'
import { type BuiltTwin, buildTwin } from '../../twin/build-twin.ts'
import type { StatisticsFile } from '../../twin/statistics/statistics-file.ts'
import { chooseHost, isTwinUnavailable, openTwinSource } from '../twin/twin-source.ts'
import type { TwinInShort } from './what-if-question.ts'

/** Statistics change with ANALYZE, which comes by autovacuum in minutes. */
const KEPT_MS: Milliseconds = 10 * 60_000
/** What was sketched stays in the twin, hidden: more slow its planning down. */
const MOST_SKETCHES = 100
const MOST_NOTES = 10

export interface BenchOptions {
  readonly dir: string
  readonly cacheDir: string
  readonly now: () => Date
}

interface Kept {
  readonly url: string
  readonly file: StatisticsFile
  readonly readAt: Date
  twin: BuiltTwin | null
}

export class TwinBench {
  readonly #options: BenchOptions
  #kept: Kept | null = null
  #sketches = 0
  #built = 0

  constructor(options: BenchOptions) {
    this.#options = options
  }

  async statistics(url: string, onProgress: (text: string) => void): Promise<StatisticsFile> {
    return (await this.#of(url, onProgress)).file
  }

  async twin(
    url: string,
    onProgress: (text: string) => void,
  ): Promise<{ file: StatisticsFile; twin: BuiltTwin }> {
    const kept = await this.#of(url, onProgress)
    kept.twin ??= await this.#build(kept.file, onProgress)
    return { file: kept.file, twin: kept.twin }
  }

  /** So many more indexes were sketched. */
  async sketched(count: number): Promise<void> {
    this.#sketches += count
    if (this.#sketches > MOST_SKETCHES) await this.close()
  }

  /** The next question builds anew. */
  async close(): Promise<void> {
    const twin = this.#kept?.twin ?? null
    if (this.#kept !== null) this.#kept.twin = null
    this.#sketches = 0
    await twin?.planner.close()
  }

  async #of(url: string, onProgress: (text: string) => void): Promise<Kept> {
    const now = this.#options.now()
    if (
      this.#kept !== null &&
      this.#kept.url === url &&
      now.getTime() - this.#kept.readAt.getTime() < KEPT_MS
    )
      return this.#kept
    await this.close()
    this.#kept = null
    onProgress("reading the target's schema and statistics")
    const { statistics, session } = await openTwinSource(url, this.#options.now, onProgress)
    await session?.close()
    this.#kept = { url, file: statistics, readAt: now, twin: null }
    return this.#kept
  }

  async #build(file: StatisticsFile, onProgress: (text: string) => void): Promise<BuiltTwin> {
    const on = (host: 'pglite' | 'native') => {
      this.#built += 1
      const dir = join(this.#options.dir, String(this.#built))
      rmSync(join(this.#options.dir, String(this.#built - 1)), { recursive: true, force: true })
      return buildTwin(file, { dir, cacheDir: this.#options.cacheDir, host, onProgress })
    }
    const host = await chooseHost('auto', file.server.versionNum)
    return on(host).catch((error) => {
      if (host === 'pglite' || !isTwinUnavailable(error)) throw error
      return on('pglite')
    })
  }
}

export function inShort(file: StatisticsFile, { planner, leftOut }: BuiltTwin): TwinInShort {
  const [own, other] = [planner.versionNum, file.server.versionNum].map((each) => Math.floor(each / 10_000))
  return {
    kind: planner.kind,
    versionNum: planner.versionNum,
    targetVersionNum: file.server.versionNum,
    statisticsAt: file.takenAt,
    notes: [
      ...(own === other ? [] : [`The twin plans as PostgreSQL ${own}; the target is PostgreSQL ${other}.`]),
      ...leftOut
        .slice(0, MOST_NOTES)
        .map(({ kind, name, because }) => `The twin lacks the ${kind} ${name}: ${because}`),
      ...(leftOut.length > MOST_NOTES ? [`The twin lacks ${leftOut.length - MOST_NOTES} things more.`] : []),
    ],
  }
}
