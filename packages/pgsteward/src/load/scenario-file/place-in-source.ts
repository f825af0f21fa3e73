// Where in a file a value stands that its path names: in JSON, and as far as it is written out there in a module. No parser of
// TypeScript: object and list literals are walked, everything else is passed over up to its end.

export type Path = readonly PropertyKey[]

export interface Place {
  /** From 1. */
  readonly line: number
  readonly column: number
  /** False: what holds it, because the rest comes from elsewhere (a variable, a spread, a call). */
  readonly isExact: boolean
}

/** Null: the file writes nothing of it out. A key of an object stands where its name does. */
export function placeInSource(source: string, path: Path): Place | null {
  const start = startOf(source)
  if (start === null) return null
  let offset = start
  let shown = start
  for (const [depth, step] of path.entries()) {
    const next = stepInto(source, offset, step)
    if (next === null) return { ...lineAndColumn(source, shown), isExact: isMissingKey(path, depth) }
    offset = next.value
    shown = next.shown
  }
  return { ...lineAndColumn(source, shown), isExact: true }
}

export function lineAndColumn(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

/** The last key of a path may be one that is not there: what lacks it is the place. */
function isMissingKey(path: Path, depth: number): boolean {
  return depth === path.length - 1 && typeof path[depth] === 'string'
}

/** The literal that is the scenario: JSON's first, a module's default export. */
function startOf(source: string): number | null {
  const first = skipSpace(source, source.startsWith('\uFEFF') ? 1 : 0)
  if (/[[{]/.test(source[first] ?? '')) return first
  const exported = defaultExport(source)
  if (exported === null) return null
  const named = /^(\w+)\s*;?\s*(?:$|\n)/.exec(source.slice(exported))?.[1]
  const expression =
    named === undefined
      ? exported
      : (new RegExp(`\\b(?:const|let|var)\\s+${named}\\b[^=]*=\\s*`).exec(source) ?? null)
  const at =
    typeof expression === 'number'
      ? expression
      : expression === null
        ? exported
        : expression.index + expression[0].length
  const call = /^(?:\w+\.)?defineScenario\s*(?:<[^>]*>)?\(\s*/.exec(source.slice(at))
  return skipSpace(source, at + (call?.[0].length ?? 0))
}

function defaultExport(source: string): number | null {
  const found = /(?:^|\n)\s*export\s+default\s+/.exec(source)
  return found === null ? null : found.index + found[0].length
}

interface Step {
  readonly value: number
  /** Of the key, or of the element. */
  readonly shown: number
}

function stepInto(source: string, at: number, step: PropertyKey): Step | null {
  const open = source[at]
  if (open === '{') return findKey(source, at, String(step))
  if (open === '[') return findElement(source, at, Number(step))
  return null
}

function findKey(source: string, open: number, name: string): Step | null {
  for (let at = skipSpace(source, open + 1); at < source.length && source[at] !== '}'; ) {
    const key = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([A-Za-z_$][\w$]*)|(\d+))/.exec(
      source.slice(at, at + 400),
    )
    if (key === null) {
      at = nextItem(source, at)
      continue
    }
    const afterKey = skipSpace(source, at + key[0].length)
    const isKey = source[afterKey] === ':'
    const found = (key[1] ?? key[2] ?? key[3] ?? key[4]) === name
    // `{ staff }` stands for `{ staff: staff }`
    if (found) return { value: isKey ? skipSpace(source, afterKey + 1) : at, shown: at }
    at = nextItem(source, afterKey)
  }
  return null
}

function findElement(source: string, open: number, index: number): Step | null {
  let number = 0
  for (let at = skipSpace(source, open + 1); at < source.length && source[at] !== ']'; number++) {
    // how many elements a spread stands for is not written here
    if (source.startsWith('...', at)) return null
    if (number === index) return { value: at, shown: at }
    at = nextItem(source, at)
  }
  return null
}

/** Behind the comma that ends the item at `at`, or at the bracket that ends the list. */
function nextItem(source: string, at: number): number {
  let depth = 0
  for (let here = at; here < source.length; ) {
    const char = source[here]!
    if (char === ',' && depth === 0) return skipSpace(source, here + 1)
    if (/[)\]}]/.test(char)) {
      if (depth === 0) return here
      depth--
    }
    if (/[([{]/.test(char)) depth++
    here = skipToken(source, here)
  }
  return source.length
}

/** Quoted texts and comments as a whole, everything else a character at a time. */
function skipToken(source: string, at: number): number {
  const char = source[at]
  if (char === '"' || char === "'" || char === '`') return skipQuoted(source, at, char)
  if (source.startsWith('//', at) || source.startsWith('/*', at)) return skipComment(source, at)
  return at + 1
}

function skipQuoted(source: string, at: number, quote: string): number {
  let here = at + 1
  while (here < source.length && source[here] !== quote) here += source[here] === '\\' ? 2 : 1
  return here + 1
}

function skipComment(source: string, at: number): number {
  const isLine = source[at + 1] === '/'
  const end = source.indexOf(isLine ? '\n' : '*/', at + 2)
  return end === -1 ? source.length : end + (isLine ? 1 : 2)
}

function skipSpace(source: string, at: number): number {
  let here = at
  for (;;) {
    while (/\s/.test(source[here] ?? '')) here++
    if (!source.startsWith('//', here) && !source.startsWith('/*', here)) return here
    here = skipComment(source, here)
  }
}
