// Where in a statement's text an expression of its parse tree stands, so that a rewrite keeps all the rest as it was written.

import type { Node, ScanToken } from 'libpg-query'
import type { Parser } from './parse-statements.ts'

export interface Span {
  /** In bytes, as the parser counts. */
  readonly start: number
  readonly end: number
}

export interface Edit extends Span {
  readonly text: string
}

export interface SourceText {
  readonly text: string
  readonly statement: Node
  /** Null: it could not be made out; then there is no rewrite. */
  readonly spanOf: (node: Node | undefined) => Span | null
  readonly textOf: (span: Span) => string
  /** Where the first of these words in sequence begins, outside of brackets, between two places. */
  readonly wordAt: (words: readonly string[], from: number, to: number) => Span | null
  readonly edited: (edits: readonly Edit[]) => string
}

/** Null: no SQL. A text with several statements has none either. */
export type SourceReader = (text: string) => SourceText | null

/** An expression ends at most so many tokens behind its last part: `::timestamp(3) with time zone`, brackets. */
const MOST_BEHIND = 40
/** `(row).field` begins before its first part. */
const MOST_BEFORE = 2

export async function loadSourceReader(parse: Parser): Promise<SourceReader> {
  const { loadModule, scanSync } = await import('libpg-query')
  await loadModule()
  return (text) => {
    const parsed = parse(text)
    if ('problem' in parsed || parsed.statements.length !== 1) return null
    return sourceOf(parsed.text, parsed.statements[0]!, scanSync(parsed.text).tokens, parse)
  }
}

function sourceOf(text: string, statement: Node, all: readonly ScanToken[], parse: Parser): SourceText {
  const bytes = Buffer.from(text)
  // the scanner leaves out what is zero
  const tokens = all.map(({ start = 0, end, text: word }) => ({ start, end, word: word.toLowerCase() }))
  const textOf = ({ start, end }: Span) => bytes.subarray(start, end).toString()
  const depths: number[] = []
  let depth = 0
  for (const { word } of tokens) {
    if (word === ')' || word === ']') depth -= 1
    depths.push(depth)
    if (word === '(' || word === '[') depth += 1
  }
  const spanOf = (node: Node | undefined): Span | null => {
    if (node === undefined) return null
    const [first, last] = ends(node)
    const firstToken = tokens.findIndex(({ start }) => start === first)
    const lastToken = tokens.findIndex(({ start, end }) => start <= last && last < end)
    if (firstToken < 0 || lastToken < 0) return null
    const wanted = comparable(node)
    for (let from = firstToken; from >= Math.max(0, firstToken - MOST_BEFORE); from -= 1) {
      for (let to = lastToken; to < Math.min(tokens.length, lastToken + MOST_BEHIND); to += 1) {
        if (depths[to] !== depths[from]) continue
        const span = { start: tokens[from]!.start, end: tokens[to]!.end }
        const parsed = parse(`select (${textOf(span)}\n)`)
        if ('problem' in parsed || parsed.statements.length !== 1) continue
        if (comparable(selected(parsed.statements[0]!)) === wanted) return span
      }
    }
    return null
  }
  return {
    text,
    statement,
    spanOf,
    textOf,
    wordAt: (words, from, to) => {
      const within = tokens.flatMap(({ start, end }, index) => (start >= from && end <= to ? [index] : []))
      const lowest = Math.min(...within.map((index) => depths[index]!))
      const at = within.find(
        (index) =>
          depths[index] === lowest && words.every((word, place) => tokens[index + place]?.word === word),
      )
      return at === undefined ? null : { start: tokens[at]!.start, end: tokens[at + words.length - 1]!.end }
    },
    edited: (edits) => {
      let [result, place] = ['', 0]
      for (const { start, end, text: replacement } of edits.toSorted((a, b) => a.start - b.start)) {
        result += textOf({ start: place, end: start }) + replacement
        place = end
      }
      return result + textOf({ start: place, end: bytes.length })
    },
  }
}

/** The places of the first and the last part below a node. */
function ends(node: unknown): readonly [number, number] {
  let [first, last] = [Number.POSITIVE_INFINITY, -1]
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'location' && typeof inner === 'number' && inner >= 0) {
        first = Math.min(first, inner)
        last = Math.max(last, inner)
      } else visit(inner)
    }
  }
  visit(node)
  return [first, last]
}

function selected(statement: Node): Node | undefined {
  const target = 'SelectStmt' in statement ? statement.SelectStmt.targetList?.[0] : undefined
  return target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined
}

/** Without places. */
function comparable(node: unknown): string {
  return (
    JSON.stringify(node, (key, value) => (/location$|_(?:start|end)$/.test(key) ? undefined : value)) ?? ''
  )
}
