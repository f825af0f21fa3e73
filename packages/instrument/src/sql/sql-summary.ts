// What a statement does to what, in few words: OpenTelemetry's db.query.summary.

import { SqlScanner, TOKEN } from './sql-tokens.ts'

export interface StatementSummary {
  /** `SELECT member`, at most 255 characters. */
  readonly summary: string
  /** `SELECT`; of WITH that of the statement behind it. */
  readonly operation: string
  /** Without quotes, without the schema where it is public. */
  readonly collection: string | null
}

const VERBS = new Set(['select', 'insert', 'update', 'delete', 'merge'])
/** Looked at no further: the name stands near the front, and texts may be long. */
const MAX_TOKENS = 2000
const MAX_LENGTH = 255

export function summaryOf(text: string): StatementSummary {
  const scanner = new SqlScanner(text)
  let operation = ''
  let isWith = false
  let depth = 0
  let seeks: 'verb' | 'target' | 'name' = 'verb'
  /** Where FROM is looked for: not within the arguments of extract(year from at). */
  let targetDepth = 0
  let isNested = false
  for (let tokens = 0; tokens < MAX_TOKENS && scanner.next(); tokens++) {
    const { kind } = scanner
    if (kind === TOKEN.space || kind === TOKEN.comment) continue
    const value = scanner.value()
    if (kind === TOKEN.mark) {
      if (value === '(') depth++
      else if (value === ')') depth--
      if (seeks === 'name' && value === '(') {
        // A subquery: what is asked for stands deeper.
        seeks = 'target'
        targetDepth = depth
        isNested = true
      }
      continue
    }
    const word = kind === TOKEN.word ? value.toLowerCase() : ''
    if (seeks === 'name') {
      if (word === 'only' || word === 'lateral' || word === 'into') continue
      if (kind === TOKEN.word || kind === TOKEN.quotedName) return described(operation, nameAt(scanner))
      seeks = 'target'
    } else if (seeks === 'verb') {
      if (operation === '') operation = word === '' ? '' : word
      if (operation === '') continue
      isWith ||= operation === 'with'
      if (isWith && !(depth === 0 && VERBS.has(word))) continue
      operation = word
      targetDepth = depth
      if (!VERBS.has(word)) return described(operation, null)
      seeks =
        word === 'select' || word === 'delete' || word === 'insert' || word === 'merge' ? 'target' : 'name'
    } else if (seeks === 'target' && (depth === targetDepth || (isNested && depth > targetDepth))) {
      if (word === (operation === 'insert' || operation === 'merge' ? 'into' : 'from')) seeks = 'name'
    }
  }
  return described(operation, null)
}

function described(operation: string, collection: string | null): StatementSummary {
  const upper = operation === '' ? 'UNKNOWN' : operation.toUpperCase().slice(0, 40)
  const summary = collection === null ? upper : `${upper} ${collection}`
  return {
    summary: summary.slice(0, MAX_LENGTH),
    operation: upper,
    collection: collection?.slice(0, MAX_LENGTH) ?? null,
  }
}

/** The scanner stands on a name; takes the parts behind dots too. */
function nameAt(scanner: SqlScanner): string {
  let name = unquoted(scanner)
  let schema: string | null = null
  while (scanner.next() && isDot(scanner) && scanner.next() && isName(scanner)) {
    schema = name
    name = unquoted(scanner)
  }
  return schema === null || schema === 'public' ? name : `${schema}.${name}`
}

const isDot = (scanner: SqlScanner): boolean => scanner.kind === TOKEN.mark && scanner.value() === '.'
const isName = ({ kind }: SqlScanner): boolean => kind === TOKEN.word || kind === TOKEN.quotedName

function unquoted(scanner: SqlScanner): string {
  const value = scanner.value()
  return scanner.kind === TOKEN.word
    ? value.toLowerCase()
    : value.slice(value.indexOf('"') + 1, -1).replaceAll('""', '"')
}
