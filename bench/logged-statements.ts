// What an application really sent, with its parameters' values, from the server's own log (jsonlog, log_min_duration_statement = 0).

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface LoggedStatement {
  readonly sql: string
  /** SQL literals of $1, $2 ..., as the server logged them. */
  readonly calls: readonly (readonly string[])[]
}

interface LogLine {
  readonly user?: string
  readonly dbname?: string
  readonly message?: string
  readonly detail?: string
}

/** Statements of one role in one database, the most frequent first. */
export function readLoggedStatements(logDir: string, database: string, user: string): LoggedStatement[] {
  const calls = new Map<string, (readonly string[])[]>()
  for (const name of readdirSync(logDir)
    .filter((each) => each.endsWith('.json'))
    .sort()) {
    for (const line of readFileSync(join(logDir, name), 'utf8').split('\n')) {
      if (line === '') continue
      const entry = JSON.parse(line) as LogLine
      if (entry.dbname !== database || entry.user !== user) continue
      const sql = /^duration: [\d.]+ ms {2}(?:execute [^:]*|statement): ([\s\S]*)$/.exec(
        entry.message ?? '',
      )?.[1]
      if (sql === undefined || !/^\s*(with|select|insert|update|delete)\b/i.test(withoutComments(sql)))
        continue
      const text = withoutComments(sql)
      calls.set(text, [...(calls.get(text) ?? []), valuesOf(entry.detail)])
    }
  }
  return [...calls].map(([sql, all]) => ({ sql, calls: all })).sort((a, b) => b.calls.length - a.calls.length)
}

/** Comments differ from call to call: they name the request. */
function withoutComments(sql: string): string {
  return sql.replaceAll(/\/\*[\s\S]*?\*\//g, '').trim()
}

/** `Parameters: $1 = '5', $2 = NULL` */
function valuesOf(detail: string | undefined): readonly string[] {
  const found = detail?.replace(/^parameters: /i, '') ?? ''
  return [...found.matchAll(/\$\d+ = ('(?:[^']|'')*'|NULL)/g)].map(([, value]) => value!)
}
