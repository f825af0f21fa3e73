// Reads the facts that are due from one target and turns counters into increases. One session a target, kept open.
// Order matters: facts are read as listed, the fast-moving ones first, so that a round that takes long, or breaks off, has them.

import { setImmediate } from 'node:timers/promises'
import type { DatabaseRow } from '../facts/databases.ts'
import { databases } from '../facts/databases.ts'
import { type StatementTextRow, statementTexts } from '../facts/statement-texts.ts'
import { statementTotals } from '../facts/statement-totals.ts'
import { type StatementRow, statements } from '../facts/statements.ts'
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
import { loadParser } from '../sql/parse/parse-statements.ts'
import { answered } from './answered.ts'
import { Cadence } from './cadence.ts'
import { Counting } from './counting.ts'
import { totalsOf, withoutOwnCommits } from './own-part.ts'
import { reasonOf } from './reason-of.ts'
import { Rest, type RestOptions } from './rest.ts'
import { type KnownText, learnInTurn, readFact, type ServerReadings } from './server-readings.ts'
import { StatementTexts } from './statement-texts.ts'

export interface CollectorOptions {
  readonly target: Target
  readonly facts: readonly PgFact[]
  readonly open: (target: Target) => Promise<Session>
  /** How far back the increases reach that checks see. */
  readonly intervalMs: Milliseconds
  /** Cadence of the facts that are read every minute by default; 0: every fact in every round. */
  readonly everyMs?: Milliseconds
  /** A fact whose reading takes longer than this share of its cadence is read more rarely. Default 0.01. */
  readonly costShare?: number
  /** Above the statement timeout, which the server keeps; this one holds when the server hangs. Default 30 s. */
  readonly answerTimeoutMs?: Milliseconds
  /** For targets that suspend when idle. Default: never rests. */
  readonly rest?: RestOptions
  /** Statements that other sessions of pgsteward have sent to the same database so far; left out of its transactions like ours. */
  readonly alsoSent?: () => number
  /** Of all targets of this process: what another one on the same server has just read of it is not read again. */
  readonly serverReadings?: ServerReadings
}

export interface RoundOptions {
  readonly everything?: boolean
  readonly onlyUrgent?: boolean
  /** Nothing that was read before this round, by whomever. */
  readonly anew?: boolean
}

interface Round {
  readonly session: Session
  readonly server: ServerInfo
  readonly now: Date
  readonly anew: boolean
  readonly cost: { -readonly [K in keyof CollectionCost]: CollectionCost[K] }
  /** That the target was waited for. */
  askedMs: Milliseconds
}

/** For a connection and the first answer; less is nothing beside the interval between readings. */
const WAITED_MS = 2_000

/** Texts of statements. */
const PARSED_AT_ONCE = 50

/** Not read by themselves: the collector makes them out of the reading of `statements`. */
const DERIVED: ReadonlySet<string> = new Set([statementTexts.id, statementTotals.id])

/** Runs in the session, so that views and functions of extensions are found in whatever schema they were created in. */
const SEARCH_PATH = `
  select pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', 'pg_catalog', 'public',
           pg_catalog.string_agg(distinct pg_catalog.quote_ident(n.nspname), ', ')
             filter (where n.nspname not in ('pg_catalog', 'public'))), false) as search_path
    from pg_catalog.pg_extension e
    join pg_catalog.pg_namespace n on n.oid = e.extnamespace
   where e.extname = any ($1::text[])`

const SIGHT = `select pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage') as sees_all`

/** The answer to a fact's statement, before anything is remembered of it. */
interface Answer {
  readonly rows: readonly unknown[]
  readonly epoch: Epoch | null
  /** Rights were taken away meanwhile. */
  readonly isBlind: boolean
  readonly tookMs: Milliseconds
}

export class Collector {
  readonly #options: CollectorOptions
  /** By fact: of what moment its latest reading is. */
  readonly #readAt = new Map<string, Date>()
  readonly #readings = new Map<string, Reading>()
  readonly #cadence: Cadence
  readonly #counting: Counting
  readonly #texts = new StatementTexts()
  readonly #rest: Rest
  #session: Session | null = null
  #hasSeenAll = false
  #sawAll: boolean | null = null
  #statementsSent = 0
  #statementsSentBefore = 0

  constructor(options: CollectorOptions) {
    this.#options = options
    this.#cadence = new Cadence({ everyMs: options.everyMs, costShare: options.costShare ?? 0.01 })
    this.#counting = new Counting(options.intervalMs)
    this.#rest = new Rest(options.rest)
  }

  /**
   * One round: reads each due fact, one statement after the other. A fact that fails is unavailable, its neighbours go on.
   * Throws StewardError when the target can't be reached or does not answer; the next round connects anew.
   * Dated `askedAt`, or later where the target lets us wait. `everything`: also what is not due. `onlyUrgent`: what cannot wait for the
   * next whole round.
   */
  async collect(
    askedAt: Date,
    { everything = false, onlyUrgent = false, anew = false }: RoundOptions = {},
  ): Promise<Snapshot> {
    const started = performance.now()
    const cost = { statements: 0, rows: 0, bytes: 0, tookMs: 0 }
    const refreshed = new Set<string>()
    try {
      const session = await this.#connected(cost)
      const server = await this.#answered(session.refreshServer()).catch((error) =>
        Promise.reject(asUnreachable(error)),
      )
      this.#sent(cost, null)
      // a server that let us wait is read as it is now: dated before, calls would seem to have been made within a shorter time
      const waitedMs = performance.now() - started
      const now = waitedMs < WAITED_MS ? askedAt : new Date(askedAt.getTime() + waitedMs)
      // rights that were given or taken: what was refused, or blank, is read anew whatever its pace
      const isNewSight = this.#sawAll !== null && this.#sawAll !== server.canReadAllStats
      this.#sawAll = server.canReadAllStats
      const round: Round = { session, server, now, anew, cost, askedMs: 0 }
      for (const fact of this.#options.facts) {
        if (DERIVED.has(fact.id)) continue
        if (onlyUrgent && !isNewSight && fact.isUrgent !== true) continue
        if (!everything && !isNewSight && !this.#isDue(fact, now)) continue
        const askedBefore = round.askedMs
        const reading = await this.#read(fact, round, refreshed)
        this.#cadence.wasRead(fact, now, round.askedMs - askedBefore)
        if (reading !== null) this.#keep(fact, reading, refreshed)
      }
      if (!onlyUrgent) this.#rest.note(now, this.#readings)
      if (this.restUntil(now) !== null) await this.close()
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

  #isDue(fact: PgFact, now: Date): boolean {
    return this.#cadence.isDue(fact, now) || (fact.isUrgent === true && this.#cadence.isAffordable(fact, now))
  }

  /** While a serverless target is left to sleep: no round before this moment. Null: go on as usual. */
  restUntil(now: Date): Date | null {
    return this.#rest.until(now)
  }

  /** Texts by query id that were read since the last call, for the store; never pgsteward's own. */
  takeTexts(): ReadonlyMap<string, StatementTextRow> {
    return this.#texts.takeFresh()
  }

  async close(): Promise<void> {
    const session = this.#session
    this.#session = null
    // a server that hangs does not take leave either
    if (session !== null) await answered(session.close(), 1_000).catch(() => undefined)
  }

  async #connected(cost: Round['cost']): Promise<Session> {
    if (this.#session?.isOpen()) return this.#session
    await this.close()
    const session = await this.#options.open(this.#options.target)
    this.#session = session
    const extensions = this.#options.facts.flatMap((fact) => fact.extension ?? [])
    if (extensions.some((extension) => session.server.extensions.has(extension))) {
      this.#sent(cost, await this.#answered(session.query('search-path', SEARCH_PATH, [extensions])))
    }
    return session
  }

  #keep(fact: PgFact, reading: Reading, refreshed: Set<string>): void {
    this.#readings.set(fact.id, reading)
    refreshed.add(fact.id)
    if (fact.id !== statements.id || reading.status !== 'unavailable') return
    for (const derived of DERIVED) this.#readings.set(derived, reading)
  }

  /** Null: a counter's first reading, which says nothing yet. */
  async #read(fact: PgFact, round: Round, refreshed: Set<string>): Promise<Reading | null> {
    const picked = pickVariant(fact, round.server)
    if (picked.status === 'unavailable') return picked
    const blinded = this.#blinded(fact, round.server)
    if (blinded !== null) return { status: 'unavailable', because: blinded }
    try {
      const { value, at } = await readFact(this.#options.serverReadings, {
        ...round,
        fact,
        sql: picked.sql,
        readAt: this.#readAt.get(fact.id),
        ask: () => this.#ask(fact, picked.sql, round),
      })
      this.#readAt.set(fact.id, at)
      const { rows, epoch, isBlind, tookMs } = value
      if (fact.kind === 'state') return { status: 'rows', rows, at, tookMs }
      if (isBlind) return { status: 'unavailable', because: noMoreSeen(round.server.user) }
      return await this.#increase(fact, rows, epoch, { ...round, now: at }, tookMs, refreshed)
    } catch (error) {
      if (error instanceof StewardError) throw error
      return { status: 'unavailable', because: reasonOf(error, fact.extension) }
    }
  }

  async #ask(fact: PgFact, sql: string, round: Round): Promise<Answer> {
    const epoch = fact.kind === 'counter' && fact.epoch ? await this.#readEpoch(fact.epoch, round) : null
    const { rows: raw, tookMs } = await this.#query(fact.id, sql, [], round)
    const parsed = raw.map(fact.parse)
    const rows = fact.kind === 'state' ? ((await fact.finish?.(parsed)) ?? parsed) : parsed
    const isBlind =
      fact.kind === 'counter' &&
      fact.needsAllStats === true &&
      round.server.canReadAllStats &&
      !(await this.#stillSeesAll(round))
    return { rows, epoch, isBlind, tookMs }
  }

  /**
   * A right that was taken away at run time leaves rows that are blank: what they showed is not over. Counting goes on where it was once
   * the right is back. A role that never had it sees its own rows, which is what it was given to see.
   */
  #blinded({ needsAllStats }: PgFact, { canReadAllStats, user }: ServerInfo): string | null {
    this.#hasSeenAll ||= canReadAllStats
    if (needsAllStats !== true || canReadAllStats || !this.#hasSeenAll) return null
    return noMoreSeen(user)
  }

  /** Rights taken away since the round began: rows that are missing would count in full once they are back. */
  async #stillSeesAll(round: Round): Promise<boolean> {
    return (await this.#query('sight', SIGHT, [], round)).rows[0]?.sees_all === true
  }

  async #readEpoch(epoch: NonNullable<CounterFact<unknown>['epoch']>, round: Round): Promise<Epoch | null> {
    const picked = pickVariant(epoch, round.server)
    if (picked.status === 'unavailable') return null
    const raw = (await this.#query(epoch.id, picked.sql, [], round)).rows[0]
    return raw === undefined ? null : epoch.parse(raw)
  }

  async #increase(
    fact: CounterFact<unknown>,
    rows: readonly unknown[],
    epoch: Epoch | null,
    round: Round,
    tookMs: Milliseconds,
    refreshed: Set<string>,
  ): Promise<Reading | null> {
    const { server, now } = round
    const increase = this.#counting.increase(fact, rows, epoch, server, now)
    const ownCommits = this.#ownSince(fact)
    if (increase === null) return null
    const latest =
      fact.id === statements.id
        ? await this.#withoutOwn(increase as Interval<StatementRow>, round, refreshed)
        : fact.id === databases.id
          ? withoutOwnCommits(increase as Interval<DatabaseRow>, server.database, ownCommits)
          : increase
    const interval = this.#counting.add(fact, latest)
    if (fact.id === statements.id) this.#showTexts(interval as Interval<StatementRow>, now)
    return { status: 'interval', interval, latest, at: now, tookMs }
  }

  /** Of every statement that a check can meet: all that moved within the interval, not the last round's alone. */
  #showTexts(interval: Interval<StatementRow>, now: Date): void {
    if (!this.#options.facts.some((each) => each.id === statementTexts.id)) return
    // not marked as refreshed: texts alone give no check a reason to run, and the store keeps them by themselves
    const rows = this.#texts.shown(interval.rows)
    this.#readings.set(statementTexts.id, { status: 'rows', rows, at: now, tookMs: 0 })
  }

  /** Statements sent since `databases` was read before: each was a transaction there. */
  #ownSince(fact: PgFact): number {
    if (fact.id !== databases.id) return 0
    const all = this.#statementsSent + (this.#options.alsoSent?.() ?? 0)
    const sent = all - this.#statementsSentBefore
    this.#statementsSentBefore = all
    return sent
  }

  /** Learns the texts of statements not seen before, takes pgsteward's own away, and keeps the totals of both. */
  async #withoutOwn(
    increase: Interval<StatementRow>,
    round: Round,
    refreshed: Set<string>,
  ): Promise<Interval<StatementRow>> {
    const { server, now } = round
    await learnInTurn(this.#options.serverReadings, {
      ...round,
      adopt: (textOf) => {
        this.#texts.adopt(increase.rows, textOf)
        return this.#texts.unknownOf(increase.rows, server.user)
      },
      read: (queryIds, tell) => this.#readTexts(queryIds, round, tell),
    })
    const { others, own } = this.#texts.split(increase.rows, server.user)
    const latest = { ...increase, rows: others }
    if (this.#options.facts.some((each) => each.id === statementTotals.id)) {
      const totals = { ...increase, rows: increase.seconds > 0 ? [totalsOf(others, own)] : [] }
      const interval = this.#counting.add(statementTotals, totals)
      this.#keep(
        statementTotals,
        { status: 'interval', interval, latest: totals, at: now, tookMs: 0 },
        refreshed,
      )
    }
    return latest
  }

  async #readTexts(
    queryIds: readonly string[],
    round: Round,
    tell: (key: string, text: KnownText) => void,
  ): Promise<void> {
    const picked = pickVariant(statementTexts, round.server)
    if (queryIds.length === 0 || picked.status === 'unavailable') return
    if (!this.#cadence.isDue({ id: statementTexts.id, everyMs: 0 }, round.now)) return
    try {
      const result = await this.#query(statementTexts.id, picked.sql, [queryIds], round)
      this.#cadence.wasRead(statementTexts, round.now, result.tookMs)
      this.#texts.wasAsked(queryIds)
      const areJudged = this.#options.facts.some((each) => each.id === statementTexts.id)
      const parse = areJudged ? await loadParser() : null
      for (let at = 0; at < result.rows.length; at += PARSED_AT_ONCE) {
        const read = result.rows.slice(at, at + PARSED_AT_ONCE).map(statementTexts.parse)
        this.#texts.learn(read, parse, tell)
        // half a millisecond each: others want to be served in between
        await setImmediate()
      }
    } catch (error) {
      // figures without texts are better than none
      if (error instanceof StewardError) throw error
    }
  }

  async #query(
    label: string,
    sql: string,
    parameters: readonly unknown[],
    round: Round,
  ): Promise<QueryResult> {
    const askedAt = performance.now()
    try {
      const result = await this.#answered(round.session.query(label, sql, parameters))
      this.#sent(round.cost, result)
      return result
    } finally {
      // what is refused after a while cost that while
      round.askedMs += performance.now() - askedAt
    }
  }

  #sent(cost: Round['cost'], result: QueryResult | null): void {
    this.#statementsSent += 1
    cost.statements += 1
    cost.rows += result?.rows.length ?? 0
    cost.bytes += result?.bytes ?? 0
  }

  #answered<T>(answer: Promise<T>): Promise<T> {
    return answered(answer, this.#options.answerTimeoutMs ?? 30_000)
  }
}

/** PostgreSQL refused to say what it is: to the reader that is a target out of reach. */
function asUnreachable(error: unknown): StewardError {
  if (error instanceof StewardError) return error
  return new StewardError('target-lost', 'the target does not say what it is', {
    detail: reasonOf(error),
    cause: error,
  })
}

function noMoreSeen(user: string): string {
  return `${user} does not see other roles' rows any more; grant pg_monitor to the role`
}
