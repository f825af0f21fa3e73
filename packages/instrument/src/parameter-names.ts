// What the parameters of a statement are called, as far as its text tells: `password = $1`, the column list of an insert.

import { SqlScanner, TOKEN } from './sql-tokens.ts'

/** Index 0 is $1. Null where no column stands beside the parameter. */
export function parameterNames(sql: string): (string | null)[] {
  const names: (string | null)[] = []
  const scanner = new SqlScanner(sql)
  const columns: string[] = []
  let isInsert = false
  let stage: 'start' | 'columns' | 'values' | 'none' = 'start'
  let depth = 0
  let column = 0
  /** The last name, and whether only an operator and brackets came since. */
  let last: string | null = null
  let waiting: number | null = null
  let afterOperator = false
  while (scanner.next()) {
    const { kind } = scanner
    if (kind === TOKEN.space || kind === TOKEN.comment) continue
    if (kind === TOKEN.parameter) {
      const position = Number(scanner.value().slice(1)) - 1
      if (!(position >= 0 && position < 65_535)) continue
      while (names.length <= position) names.push(null)
      if (stage === 'values' && depth > 0) names[position] ??= columns[column] ?? null
      else names[position] ??= last
      waiting = position
      afterOperator = false
      continue
    }
    if (kind === TOKEN.word || kind === TOKEN.quotedName) {
      const value = scanner.value()
      const word = kind === TOKEN.word ? value.toLowerCase() : ''
      if (word === 'insert') isInsert = true
      else if (isInsert && word === 'values') {
        stage = 'values'
        depth = 0
      } else if (word === 'select' || word === 'returning' || word === 'conflict') stage = 'none'
      if (KEYWORDS.has(word)) {
        if (!CONNECTING.has(word)) last = null
        if (word === 'and' || word === 'or') waiting = null
        continue
      }
      const name = kind === TOKEN.word ? value : value.slice(1, -1)
      if (stage === 'columns' && depth === 1) columns.push(name)
      // `$1 = password`
      if (waiting !== null && afterOperator) names[waiting] ??= name
      last = name
      continue
    }
    if (kind === TOKEN.operator) {
      afterOperator = true
      continue
    }
    if (kind !== TOKEN.mark) continue
    const mark = scanner.value()
    if (mark === '(') {
      depth++
      if (isInsert && stage === 'start') stage = 'columns'
      if (stage === 'values' && depth === 1) column = 0
    } else if (mark === ')') {
      depth--
      if (stage === 'columns' && depth === 0) stage = 'none'
    } else if (mark === ',') {
      if (stage === 'values' && depth === 1) column++
      waiting = null
    }
  }
  return names
}

/** Between a column and its parameter: `name like $1`, `id in ($1, $2)`, `id = any($1)`, `age between $1 and $2`. */
const CONNECTING = new Set([
  'in',
  'like',
  'ilike',
  'similar',
  'to',
  'any',
  'all',
  'some',
  'not',
  'between',
  'and',
  'is',
  'distinct',
  'from',
  'cast',
  'as',
])
const KEYWORDS = new Set([
  ...CONNECTING,
  ...'select insert update delete into values where or set order by group having limit offset returning on conflict do case when then else end join left right inner outer with null true false exists union'.split(
    ' ',
  ),
])
