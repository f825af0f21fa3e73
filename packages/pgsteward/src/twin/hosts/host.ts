// A host runs a twin's PostgreSQL: in WebAssembly inside a worker (PGlite), or as a private native server.

export interface Answer {
  /** Of the last statement that returned rows; text forms, as the server sent them. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** The statement's own error. Statements before it in the same text are rolled back with it. */
  readonly error: { readonly sqlState: string | null; readonly message: string } | null
}

/** A text of a batch, and the session it goes to. */
export interface Sent {
  readonly to: 'ask' | 'plan'
  readonly sql: string
}

export interface TwinHost {
  readonly kind: 'pglite' | 'native'
  readonly versionNum: number
  /** Where relation files lie: pg_relation_filepath is relative to it. */
  readonly dataDir: string
  /**
   * As superuser, by the simple protocol: one statement or several. Throws only when the host is gone. With parameters (text forms of
   * $1, $2 ...) one statement by the extended protocol, for what is long: a literal is read byte by byte before it is parsed.
   */
  readonly ask: (sql: string, parameters?: readonly string[]) => Promise<Answer>
  /** As ask, in the session that plans: with fewer rights where the host has several sessions. */
  readonly plan: (sql: string) => Promise<Answer>
  /**
   * Many texts, one after another, each with its own answer and its own errors: one round trip where that can be. Nothing else is run
   * between them.
   */
  readonly sendAll: (texts: readonly Sent[]) => Promise<readonly Answer[]>
  readonly close: () => Promise<void>
}

/** For statements that must work. */
export async function rowsOf(
  host: TwinHost,
  sql: string,
  parameters?: readonly string[],
): Promise<readonly (readonly (string | null)[])[]> {
  const { rows, error } = await host.ask(sql, parameters)
  if (error !== null) throw new Error(`${error.message} (${error.sqlState}) in: ${sql.slice(0, 400)}`)
  return rows
}
