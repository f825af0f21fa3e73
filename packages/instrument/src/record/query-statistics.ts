// What each statement cost, by the route and the operation that sent it.

import type { ResolvedOptions } from '../options.ts'
import { type StatementSummary, summaryOf } from '../sql/sql-summary.ts'
import type { CallSite, Endpoint, QueryIdentity, QueryIncrease } from './drained.ts'
import type { Entry } from './entry.ts'
import type { HistogramSlab } from './histogram.ts'
import { type Operation, type Statement, StatementTable, type StatementUser } from './statement-table.ts'

/** Route of what came beyond the bound on routes of a statement. */
export const OTHER_ROUTE = '(other)'
const MAX_USERS = 64
const MAX_OPERATIONS = 2000
/** Drains without a call after which a route is forgotten: an hour at the default pace. */
const MAX_IDLE_DRAINS = 240
/** After a slow one: so many of the next tell their place. */
const CAPTURED_AFTER_SLOW = 256

/** One execution of a statement. */
export class QueryEntry implements Entry {
  readonly statistics: QueryStatistics
  readonly statement: Statement
  readonly operation: Operation | null
  endpoint: Endpoint
  site: CallSite | null = null
  durationMs: number
  /** -1: not known. */
  rows = -1
  skippedRows = 0
  failed = false
  next: Entry | null = null

  constructor(
    statistics: QueryStatistics,
    statement: Statement,
    operation: Operation | null,
    endpoint: Endpoint,
    durationMs: number,
  ) {
    this.statistics = statistics
    this.statement = statement
    this.operation = operation
    this.endpoint = endpoint
    this.durationMs = durationMs
  }

  settle(route: string | null): void {
    this.statistics.add(this, route)
  }
}

export class QueryStatistics {
  readonly table: StatementTable
  readonly #slab: HistogramSlab
  readonly #caller: ResolvedOptions['caller']
  readonly #drop: (kind: string) => void
  readonly #operations = new Map<string | null, Map<string | null, Operation>>()
  #operationCount = 0
  /** Evicted before the drain, with statistics that are still to be told. */
  #evicted: Statement[] = []
  readonly #maxEvicted: number

  constructor(options: ResolvedOptions, slab: HistogramSlab, drop: (kind: string) => void) {
    this.#slab = slab
    this.#drop = drop
    this.#caller = options.caller
    this.#maxEvicted = Math.ceil(options.maxStatements / 4)
    this.table = new StatementTable(options.maxStatements, (statement) => this.#onEvict(statement))
  }

  /** The same object for the same pair, so that users are told apart by identity. Null of nothing. */
  operationOf(model: string | null, action: string | null): Operation | null {
    if (model === null && action === null) return null
    const operation = this.#operations.get(model)?.get(action)
    if (operation !== undefined) return operation
    if (this.#operationCount >= MAX_OPERATIONS) {
      this.#drop('operations')
      return null
    }
    this.#operationCount++
    const made = { model, action }
    const actions = this.#operations.get(model) ?? new Map<string | null, Operation>()
    this.#operations.set(model, actions.set(action, made))
    return made
  }

  wantsCallSite(statement: Statement): boolean {
    if (this.#caller !== 'sampled') return this.#caller === 'always'
    if (statement.capturesLeft > 0) {
      statement.capturesLeft--
      return true
    }
    statement.calls = (statement.calls + 1) & statement.sampledMask
    return statement.calls === 0
  }

  sawSlow(statement: Statement): void {
    statement.capturesLeft = CAPTURED_AFTER_SLOW
  }

  add(entry: QueryEntry, route: string | null): void {
    const user = this.#userOf(entry, route)
    if (user.histogram === -1) {
      user.histogram = this.#slab.create()
      if (user.histogram === -1) {
        this.#drop('queries')
        return
      }
    }
    this.#slab.record(user.histogram, entry.durationMs)
    if (entry.rows > 0) user.rows += entry.rows
    user.skippedRows += entry.skippedRows
    if (entry.failed) user.errors++
    if (entry.site !== null) user.site = entry.site
  }

  identityOf(entry: QueryEntry, route: string | null): QueryIdentity {
    const user = this.#userOf(entry, route)
    return this.#identity(
      entry.statement,
      { ...user, site: entry.site ?? user.site },
      summaryOf(entry.statement.redacted),
    )
  }

  drain(): readonly QueryIncrease[] {
    const increases: QueryIncrease[] = []
    for (const statement of this.table) this.#drainStatement(statement, increases)
    for (const statement of this.#evicted) this.#drainStatement(statement, increases)
    this.#evicted = []
    return increases
  }

  #drainStatement(statement: Statement, into: QueryIncrease[]): void {
    let summary: StatementSummary | null = null
    let before: StatementUser | null = null
    for (let user = statement.users; user !== null; user = user.next) {
      if (user.histogram === -1) {
        if (++user.idleDrains > MAX_IDLE_DRAINS) {
          if (before === null) statement.users = user.next
          else before.next = user.next
        } else before = user
        continue
      }
      summary ??= summaryOf(statement.redacted)
      into.push({
        ...this.#identity(statement, user, summary),
        duration: this.#slab.read(user.histogram),
        errors: user.errors,
        rows: user.rows,
        skippedRows: user.skippedRows,
      })
      user.histogram = -1
      user.errors = 0
      user.rows = 0
      user.skippedRows = 0
      user.idleDrains = 0
      before = user
    }
  }

  #identity(
    statement: Statement,
    user: StatementUser,
    { summary, operation, collection }: StatementSummary,
  ): QueryIdentity {
    return {
      fingerprint: statement.fingerprint,
      text: statement.redacted,
      summary,
      operation,
      collection,
      endpoint: user.endpoint,
      model: user.operation?.model ?? null,
      action: user.operation?.action ?? null,
      route: user.route,
      // Of the statement's other callers only where there is no operation: Prisma sends one text for many.
      caller: user.site ?? (user.operation === null ? statement.site : null),
    }
  }

  #userOf(entry: QueryEntry, route: string | null): StatementUser {
    const { statement, operation, endpoint } = entry
    let known = 0
    for (let user = statement.users; user !== null; user = user.next, known++)
      if (user.route === route && user.operation === operation && user.endpoint === endpoint) return user
    if (known >= MAX_USERS && (route !== OTHER_ROUTE || operation !== null)) {
      this.#drop('routes')
      return this.#userOf(new QueryEntry(this, statement, null, endpoint, 0), OTHER_ROUTE)
    }
    // A further route: the next call is to tell its place, though it may be another's.
    statement.capturesLeft = Math.max(1, statement.capturesLeft)
    const user: StatementUser = {
      route,
      operation,
      endpoint,
      site: null,
      histogram: -1,
      errors: 0,
      rows: 0,
      skippedRows: 0,
      idleDrains: 0,
      next: statement.users,
    }
    statement.users = user
    return user
  }

  #onEvict(statement: Statement): void {
    let hasStatistics = false
    for (let user = statement.users; user !== null; user = user.next) hasStatistics ||= user.histogram !== -1
    this.#drop('statements')
    if (!hasStatistics) return
    if (this.#evicted.length < this.#maxEvicted) this.#evicted.push(statement)
    else this.#drop('queries')
  }
}
