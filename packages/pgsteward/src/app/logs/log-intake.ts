// One target's log, from its sources into the store: text is asked for, read, counted and saved in batches, with the positions that
// belong to them. While the store is away nothing more is asked for, so that memory stays bounded and nothing is lost.

import { setTimeout as sleep } from 'node:timers/promises'
import type { LogChunk, LogSource, LogSourceFault } from '../../collect/logs/log-source.ts'
import { type LogFormat, type LogReader, logReader } from '../../logs/log-reader.ts'
import { eventReader } from '../../logs/read-event.ts'
import type { LogClass, LogPosition, LogSourceProgress } from '../../model/log-event.ts'
import type { Bytes, Milliseconds } from '../../model/units.ts'
import type { KeptLogEvent, LogStore } from '../../store/logs/log-store.ts'
import { isOurs } from './is-ours.ts'
import { LogTally, type Tally } from './log-tally.ts'

export interface LogIntakeOptions {
  readonly targetId: string
  readonly store: Pick<LogStore, 'saveLog'>
  readonly sources: readonly LogSource[]
  /** `prefix` null: found out. */
  readonly reading: () => { readonly format: LogFormat | 'auto'; readonly prefix: string | null }
  readonly severityOf: (classId: string) => LogClass['severity']
  readonly keepMs: Milliseconds
  readonly slowFromMs: Milliseconds
  readonly now: () => Date
  /** False: another process reads this target's log. */
  readonly mayRead: () => boolean
  /** Each plan of auto_explain, before its event is saved. */
  readonly onPlan?: (event: KeptLogEvent) => Promise<void>
  readonly onFailure?: (error: unknown) => void
}

const POLL_MS: Milliseconds = 1_000
const RETRY_MS: Milliseconds = 5_000

/** A piece and what is read of it are in memory at once: some 50 MB. */
const PIECE_BYTES: Bytes = 4 * 2 ** 20

/** Readers of streams that ended are forgotten beyond this. */
const MOST_STREAMS = 64

interface Stream {
  readonly source: string
  readonly reader: LogReader
  unknown: number
  lines: number
  unreadable: number
}

/** What one savings holds of a source. */
interface Progress {
  bytes: number
  lines: number
  unknown: number
  unreadable: number
  position: LogPosition | null
}

export class LogIntake {
  readonly #options: LogIntakeOptions
  readonly #stop = new AbortController()
  readonly #tally: LogTally
  readonly #streams = new Map<string, Stream>()
  readonly #told = new Map<LogSource, ReadonlyMap<string, string>>()
  #running: Promise<void> | null = null

  constructor(options: LogIntakeOptions) {
    this.#options = options
    this.#tally = new LogTally(options)
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Ends after what is read is saved. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    for (const source of this.#options.sources) await source.close()
  }

  /** One turn: true when more waits already. */
  async turn(): Promise<boolean> {
    let hasMore = false
    for (const source of this.#options.sources) {
      const polled = await source.poll(PIECE_BYTES)
      hasMore ||= polled.hasMore
      await this.#take(source, polled.chunks, polled.faults)
    }
    return hasMore
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      let waitMs = POLL_MS
      try {
        if (this.#options.mayRead()) waitMs = (await this.turn()) ? 0 : POLL_MS
      } catch (error) {
        this.#options.onFailure?.(error)
        waitMs = RETRY_MS
      }
      await sleep(waitMs, undefined, { signal }).catch(() => undefined)
    }
  }

  async #take(
    from: LogSource,
    chunks: readonly LogChunk[],
    faults: readonly LogSourceFault[],
  ): Promise<void> {
    const progress = new Map<string, Progress>()
    for (const chunk of chunks) this.#read(chunk, progress)
    const tally = this.#tally.take()
    const sources = [...this.#progressOf(progress), ...this.#changedFaults(from, faults, progress)]
    if (sources.length === 0) return
    try {
      await this.#save(tally, sources)
      for (const { settle } of chunks) settle?.(null)
    } catch (error) {
      // only when stopped: what waits for an answer is told
      for (const { settle } of chunks) settle?.(error)
      throw error
    }
  }

  #read(chunk: LogChunk, progress: Map<string, Progress>): void {
    const stream = this.#streamOf(chunk)
    stream.reader.write(chunk.bytes)
    // a file that is read to its end holds whole messages: PostgreSQL writes each with one call
    if (chunk.isEnd) stream.reader.flush()
    const { lines, unreadable } = stream.reader.counts()
    const own = progress.get(chunk.source) ?? {
      bytes: 0,
      lines: 0,
      unknown: 0,
      unreadable: 0,
      position: null,
    }
    own.bytes += chunk.bytes.length
    own.lines += lines - stream.lines
    own.unreadable += unreadable - stream.unreadable
    own.unknown += stream.unknown
    own.position = chunk.position ?? own.position
    progress.set(chunk.source, own)
    stream.lines = lines
    stream.unreadable = unreadable
    stream.unknown = 0
  }

  #streamOf({ source, stream: id }: LogChunk): Stream {
    const known = this.#streams.get(`${source} ${id}`)
    if (known !== undefined) return known
    const { format, prefix } = this.#options.reading()
    const { now } = this.#options
    const eventOf = eventReader()
    const stream: Stream = {
      source,
      unknown: 0,
      lines: 0,
      unreadable: 0,
      reader: logReader({
        format: formatBy(source) ?? format,
        ...(prefix === null ? {} : { prefix }),
        onEntry: (entry) => {
          if (isOurs(entry)) return
          const event = eventOf(entry)
          if (this.#tally.add(event, source, now()) && event.class === 'unknown') stream.unknown++
        },
      }),
    }
    this.#streams.set(`${source} ${id}`, stream)
    if (this.#streams.size > MOST_STREAMS) this.#streams.delete(this.#streams.keys().next().value!)
    return stream
  }

  /** A reading that failed to be saved is tried until it is: it can't be read again. */
  async #save(tally: Tally, sources: readonly LogSourceProgress[]): Promise<void> {
    const { targetId, store, now, onPlan, onFailure } = this.#options
    for (const event of tally.plans) await onPlan?.(event).catch((error: unknown) => onFailure?.(error))
    const { plans: _plans, ...batch } = tally
    for (;;) {
      try {
        await store.saveLog(targetId, { ...batch, sources }, now())
        return
      } catch (error) {
        if (this.#stop.signal.aborted) throw error
        onFailure?.(error)
        // a value that the database does not take: without the events it goes on, which count all the same
        if (/^22/.test((error as { code?: string }).code ?? '')) {
          await store.saveLog(targetId, { ...batch, events: [], slowQueries: [], sources }, now())
          return
        }
        await sleep(RETRY_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined)
      }
    }
  }

  #progressOf(progress: ReadonlyMap<string, Progress>): readonly LogSourceProgress[] {
    return [...progress].map(([source, own]) => ({
      source,
      lastAt: this.#tally.lastAt(source),
      because: null,
      ...own,
    }))
  }

  /** Faults are saved when they come, change and go, not each second. */
  #changedFaults(
    from: LogSource,
    faults: readonly LogSourceFault[],
    progress: ReadonlyMap<string, Progress>,
  ): readonly LogSourceProgress[] {
    const none = { lastAt: null, lines: 0, bytes: 0, unknown: 0, unreadable: 0, position: null }
    const before = this.#told.get(from) ?? new Map<string, string>()
    const after = new Map(faults.map(({ source, because }) => [source, because]))
    this.#told.set(from, after)
    const changed = [...after].filter(([source, because]) => before.get(source) !== because)
    const gone = [...before.keys()].filter((source) => !after.has(source) && !progress.has(source))
    return [
      ...changed.map(([source, because]) => ({ ...none, source, because })),
      ...gone.map((source) => ({ ...none, source, because: null })),
    ]
  }
}

/** logging_collector names them so. */
function formatBy(source: string): LogFormat | null {
  if (source.endsWith('.csv')) return 'csv'
  return source.endsWith('.json') ? 'json' : null
}
