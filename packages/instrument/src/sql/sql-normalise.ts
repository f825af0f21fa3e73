// Brings the texts of one statement to one form: as the application sent it, as an ORM wrote it, and as pg_stat_statements shows it.

import { SqlScanner, TOKEN } from './sql-tokens.ts'

/** An open bracket, and what may be collapsed in it. */
interface Bracket {
  /** Index in the parts of what follows the bracket. */
  readonly start: number
  readonly holds: 'list' | 'other'
  /** One of the rows of VALUES or of an IN list: left out when it repeats the one before. */
  readonly isRow: boolean
  /** Nothing but values, casts and commas so far. */
  isPlain: boolean
  /** Of the row that ended last within this bracket. */
  lastRow: string | null
}

/** Brackets within brackets that are looked into: what lies deeper stays as it is. */
const MAX_DEPTH = 500

/** After these a minus belongs to the number, and a bracket stands apart. */
const BEFORE_VALUE = new Set(
  `select where and or not in between then else when limit offset values by returning like ilike similar any some all case on using
   from as set into join with over filter exists union except intersect having distinct interval array is to for recursive materialized
   do update default lateral row if`.split(/\s+/),
)

/**
 * Comments go; literals, numbers and parameters become `?`; lists of values after IN and in ARRAY become one, rows of VALUES that look
 * alike too; unquoted words in lower case; single spaces, none where brackets and commas need none. Linear in the text, never throws.
 */
export function normaliseSql(text: string): string {
  const parts: string[] = []
  const brackets: Bracket[] = []
  const scanner = new SqlScanner(text)
  let previous = ''
  let beforeThat = ''
  let rowsOfValues: { readonly depth: number; lastRow: string | null } | null = null
  let unread = 0
  const push = (part: string, joined: boolean): void => {
    parts.push(joined || parts.length === 0 ? part : ` ${part}`)
    beforeThat = previous
    previous = part
  }
  while (scanner.next()) {
    const { kind } = scanner
    if (kind === TOKEN.space || kind === TOKEN.comment) continue
    const open = brackets.at(-1)
    const joined = previous === '(' || previous === '[' || previous === '.' || previous === '::'
    if (kind === TOKEN.text || kind === TOKEN.number || kind === TOKEN.parameter) {
      if (kind === TOKEN.number && previous === '-' && isSign(beforeThat)) {
        parts.pop()
        previous = beforeThat
        push('?', previous === '(' || previous === '[')
      } else push('?', joined)
      continue
    }
    const value = scanner.value()
    if (kind === TOKEN.word) {
      const word = value.toLowerCase()
      if (isConstant(word, previous) || (previous === '(' && beforeThat === 'extract')) push('?', joined)
      else {
        if (open !== undefined && previous !== '::' && previous !== '.') open.isPlain = false
        push(word, joined)
      }
      if (word === 'values') rowsOfValues = { depth: brackets.length, lastRow: null }
      else if (brackets.length === rowsOfValues?.depth) rowsOfValues = null
      continue
    }
    if (kind === TOKEN.quotedName) {
      if (open !== undefined && previous !== '::' && previous !== '.') open.isPlain = false
      push(value, joined)
      continue
    }
    if (kind === TOKEN.operator) {
      if (open !== undefined && value !== '-') open.isPlain = false
      push(value, joined)
      continue
    }
    if (value === '(' || value === '[') {
      const inList = open !== undefined && open.holds === 'list' && (previous === '(' || previous === ',')
      const isRow =
        value === '(' &&
        (inList || (brackets.length === rowsOfValues?.depth && (previous === 'values' || previous === ',')))
      if (open !== undefined && !inList && previous !== '::') open.isPlain = false
      const isList = value === '(' ? previous === 'in' : previous === 'array'
      const start = parts.length + 1
      push(
        value,
        value === '[' || !(previous === ',' || BEFORE_VALUE.has(previous) || isOperatorText(previous)),
      )
      if (brackets.length === MAX_DEPTH) {
        unread++
        continue
      }
      brackets.push({
        start,
        holds: isList ? 'list' : 'other',
        isRow,
        isPlain: true,
        lastRow: null,
      })
      if (isRow && !inList) brackets.at(-1)!.isPlain = false
      continue
    }
    if (value === ')' || value === ']') {
      const closed = unread > 0 ? undefined : brackets.pop()
      if (unread > 0) unread--
      if (closed?.holds === 'list' && closed.isPlain && parts.length > closed.start) {
        // PostgreSQL 18 shows `in ($1 /*, ... */)`, without the casts that the values had.
        parts.length = closed.start
        parts.push('?')
      }
      push(value, true)
      if (closed?.isRow) {
        const owner = brackets.at(-1)?.holds === 'list' ? brackets.at(-1)! : rowsOfValues
        const row = parts.slice(closed.start).join('')
        if (owner !== null && owner.lastRow === row) {
          // The bracket and the comma before it go too.
          parts.length = closed.start - 2
        }
        if (owner !== null) owner.lastRow = row
        if (brackets.length > 0 && owner !== rowsOfValues) brackets.at(-1)!.isPlain = false
      }
      continue
    }
    if (value === ';') {
      rowsOfValues = null
    } else if (value !== ',' && value !== '::' && value !== '.' && open !== undefined) open.isPlain = false
    // Two colons with white space between are not a cast.
    push(value, !(value.startsWith(':') && previous.endsWith(':')))
  }
  while (parts.at(-1) === ';') parts.pop()
  return parts.join('')
}

/** Whether a minus behind this belongs to the number that follows. */
function isSign(before: string): boolean {
  return (
    before === '' ||
    before === '(' ||
    before === '[' ||
    before === ',' ||
    isOperatorText(before) ||
    BEFORE_VALUE.has(before)
  )
}

function isOperatorText(part: string): boolean {
  const code = part.charCodeAt(0)
  return part !== '?' && '+-*/<>=~!@#%^&|`'.includes(String.fromCharCode(code))
}

/** PostgreSQL numbers these too (and the field in `extract(year from at)`), but not in `is null`, `not null`, `set null`. */
function isConstant(word: string, previous: string): boolean {
  if (word !== 'null' && word !== 'true' && word !== 'false') return false
  return (
    previous !== 'is' &&
    previous !== 'not' &&
    previous !== 'set' &&
    previous !== '.' &&
    previous !== 'default'
  )
}
