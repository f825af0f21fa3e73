// Reads the facts that are due from one target and turns counters into increases. One session a target, kept open.

import { StewardError } from '../model/error.ts'
import type {
  CollectionCost,
  CounterFact,
  Epoch,
  Interval,
  PgFact,
  Reading,
  Snapshot,
} from '../model/fact.ts'
import type { ServerInfo } from '../model/server-info.ts'
import type { Target } from '../model/target.ts'
import type { Milliseconds } from '../model/units.ts'
import type { QueryResult, Session } from '../postgres/connect.ts'
import { pickVariant } from '../postgres/variant.ts'
import { type CumulativeReading, diff } from './diff.ts'
import { type SlidingInterval, slidingInterval } from './sliding-interval.ts'

export interface CollectorOptions {
  readonly target: Target
  readonly facts: readonly PgFact[]
  readonly open: (target: Target) => Promise<Session>
  /** How far back the increases reach that checks see. */
  readonly intervalMs: Milliseconds
  /** Overrides every fact's own cadence: `check --every 10s`. */
  readonly everyMs?: Milliseconds
}

interface Counting {
  previous: CumulativeReading<unknown> | null
  readonly sliding: SlidingInterval<unknown>
}

interface Round {
  readonly session: Session
  readonly server: ServerInfo
  readonly now: Date
  readonly cost: { -readonly [K in keyof CollectionCost]: CollectionCost[K] }
}

export class Collector {
  readonly #options: CollectorOptions
  readonly #readings = new Map<string, Reading>()
  readonly #readAt = new Map<string, number>()
  readonly #counting = new Map<string, Counting>()
  #session: Session | null = null

  constructor(options: CollectorOptions) {
    this.#options = options
  }

  /**
   * One round: reads each due fact, one statement after the other. A fact that fails is unavailable, its neighbours go on.
   * Throws StewardError when the target can't be reached; the next round connects anew.
   */
  async collect(now: Date): Promise<Snapshot> {
    const started = performance.now()
    const session = await this.#connected()
    const cost = { statements: 0, rows: 0, bytes: 0, tookMs: 0 }
    const refreshed = new Set<string>()
    try {
      const server = await session.refreshServer()
      cost.statements += 1
      const round: Round = { session, server, now, cost }
      for (const fact of this.#options.facts) {
        if (!this.#isDue(fact, now)) continue
        const reading = await this.#read(fact, round)
        this.#readAt.set(fact.id, now.getTime())
        if (reading === null) continue
        this.#readings.set(fact.id, reading)
        refreshed.add(fact.id)
      }
      cost.tookMs = performance.now() - started
      return {
        targetId: this.#options.target.id,
        takenAt: now,
        server,
        readings: new Map(this.#readings),
        refreshed,
        cost,
      }
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async close(): Promise<void> {
    const session = this.#session
    this.#session = null
    await session?.close()
  }

  async #connected(): Promise<Session> {
    if (this.#session?.isOpen()) return this.#session
    await this.close()
    this.#session = await this.#options.open(this.#options.target)
    return this.#session
  }

  #isDue(fact: PgFact, now: Date): boolean {
    const last = this.#readAt.get(fact.id)
    // half a second of grace: a timer that fires a little early must not skip a whole period
    return last === undefined || now.getTime() - last >= (this.#options.everyMs ?? fact.everyMs) - 500
  }

  /** Null: a counter's first reading, which says nothing yet. */
  async #read(fact: PgFact, round: Round): Promise<Reading | null> {
    const picked = pickVariant(fact, round.server)
    if (picked.status === 'unavailable') return picked
    try {
      const epoch =
        fact.kind === 'counter' && fact.epoch !== undefined ? await this.#readEpoch(fact.epoch, round) : null
      const result = await this.#query(fact, picked.sql, round)
      const rows = result.rows.map(fact.parse)
      if (fact.kind === 'state') return { status: 'rows', rows, at: round.now, tookMs: result.tookMs }
      return this.#increase(fact, rows, epoch, round, result.tookMs)
    } catch (error) {
      if (error instanceof StewardError && error.code === 'target-lost') throw error
      return { status: 'unavailable', because: reasonOf(error) }
    }
  }

  async #readEpoch(epoch: NonNullable<CounterFact<unknown>['epoch']>, round: Round): Promise<Epoch | null> {
    const picked = pickVariant(epoch, round.server)
    if (picked.status === 'unavailable') return null
    const raw = (await this.#query(epoch, picked.sql, round)).rows[0]
    return raw === undefined ? null : epoch.parse(raw)
  }

  async #query(fact: PgFact, sql: string, round: Round): Promise<QueryResult> {
    const result = await round.session.query(fact.id, sql)
    round.cost.statements += 1
    round.cost.rows += result.rows.length
    round.cost.bytes += result.bytes
    return result
  }

  #increase(
    fact: CounterFact<unknown>,
    rows: readonly unknown[],
    epoch: Epoch | null,
    round: Round,
    tookMs: Milliseconds,
  ): Reading | null {
    const after = {
      at: round.now,
      rows: new Map(rows.map((row) => [fact.keyOf(row), row])),
      server: round.server,
      epoch,
    }
    let counting = this.#counting.get(fact.id)
    if (counting === undefined) {
      counting = { previous: null, sliding: slidingInterval(fact, this.#options.intervalMs) }
      this.#counting.set(fact.id, counting)
    }
    const before = counting.previous
    counting.previous = after
    if (before === null) return null
    const latest: Interval<unknown> = diff(fact, before, after)
    return { status: 'interval', interval: counting.sliding.add(latest), latest, at: round.now, tookMs }
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string }
  switch (code) {
    case '42501':
      return `${message}; grant pg_monitor to the role`
    case '57014':
      return 'the statement timeout ended it'
    case '55P03':
      return 'a lock was not granted in time'
    default:
      return message ?? String(error)
  }
}
