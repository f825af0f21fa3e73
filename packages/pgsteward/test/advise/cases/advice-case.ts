// A case for index advice: a schema with rows, what an application asks of it, what an expert would build, and the traps beside it.
// Cases are written before the advice on them is seen, and are scored by building and running (score-case.ts).

export interface CaseStatement {
  readonly id: string
  readonly sql: string
  readonly callsPerMinute: number
  /** SQL literals for $1, $2 ..., one list a sample. */
  readonly samples: readonly (readonly string[])[]
}

export interface ExpectedIndex {
  /** `create index on ...`: all of them together are the expert's set. */
  readonly sql: string
  readonly why: string
  /** Statements that it is there for: what serves them as well as the expert's set does is as good as this index. */
  readonly serves: readonly string[]
}

export interface Trap {
  readonly table: string
  /** `first`: no index that leads with it. `held`: no index that holds it in any part. `any`: no index on the table at all. */
  readonly kind: 'first' | 'held' | 'any'
  readonly column: string | null
  readonly why: string
}

export interface AdviceCase {
  readonly title: string
  readonly statements: readonly CaseStatement[]
  readonly expected: readonly ExpectedIndex[]
  readonly traps: readonly Trap[]
}
