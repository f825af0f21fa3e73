// What the parameters of a statement are called, as far as its text tells: `password = $1`, the column list of an insert.

import { SqlScanner, TOKEN } from '../sql/sql-tokens.ts'

/**
 * Index 0 is $1. Null where no column stands beside the parameter: a wrong name would be worse than none, since what has a harmless
 * name is shown.
 */
export function parameterNames(sql: string): (string | null)[] {
  const reader = new ParameterReader(sql)
  while (reader.next());
  return reader.names
}

class ParameterReader {
  readonly names: (string | null)[] = []
  readonly #scanner: SqlScanner
  /** Of the insert: its columns, in the order of the values. */
  readonly #columns: string[] = []
  #part: 'start' | 'insert' | 'columns' | 'behind columns' | 'values' | 'other' = 'start'
  #depth = 0
  #column = 0
  /** The name before, and whether an operator or a word like IN joins what follows to it. */
  #last: string | null = null
  #isJoined = false
  #joinedAt = 0
  #isBetween = false
  /** A parameter whose name may follow: `$1 = id`. */
  #waiting: number | null = null

  constructor(sql: string) {
    this.#scanner = new SqlScanner(sql)
  }

  next(): boolean {
    if (!this.#scanner.next()) return false
    const { kind } = this.#scanner
    if (kind === TOKEN.parameter) this.#parameter(Number(this.#scanner.value().slice(1)) - 1)
    else if (kind === TOKEN.word) this.#word(this.#scanner.value())
    else if (kind === TOKEN.quotedName) this.#name(this.#scanner.value().slice(1, -1))
    else if (kind === TOKEN.operator) this.#join()
    else if (kind === TOKEN.mark) this.#mark(this.#scanner.value())
    else if (kind === TOKEN.text || kind === TOKEN.number) this.#waiting = null
    return true
  }

  #parameter(position: number): void {
    if (!(position >= 0 && position < MAX_PARAMETERS)) return
    while (this.names.length <= position) this.names.push(null)
    if (this.#part === 'values')
      this.names[position] ??= this.#depth === 1 ? (this.#columns[this.#column] ?? null) : null
    else if (this.#isJoined) this.names[position] ??= this.#last
    this.#waiting = position
  }

  #word(value: string): void {
    const word = value.toLowerCase()
    if (CONNECTING.has(word) || (word === 'and' && this.#isBetween)) {
      this.#join()
      this.#isBetween = word === 'between'
      return
    }
    if (!KEYWORDS.has(word)) {
      this.#name(value)
      return
    }
    if (word === 'insert') this.#part = 'insert'
    else if (word === 'values' && this.#part === 'behind columns') {
      this.#part = 'values'
      this.#depth = 0
    } else if (word === 'select' || word === 'returning' || word === 'on') this.#part = 'other'
    this.#forget()
  }

  #name(name: string): void {
    if (this.#part === 'columns' && this.#depth === 1) this.#columns.push(name)
    if (this.#waiting !== null && this.#isJoined) this.names[this.#waiting] ??= name
    this.#forget()
    this.#last = name
  }

  #join(): void {
    this.#isJoined = true
    this.#joinedAt = this.#depth
  }

  #mark(mark: string): void {
    if (mark === '(') {
      this.#depth++
      if (this.#part === 'insert') this.#part = 'columns'
      if (this.#part === 'values' && this.#depth === 1) this.#column = 0
    } else if (mark === ')') {
      this.#depth--
      if (this.#part === 'columns' && this.#depth === 0) this.#part = 'behind columns'
      if (this.#isJoined && this.#depth < this.#joinedAt) this.#forget()
    } else if (mark === ',') {
      if (this.#part === 'values' && this.#depth === 1) this.#column++
      // Only the list behind IN goes on belonging to the name before it.
      if (!(this.#isJoined && this.#depth > this.#joinedAt)) this.#forget()
    } else if (mark === ';') {
      this.#part = 'start'
      this.#forget()
    }
  }

  #forget(): void {
    this.#last = null
    this.#isJoined = false
    this.#isBetween = false
    this.#waiting = null
  }
}

const MAX_PARAMETERS = 65_535

/** Between a column and its parameter: `name like $1`, `id in ($1, $2)`, `id = any($1)`, `age between $1 and $2`. */
const CONNECTING = new Set(['in', 'like', 'ilike', 'similar', 'any', 'all', 'some', 'not', 'between', 'is'])
const KEYWORDS = new Set(
  `select insert update delete into values where or set order by group having limit offset returning on conflict do case when then
   else end join left right inner outer with null true false exists union and as from distinct cast to`.split(
    /\s+/,
  ),
)
