// A script of SQL, such as a migration, read statement by statement, each with its own text and line. What doesn't parse is named
// and does not hide the rest.

import type { Node } from 'libpg-query'
import { splitScript } from './split-script.ts'

export interface ScriptStatement {
  /** As written, without the comments before it and the semicolon after it. */
  readonly sql: string
  /** Of its first word; from 1. */
  readonly line: number
  /** Null: it doesn't parse. */
  readonly node: Node | null
  /** PostgreSQL's words for why not. */
  readonly problem: string | null
}

export type ScriptReader = (text: string) => readonly ScriptStatement[]

export async function loadScriptReader(): Promise<ScriptReader> {
  const { loadModule, parseSync } = await import('libpg-query')
  await loadModule()
  const parse = (sql: string): Pick<ScriptStatement, 'node' | 'problem'> => {
    try {
      return { node: parseSync(sql).stmts?.[0]?.stmt ?? null, problem: null }
    } catch (error) {
      return { node: null, problem: error instanceof Error ? error.message : String(error) }
    }
  }
  return (text) => splitScript(text).map(({ sql, line }) => ({ sql, line, ...parse(sql) }))
}
