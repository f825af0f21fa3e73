// A session with full rights on a private server that local-server.ts started: for twins, which write what no target would allow.

import pg from 'pg'

export interface PrivateSession {
  /**
   * The simple protocol: one statement or several; rows of the last one that has any, as text. With parameters one statement by the
   * extended protocol.
   */
  readonly ask: (
    sql: string,
    parameters?: readonly string[],
  ) => Promise<{
    readonly rows: readonly (readonly (string | null)[])[]
    readonly error: { readonly sqlState: string | null; readonly message: string } | null
  }>
  readonly close: () => Promise<void>
}

const AS_TEXT = { getTypeParser: () => (value: string) => value }

/** `url` is that of a local server of ours: nothing here is bounded or read-only. */
export async function openPrivateSession(url: string): Promise<PrivateSession> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'pgsteward twin',
    types: AS_TEXT as never,
  })
  let lost: Error | null = null
  client.on('error', (error) => {
    lost = error
  })
  await client.connect()
  // node-postgres no longer wants to queue for us
  let before: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = before.then(work)
    before = mine.catch(() => undefined)
    return mine
  }
  return {
    ask: async (sql, parameters) => {
      if (lost !== null) throw lost
      try {
        const result = await inTurn(() =>
          client.query({
            text: sql,
            rowMode: 'array',
            ...(parameters === undefined ? {} : { values: [...parameters] }),
          }),
        )
        const results = (Array.isArray(result) ? result : [result]) as pg.QueryArrayResult[]
        const last = results.findLast((each) => each.fields.length > 0)
        return { rows: (last?.rows ?? []) as (string | null)[][], error: null }
      } catch (error) {
        const { code, message, severity } = error as { code?: string; message: string; severity?: string }
        if (severity === undefined || lost !== null) throw error
        return { rows: [], error: { sqlState: code ?? null, message } }
      }
    },
    close: () => client.end().catch(() => undefined),
  }
}
