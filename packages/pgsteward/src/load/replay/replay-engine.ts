// Sends a workload's statements to a database: in their mix, at a rate whatever the answers take (open), or as fast as some connections
// can (closed). Latencies count from the moment at which a call was due, so what waits for a connection is not left out.

import { StewardError } from '../../model/error.ts'
import type { LoadRun, RunMoment } from '../../model/load-run.ts'
import { RUN_FORMAT } from '../../model/load-run.ts'
import type { Milliseconds } from '../../model/units.ts'
import { openSession, type Session } from '../../postgres/connect.ts'
import { percentileMs } from '../../stats/latency-histogram.ts'
import { Random } from '../engine/random.ts'
import { Recorder } from '../engine/recorder.ts'
import { histogramOf, Tally } from '../engine/tally.ts'
import type { MeasuredRun } from '../engine.ts'
import { type ReplayStatement, statementChooser } from './replay-statement.ts'

/** Goes up when the same run would give other figures. */
const ENGINE_VERSION = '1'

export type ReplayLoad =
  /** Calls that begin, however long earlier ones take. */
  { readonly model: 'open'; readonly perSecond: number } | { readonly model: 'closed' }

export interface ReplayRequest {
  readonly url: string
  readonly statements: readonly ReplayStatement[]
  readonly load: ReplayLoad
  readonly connections: number
  readonly durationMs: Milliseconds
  readonly warmUpMs: Milliseconds
  readonly statementTimeoutMs: Milliseconds
  readonly seed: number
  readonly scenario: LoadRun['scenario']
  /** Without user and password. */
  readonly target: string
  readonly now: () => Date
  readonly signal: AbortSignal
  readonly onMoment: (moment: RunMoment) => void
}

interface Call {
  readonly dueMs: Milliseconds
  readonly index: number
  readonly statement: ReplayStatement
}

/** Calls that wait for a connection: far beyond it the database is lost in work, and more would only fill our memory. */
const MOST_WAITING = 20_000
const TICK_MS: Milliseconds = 100
/** Timers count whole milliseconds: half of one early rather than one late, and counted from when it was begun then. */
const EARLY_MS: Milliseconds = 0.5
/** The event loop's own delay on a shared machine; beyond it our lateness, not the database's, is measured. */
const MOST_LAG_MS: Milliseconds = 50
const MOST_CPU = 0.9
const MOST_ERRORS = 0.01
const LOST_AFTER_MS: Milliseconds = 5_000
const RETRY_MS: Milliseconds = 250

/** Throws what opening the connections throws; a database lost later ends the run, and what was measured is kept. */
export async function runReplay(request: ReplayRequest): Promise<MeasuredRun> {
  request.signal.throwIfAborted()
  const replay = new Replay(request)
  await replay.connect()
  return replay.result()
}

class Replay {
  readonly #request: ReplayRequest
  readonly #tally: Tally
  readonly #recorder: Recorder
  readonly #random: Random
  readonly #choose: ReturnType<typeof statementChooser>
  readonly #idle: Session[] = []
  readonly #all = new Set<Session>()
  readonly #waiting: Call[] = []
  readonly #over = Promise.withResolvers<void>()
  readonly #totalMs: Milliseconds
  readonly #perSecond: number | null
  #startMs: Milliseconds = 0
  #startedAt = new Date(0)
  #sent = 0
  #timer: NodeJS.Timeout | undefined
  #inFlight = 0
  #lostSinceMs: Milliseconds | null = null
  #ended: LoadRun['ended'] = 'completed'
  #endedBecause = ''
  #isOver = false
  #cpuMs: Milliseconds = 0

  constructor(request: ReplayRequest) {
    this.#request = request
    const { statements, load, connections, warmUpMs, durationMs, onMoment } = request
    this.#totalMs = warmUpMs + durationMs
    this.#perSecond = load.model === 'open' ? load.perSecond : null
    this.#random = new Random(request.seed, 0)
    this.#choose = statementChooser(statements)
    this.#tally = new Tally({
      series: statements.map(({ name, table }) => ({ name, feature: table ?? 'other' })),
      checks: [],
      warmUpMs,
      threads: 1,
      offeredPerSecond: () => this.#perSecond,
      users: () => (this.#perSecond === null ? connections : null),
      onMoment,
    })
    this.#recorder = new Recorder({
      series: statements.length,
      checks: 0,
      warmUpMs,
      totalMs: this.#totalMs,
      cpuMs,
      onSecond: (second) => this.#tally.take(0, second),
    })
  }

  async connect(): Promise<void> {
    try {
      for (let number = 0; number < this.#request.connections; number++) this.#idle.push(await this.#open())
    } catch (error) {
      await this.#close()
      throw error
    }
  }

  async result(): Promise<MeasuredRun> {
    const { signal, load, connections } = this.#request
    const interrupt = () => this.#end('interrupted', 'The run was interrupted.')
    signal.addEventListener('abort', interrupt, { once: true })
    this.#startedAt = new Date(this.#request.now().getTime() + this.#request.warmUpMs)
    this.#startMs = performance.now()
    this.#cpuMs = cpuMs()
    this.#recorder.start()
    const timer = setInterval(() => this.#tick(), TICK_MS)
    if (load.model === 'open') this.#pump(load.perSecond)
    else for (let number = 0; number < connections; number++) this.#next(this.#now())
    await this.#over.promise
    clearInterval(timer)
    clearTimeout(this.#timer)
    signal.removeEventListener('abort', interrupt)
    const tookMs = Math.min(this.#now(), this.#totalMs)
    this.#recorder.finish(Math.max(tookMs, 1))
    this.#tally.threadEnded()
    const usedMs = cpuMs() - this.#cpuMs
    await this.#close()
    return this.#asRun(tookMs, usedMs)
  }

  #now(): Milliseconds {
    return performance.now() - this.#startMs
  }

  #tick(): void {
    const now = this.#now()
    if (now >= this.#totalMs) this.#end('completed', '')
    else this.#recorder.roll(now)
  }

  /** Begins what is due, and comes back for the next. */
  #pump(perSecond: number): void {
    for (;;) {
      const now = this.#now()
      const dueMs = (this.#sent * 1000) / perSecond
      if (this.#isOver || dueMs >= this.#totalMs) return
      if (dueMs - now > EARLY_MS) {
        this.#timer = setTimeout(() => this.#pump(perSecond), Math.max(1, Math.ceil(dueMs - now - EARLY_MS)))
        return
      }
      this.#recorder.begun(now, Math.max(0, now - dueMs))
      this.#recorder.arrived()
      if (this.#waiting.length < MOST_WAITING) this.#next(Math.min(dueMs, now))
      else {
        this.#recorder.dropped()
        this.#sent++
      }
    }
  }

  /** One more call, sent as soon as a connection is free. */
  #next(dueMs: Milliseconds): void {
    this.#sent++
    this.#waiting.push({ dueMs, ...this.#choose(this.#random.next()) })
    this.#sendWaiting()
  }

  #sendWaiting(): void {
    while (!this.#isOver && this.#waiting.length > 0 && this.#idle.length > 0)
      void this.#send(this.#waiting.shift()!, this.#idle.pop()!)
  }

  async #send({ dueMs, index, statement }: Call, session: Session): Promise<void> {
    const { sql, values } = statement.calls[this.#random.between(0, statement.calls.length - 1)]!
    const sentMs = this.#now()
    this.#inFlight++
    let isLost = false
    try {
      const { bytes } = await session.query('replay', sql, values)
      const now = this.#now()
      this.#recorder.received(bytes)
      this.#recorder.succeeded(index, now, now - dueMs, now - sentMs)
      this.#lostSinceMs = null
    } catch (error) {
      isLost = error instanceof StewardError || !session.isOpen()
      // what we cut off ourselves at the end is no failure of the database's
      if (!this.#isOver) this.#recorder.failed(index, this.#now(), kindOf(error), isLost)
    }
    this.#inFlight--
    if (isLost) {
      this.#all.delete(session)
      void session.close()
      await this.#reconnect()
    } else this.#idle.push(session)
    if (this.#isOver) {
      if (this.#inFlight === 0) this.#over.resolve()
      return
    }
    if (this.#perSecond === null) this.#next(this.#now())
    else this.#sendWaiting()
  }

  async #open(): Promise<Session> {
    const { url, statementTimeoutMs } = this.#request
    const session = await openSession(url, { isReplay: true, statementTimeoutMs, connectTimeoutMs: 5_000 })
    this.#all.add(session)
    return session
  }

  async #reconnect(): Promise<void> {
    this.#lostSinceMs ??= this.#now()
    while (!this.#isOver) {
      try {
        this.#idle.push(await this.#open())
        return
      } catch (error) {
        if (this.#now() - this.#lostSinceMs > LOST_AFTER_MS)
          this.#end('target-lost', `The database was lost: ${(error as Error).message}.`)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  #end(ended: LoadRun['ended'], because: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#ended = ended
    this.#endedBecause = because
    if (this.#inFlight === 0) this.#over.resolve()
    // what is under way may take up to the statement's own limit, and is not waited for
    setTimeout(() => this.#over.resolve(), 1_000).unref()
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#all].map((session) => session.close()))
    this.#all.clear()
  }

  #asRun(tookMs: Milliseconds, usedMs: Milliseconds): MeasuredRun {
    const tally = this.#tally
    const { warmUpMs, scenario, target } = this.#request
    const durationMs = Math.max(0, Math.round(tookMs - warmUpMs))
    const { count, errors } = tally.all
    const lag = histogramOf([tally.lag])
    const cpuRatio = usedMs / Math.max(1, tookMs)
    const lagP99Ms = percentileMs(lag, 0.99) ?? 0
    return {
      format: RUN_FORMAT,
      startedAt: this.#startedAt.toISOString(),
      durationMs,
      warmUpMs: Math.min(warmUpMs, tookMs),
      scenario,
      engine: { name: 'replay', version: ENGINE_VERSION },
      target,
      ended: this.#ended,
      invalid: this.#invalid({ count, errors, cpuRatio, lagP99Ms }),
      requests: {
        count,
        errors,
        errorKinds: tally.errorKinds,
        bytesReceived: tally.bytesReceived,
        offered: this.#perSecond === null ? null : tally.begun,
        dropped: tally.dropped,
        answeredLate: tally.answeredLate,
      },
      checks: [],
      generator: {
        threads: 1,
        cpuSeconds: usedMs / 1000,
        cpuRatio,
        lagP99Ms,
        lagMaxMs: tally.lagMaxMs,
      },
      series: tally.runSeries(),
      timeline: tally.timeline,
      thresholds: [],
      tags: {},
    }
  }

  #invalid(facts: { count: number; errors: number; cpuRatio: number; lagP99Ms: number }): LoadRun['invalid'] {
    const { count, errors, cpuRatio, lagP99Ms } = facts
    const tally = this.#tally
    const kinds = Object.entries(tally.errorKinds)
      .map(([kind, times]) => `${kind} ${times}`)
      .join(', ')
    return [
      ...(this.#ended === 'interrupted' || this.#ended === 'target-lost'
        ? [{ reason: this.#ended, detail: this.#endedBecause }]
        : []),
      ...(tally.dropped === 0
        ? []
        : [
            {
              reason: 'dropped-arrivals' as const,
              detail: `${tally.dropped} calls were dropped: ${MOST_WAITING} waited for a connection already. The latencies leave out the slowest.`,
            },
          ]),
      ...(cpuRatio <= MOST_CPU
        ? []
        : [
            {
              reason: 'generator-starved' as const,
              detail: `Sending took ${Math.round(cpuRatio * 100)} % of a core; over ${MOST_CPU * 100} % our own queue is measured. A lower rate or fewer connections.`,
            },
          ]),
      ...(this.#perSecond === null || lagP99Ms <= MOST_LAG_MS
        ? []
        : [
            {
              reason: 'schedule-lag' as const,
              detail: `Calls were begun up to ${lagP99Ms.toFixed(0)} ms late (p99): the machine is too busy for this rate.`,
            },
          ]),
      ...(errors <= count * MOST_ERRORS
        ? []
        : [
            {
              reason: 'too-many-errors' as const,
              detail: `${errors} of ${count} calls failed (${kinds}).`,
            },
          ]),
    ]
  }
}

/** PostgreSQL's code for what failed: `57014` is a statement over its time. */
function kindOf(error: unknown): string {
  const { code } = error as { code?: string }
  return code === '57014' ? 'timeout' : (code ?? 'unknown')
}

function cpuMs(): Milliseconds {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
