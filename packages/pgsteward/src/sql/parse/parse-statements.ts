// PostgreSQL's own parser (libpg-query, WebAssembly), loaded when first needed: 28 ms and 1.7 MB that most commands never use.

import type { Node } from 'libpg-query'

export interface Parsed {
  readonly statements: readonly Node[]
  /** The text that was parsed: the given one, or the given one with pg_stat_statements' holes mended. */
  readonly text: string
}
export interface Unparsable {
  readonly problem: string
}

export type Parser = (text: string) => Parsed | Unparsable

let loading: Promise<typeof import('libpg-query')> | undefined

/** The parser never throws: a text that is no SQL, or was cut off, comes back as a problem with PostgreSQL's own words. */
export async function loadParser(): Promise<Parser> {
  loading ??= import('libpg-query').then(async (library) => {
    await library.loadModule()
    return library
  })
  const { parseSync } = await loading
  const attempt = (text: string): Parsed | Unparsable => {
    try {
      const statements = (parseSync(text).stmts ?? []).flatMap(({ stmt }) =>
        stmt === undefined ? [] : [stmt],
      )
      return statements.length === 0 ? { problem: 'it holds no statement' } : { statements, text }
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) }
    }
  }
  return (text) => {
    // this parser takes `interval $1`, but the planner would not: the mended text is the one to use
    const mended = mendNormalised(text)
    const first = attempt(mended)
    if (!('problem' in first) || mended === text) return first
    const second = attempt(text)
    return 'problem' in second ? first : second
  }
}

export interface Normalised {
  /** With $n for each literal. */
  readonly template: string
  readonly literals: readonly string[]
}

export type Normaliser = (text: string) => Normalised | null

/** Null for a text that doesn't parse, has parameters already, or whose literals can't be told apart. */
export async function loadNormaliser(): Promise<Normaliser> {
  await loadParser()
  const { normalizeSync } = await loading!
  return (text) => {
    if (/\$\d/.test(text)) return null
    try {
      const template = normalizeSync(text)
      const pieces = template.split(/\$\d+/).map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      const found = new RegExp(`^${pieces.join('([\\s\\S]+?)')}$`).exec(text)?.slice(1)
      if (found === undefined) return null
      // this library numbers them by its walk through the tree, not by their places in the text
      const literals: string[] = []
      for (const [place, [, number]] of [...template.matchAll(/\$(\d+)/g)].entries())
        literals[Number(number) - 1] = found[place]!
      return { template, literals }
    } catch {
      return null
    }
  }
}

/**
 * pg_stat_statements puts $n for literals where PostgreSQL's grammar takes only literals: `interval $1`, `date $1`,
 * `extract($1 from ...)`. Written as a cast they parse again and mean the same; an extract's field is lost, and stands as epoch.
 */
export function mendNormalised(text: string): string {
  return text
    .replace(
      /\b(interval|date|timestamptz|timestamp(?:\s+with(?:out)?\s+time\s+zone)?|time)\s+(\$\d+)/gi,
      '($2::$1)',
    )
    .replace(/\bextract\s*\(\s*\$\d+\s+from\b/gi, 'extract(epoch from')
}
