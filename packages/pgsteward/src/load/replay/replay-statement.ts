// A statement made ready to be sent again and again, each time with other values.

/** One way to send it. */
export interface ReplayCall {
  readonly sql: string
  /** For $1, $2 ... as PostgreSQL's text forms; null is NULL. */
  readonly values: readonly (string | null)[]
}

export interface ReplayStatement {
  /** Its series in the run: `SELECT conversation 3f2a91c0`. */
  readonly name: string
  readonly fingerprint: string
  /** What it reads first; null: no table. */
  readonly table: string | null
  readonly callsPerMinute: number
  /** Drawn from evenly; at least one. */
  readonly calls: readonly ReplayCall[]
}

/** By calls: `chance` from 0 to 1 picks one. */
export function statementChooser(
  statements: readonly ReplayStatement[],
): (chance: number) => { readonly index: number; readonly statement: ReplayStatement } {
  const ends: number[] = []
  let sum = 0
  for (const { callsPerMinute } of statements) {
    sum += callsPerMinute
    ends.push(sum)
  }
  return (chance) => {
    const at = chance * sum
    let low = 0
    let high = ends.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle]! > at) high = middle
      else low = middle + 1
    }
    return { index: low, statement: statements[low]! }
  }
}
