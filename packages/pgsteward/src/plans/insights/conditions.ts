// Conditions as EXPLAIN writes them, taken apart as far as advice needs it. They come deparsed, with parentheses around every
// operator, so that no grammar is needed; values may have been replaced by $1 or '?'.

export interface ColumnRef {
  /** Alias or table; null where the plan reads one relation only and does not say. */
  readonly of: string | null
  readonly column: string
}

export type ClauseKind = 'equality' | 'range' | 'other'

export interface Clause {
  readonly text: string
  readonly kind: ClauseKind
  /** A bare column against something that is known before the scan; null: an expression, or more than one column. */
  readonly column: ColumnRef | null
}

/** What must hold together: the parts of a top-level AND. */
export function clausesOf(condition: string): readonly Clause[] {
  return splitAt(condition, 'AND').map(clauseOf)
}

/** Parts of a top-level OR; one where there is none. */
export function alternativesOf(clause: string): readonly string[] {
  return splitAt(clause, 'OR')
}

/** Aliases by which a text names columns of several relations. */
export function aliasesIn(condition: string): readonly string[] {
  const found = new Set<string>()
  for (const match of withoutLiterals(condition).matchAll(QUALIFIED)) found.add(unquoted(match[1]!))
  return [...found]
}

/** The condition for people: without the outermost parentheses and casts of values, 120 characters at most. */
export function shownCondition(condition: string): string {
  const text = stripped(condition).replace(
    /(\$\d+|'(?:[^']|'')*')::[a-z_][\w]*(?: [a-z]+)*(?:\(\d+\))?(?:\[\])?/gi,
    '$1',
  )
  return text.length <= 120 ? text : `${text.slice(0, 118)} …`
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)`
const QUALIFIED = new RegExp(String.raw`(${NAME})\.(?=["a-z_\u0080-\uffff])`, 'gi')
// (c.state)::text = ...; c.id >= ...; c.kind = ANY (...)
const COMPARISON = new RegExp(
  String.raw`^\(?(?:(${NAME})\.)?(${NAME})\)?(?:::[\w ]+(?:\(\d+\))?)? (=|<|>|<=|>=|IS NULL|IS NOT NULL)(?: ([\s\S]+))?$`,
  'i',
)
const WORDS = new Set(['not', 'case', 'exists', 'any', 'all', 'row', 'array', 'null', 'true', 'false'])

function clauseOf(text: string): Clause {
  const bare = stripped(text)
  const boolean = new RegExp(String.raw`^(NOT )?(?:(${NAME})\.)?(${NAME})$`, 'i').exec(bare)
  if (boolean !== null && !WORDS.has(boolean[3]!.toLowerCase())) {
    return { text: bare, kind: 'equality', column: refOf(boolean[2], boolean[3]!) }
  }
  const match = COMPARISON.exec(bare)
  if (match === null || WORDS.has(match[2]!.toLowerCase())) return { text: bare, kind: 'other', column: null }
  const [, of, column, operator, value] = match
  // another column on the right: a join, or a comparison within the row
  const isKnown = value === undefined || isConstant(value)
  if (!isKnown) return { text: bare, kind: 'other', column: null }
  const kind = operator === '=' || /^is null$/i.test(operator!) ? 'equality' : 'range'
  return { text: bare, kind, column: refOf(of, column!) }
}

/** Nothing in it but values, parameters, casts, ANY and ARRAY, functions of those. */
function isConstant(value: string): boolean {
  const rest = withoutLiterals(value)
    .replace(
      /::[a-z_"][\w"]*(?: (?:without|with) time zone| varying| precision)?(?:\(\d+(?:,\d+)?\))?(?:\[\])?/gi,
      '',
    )
    .replace(/\((?:Init|Sub)Plan \d+\)\.col\d+/g, '')
    .replace(/\$\d+/g, '')
    .replace(/\b(?:ANY|ARRAY|NULL|true|false|now|CURRENT_DATE|CURRENT_TIMESTAMP|hashed)\b/gi, '')
  return !/[a-z_"]/i.test(rest)
}

function refOf(of: string | undefined, column: string): ColumnRef {
  return { of: of === undefined ? null : unquoted(of), column: unquoted(column) }
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
}

function withoutLiterals(text: string): string {
  return text.replace(/'(?:[^']|'')*'/g, "''")
}

/** Without parentheses that hold the whole. */
function stripped(text: string): string {
  let bare = text.trim()
  while (bare.startsWith('(') && closingOf(bare) === bare.length - 1) bare = bare.slice(1, -1).trim()
  return bare
}

/** Where the parenthesis that opens the text is closed. */
function closingOf(text: string): number {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const quote = text[at]
    if (quote === "'" || quote === '"') at = endOfQuote(text, at)
    else if (quote === '(') depth++
    else if (quote === ')' && --depth === 0) return at
  }
  return -1
}

function splitAt(text: string, word: 'AND' | 'OR'): readonly string[] {
  const bare = stripped(text)
  const parts: string[] = []
  let [depth, from] = [0, 0]
  for (let at = 0; at < bare.length; at++) {
    const sign = bare[at]
    if (sign === "'" || sign === '"') at = endOfQuote(bare, at)
    else if (sign === '(') depth++
    else if (sign === ')') depth--
    else if (depth === 0 && sign === ' ' && bare.startsWith(` ${word} `, at)) {
      parts.push(bare.slice(from, at).trim())
      from = at + word.length + 2
      at = from - 1
    }
  }
  parts.push(bare.slice(from).trim())
  return parts
}

function endOfQuote(text: string, from: number): number {
  const quote = text[from]!
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] !== quote) continue
    if (text[at + 1] !== quote) return at
    at++
  }
  return text.length - 1
}
