// Puts together what is known of each statement of the migrations: locks and work by the manual, or as seen on the twin; and how long
// that takes at the target's sizes.

import type { LockMode, ReviewedLock, ReviewedStatement, ReviewedWork, Span } from '../model/review.ts'
import type { AppliedMigrations } from './apply-migration.ts'
import type { Observation, Relation } from './observe.ts'
import { blocksOf, type RelationName } from './operation.ts'
import type { Migration, MigrationStatement } from './read-migrations.ts'
import type { Sizes } from './sizes.ts'
import { add, NO_TIME, spanOf } from './throughput.ts'

/** A statement's review, and what the judges need beside it. */
export interface StatementInReview extends ReviewedStatement {
  readonly source: MigrationStatement
  readonly number: number
}

const LONGEST_SQL = 300

export function reviewStatements(
  migrations: readonly Migration[],
  applied: AppliedMigrations | null,
  sizes: Sizes | null,
  /** Rows that an UPDATE or DELETE changes, as planned; by `migration line`. */
  changedRows: ReadonlyMap<string, number>,
): readonly StatementInReview[] {
  const created = new Set(
    migrations.flatMap(({ statements }) =>
      statements.flatMap(({ operations }) => operations.flatMap(({ creates }) => creates?.name ?? [])),
    ),
  )
  const drafts = migrations.flatMap((migration, place) =>
    migration.statements.map((source, index): StatementInReview => {
      const seen = applied?.observed[place]?.[index] ?? null
      const locks = locksOf(source, seen, created, sizes)
      const work = workOf(source, seen, created, sizes)
      const rows = changedRows.get(`${migration.name} ${source.line}`)
      return {
        migration: migration.name,
        line: source.line,
        sql: shortened(source.sql),
        kinds: [...new Set(source.operations.map(({ kind }) => kind))],
        does: source.problem === null ? doesOf(source) : `can't be read: ${source.problem}`,
        locks,
        work: work.map((each) => (each.kind === 'update' && rows !== undefined ? { ...each, rows } : each)),
        knownFrom: seen !== null && seen.error === null ? 'twin' : 'manual',
        transaction: 'own',
        takes: sizes === null ? null : takes(work, sizes, rows),
        held: null,
        error: seen?.error?.message ?? null,
        source,
        number: source.transaction,
      }
    }),
  )
  return withTransactions(drafts)
}

function doesOf({ operations, sql }: MigrationStatement): string {
  if (operations.length > 0) return operations.map(({ does }) => does).join('; ')
  return sql.split(/\s+/, 3).join(' ').toLowerCase()
}

function locksOf(
  { operations }: MigrationStatement,
  seen: Observation | null,
  created: ReadonlySet<string>,
  sizes: Sizes | null,
): readonly ReviewedLock[] {
  const isConcurrent = operations.some(({ neverInTransaction }) => neverInTransaction)
  if (seen !== null && seen.error === null && !isConcurrent)
    return seen.locks
      .filter(({ mode, on }) => blocksOf(mode) !== 'nothing' && !isTold(on, mode, seen.locks))
      .map(({ on, mode }) => ({ schema: on.schema, name: on.name, mode, blocks: blocksOf(mode) }))
  const strongest = new Map<string, { on: RelationName; mode: LockMode }>()
  for (const { on, mode } of operations.flatMap(({ locks }) => locks)) {
    if (created.has(on.name)) continue
    const known = strongest.get(on.name)
    if (known === undefined || STRENGTH.indexOf(mode) > STRENGTH.indexOf(known.mode))
      strongest.set(on.name, { on, mode })
  }
  return [...strongest.values()].map(({ on, mode }) => ({
    schema: on.schema ?? sizes?.find(on)?.schema ?? null,
    name: on.name,
    mode,
    blocks: blocksOf(mode),
  }))
}

/** The lock of an index beside one on its table that is as strong. */
function isTold({ tableOid }: Relation, mode: LockMode, locks: Observation['locks']): boolean {
  return locks.some(
    ({ on, mode: other }) => on.oid === tableOid && STRENGTH.indexOf(other) >= STRENGTH.indexOf(mode),
  )
}

const STRENGTH: readonly LockMode[] = [
  'access share',
  'row share',
  'row exclusive',
  'share update exclusive',
  'share',
  'share row exclusive',
  'exclusive',
  'access exclusive',
]

function workOf(
  { operations }: MigrationStatement,
  seen: Observation | null,
  created: ReadonlySet<string>,
  sizes: Sizes | null,
): readonly ReviewedWork[] {
  const isSeen = seen !== null && seen.error === null
  const work: ReviewedWork[] = []
  const put = (kind: ReviewedWork['kind'], on: RelationName) => {
    const size = sizes?.find(on) ?? null
    // an index of a table stands for the table that is read
    if (work.some((each) => each.kind === kind && each.table === (size?.name ?? on.name))) return
    work.push({
      kind,
      schema: size?.schema ?? on.schema,
      table: size?.name ?? on.name,
      rows: size?.rows ?? null,
      sizeBytes: size?.sizeBytes ?? null,
    })
  }
  for (const each of operations.flatMap((operation) => operation.work)) {
    if (created.has(each.on.name)) continue
    const was = (list: Observation['scanned']) => list.some(({ name }) => name === each.on.name)
    if (!isSeen || (each.isCertain && each.kind !== 'rewrite')) put(each.kind, each.on)
    else if (each.kind === 'rewrite' ? was(seen.rewritten) : was(seen.scanned)) put(each.kind, each.on)
  }
  if (isSeen) {
    for (const on of seen.rewritten) if (!isKind(operations, 'truncate')) put('rewrite', on)
    const busy = (name: string) => work.some(({ table }) => table === name)
    for (const on of seen.indexed) if (!busy(on.name)) put('index-build', on)
    for (const on of seen.scanned) if (!busy(on.name)) put('scan', on)
  }
  return work
}

/** TRUNCATE gives a table a new file without reading the old one. */
function isKind(operations: MigrationStatement['operations'], kind: string): boolean {
  return operations.some((each) => each.kind === kind)
}

function takes(work: readonly ReviewedWork[], sizes: Sizes, changedRows: number | undefined): Span {
  return work.reduce((sum, { kind, schema, table }) => {
    const size = sizes.find({ schema, name: table })
    if (size === null) return sum
    const rows = kind === 'update' && changedRows !== undefined ? changedRows : size.rows
    return add(sum, spanOf(kind, { ...size, rows }))
  }, NO_TIME)
}

/** Locks are held to the end of their transaction. */
function withTransactions(drafts: readonly StatementInReview[]): readonly StatementInReview[] {
  return drafts.map((draft, place) => {
    const later = drafts.slice(place).filter(({ number }) => number === draft.number)
    const isShared = drafts.filter(({ number }) => number === draft.number).length > 1
    const spans = later.map(({ takes: each }) => each)
    return {
      ...draft,
      transaction: isShared ? 'shared' : 'own',
      held: spans.includes(null) ? null : spans.reduce<Span>((sum, each) => add(sum, each!), NO_TIME),
    }
  })
}

function shortened(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length <= LONGEST_SQL ? line : `${line.slice(0, LONGEST_SQL - 1)}…`
}
