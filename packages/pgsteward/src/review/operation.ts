// What one statement of a migration does to a table, as PostgreSQL's manual tells: the locks it takes, whether it reads or rewrites
// the table, what is lost.

import type { Blocks, LockMode, ReviewedWork } from '../model/review.ts'

export interface RelationName {
  /** Null: not said; found along the search path. */
  readonly schema: string | null
  readonly name: string
}

export interface Operation {
  /** `add-column`, `create-index` ...: stable. */
  readonly kind: string
  /** `adds column note`, to stand after the statement's subject. */
  readonly does: string
  readonly locks: readonly { readonly on: RelationName; readonly mode: LockMode }[]
  readonly work: readonly {
    readonly kind: ReviewedWork['kind']
    readonly on: RelationName
    /** False: it depends on what only the database can tell (the old type, a constraint that proves it). */
    readonly isCertain: boolean
  }[]
  /** SQL that does the same with less blocking; empty: there is none, or none is needed. */
  readonly safer: readonly string[]
  /** What is gone afterwards; null: nothing. */
  readonly loses?: { readonly what: string; readonly of: RelationName }
  /** Why it fails on a table that has rows. */
  readonly failsOnRows?: { readonly because: string; readonly on: RelationName }
  /** What running code that was written before sees. */
  readonly breaks?: { readonly what: string; readonly of: RelationName }
  /** PostgreSQL refuses it inside of a transaction block. */
  readonly neverInTransaction?: boolean
  /** Made here, so nobody else can be waiting for it. */
  readonly creates?: RelationName
}

/** What other sessions can't do to a table while the lock is held (PostgreSQL's manual, Explicit Locking). */
export function blocksOf(mode: LockMode): Blocks {
  switch (mode) {
    case 'access exclusive':
      return 'reads and writes'
    case 'exclusive':
    case 'share row exclusive':
    case 'share':
      return 'writes'
    case 'share update exclusive':
      return 'schema changes'
    default:
      return 'nothing'
  }
}

export function operation(
  kind: string,
  does: string,
  more: Partial<Omit<Operation, 'kind' | 'does'>> = {},
): Operation {
  return { kind, does, locks: [], work: [], safer: [], ...more }
}
