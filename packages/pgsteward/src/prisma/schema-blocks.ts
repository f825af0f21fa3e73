// schema.prisma as blocks of lines with attributes. Tolerant: what it doesn't know it leaves alone, so that a newer Prisma's words
// don't stop the rest from being read.

export interface SchemaFile {
  readonly path: string
  readonly text: string
}

export interface Attribute {
  /** `index`, `map`, `db.VarChar`; without the at signs. */
  readonly name: string
  /** In order; a key is null for a positional one. Values are raw text. */
  readonly args: readonly { readonly key: string | null; readonly value: string }[]
}

export interface SchemaField {
  readonly name: string
  /** Without ? and []. */
  readonly type: string
  readonly isList: boolean
  readonly attributes: readonly Attribute[]
  readonly line: number
}

export interface SchemaBlock {
  /** model, view, enum, type, datasource, generator. */
  readonly kind: string
  readonly name: string
  readonly path: string
  readonly line: number
  readonly fields: readonly SchemaField[]
  /** Those with two at signs. */
  readonly attributes: readonly (Attribute & { readonly line: number })[]
}

export function readSchemaBlocks({ path, text }: SchemaFile): readonly SchemaBlock[] {
  const code = withoutComments(text)
  const blocks: SchemaBlock[] = []
  const header = /^[^\S\n]*(\w+)\s+(\w+)\s*\{/gm
  for (let match = header.exec(code); match !== null; match = header.exec(code)) {
    const end = closing(code, header.lastIndex - 1)
    const [, kind = '', name = ''] = match
    const members = logicalLines(code.slice(header.lastIndex, end), lineAt(code, header.lastIndex))
    blocks.push({
      kind,
      name,
      path,
      line: lineAt(code, match.index + match[0].search(/\S/)),
      fields: members.flatMap(({ text: member, line }) => fieldOf(member, line) ?? []),
      attributes: members
        .filter(({ text: member }) => member.startsWith('@@'))
        .flatMap(({ text: member, line }) => attributesOf(member).map((each) => ({ ...each, line }))),
    })
    header.lastIndex = end
  }
  return blocks
}

/** Comments become blanks, so that places and lines stay; `//` within a string is text. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (token) =>
    token.startsWith('"') ? token : token.replace(/[^\n]/g, ' '),
  )
}

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** The place of the bracket that closes the one at `open`; the text's end where there is none. */
function closing(text: string, open: number): number {
  const stack: string[] = []
  for (let place = open; place < text.length; place += 1) {
    const sign = text[place]!
    if (sign === '"') place = stringEnd(text, place)
    else if (PAIRS[sign] !== undefined) stack.push(PAIRS[sign])
    else if (sign === stack.at(-1)) {
      stack.pop()
      if (stack.length === 0) return place
    }
  }
  return text.length
}

function stringEnd(text: string, open: number): number {
  for (let place = open + 1; place < text.length; place += 1) {
    if (text[place] === '\\') place += 1
    else if (text[place] === '"') return place
  }
  return text.length
}

/** Lines of a block; one that is within brackets continues. */
function logicalLines(body: string, firstLine: number): readonly { text: string; line: number }[] {
  const lines: { text: string; line: number }[] = []
  let place = 0
  let start = 0
  const finish = (end: number) => {
    const text = body.slice(start, end)
    if (text.trim() !== '')
      lines.push({ text: text.trim(), line: firstLine + lineAt(body, start + text.search(/\S/)) - 1 })
    start = end + 1
  }
  while (place < body.length) {
    const sign = body[place]!
    if (sign === '"') place = stringEnd(body, place)
    else if (PAIRS[sign] !== undefined) place = closing(body, place)
    else if (sign === '\n') finish(place)
    place += 1
  }
  finish(body.length)
  return lines
}

function lineAt(text: string, place: number): number {
  return text.slice(0, place).split('\n').length
}

function fieldOf(text: string, line: number): SchemaField | null {
  const match = /^(\w+)\s+(Unsupported\s*\("[^"]*"\)|\w+)(\[\])?\??(?:\s|$)/.exec(text)
  if (match === null) return null
  const [whole, name = '', type = '', list] = match
  return { name, type, isList: list !== undefined, attributes: attributesOf(text.slice(whole.length)), line }
}

function attributesOf(text: string): readonly Attribute[] {
  const attributes: Attribute[] = []
  const start = /@@?([\w.]+)\s*(\()?/g
  for (let match = start.exec(text); match !== null; match = start.exec(text)) {
    const [, name = '', bracket] = match
    if (bracket === undefined) {
      attributes.push({ name, args: [] })
      continue
    }
    const end = closing(text, start.lastIndex - 1)
    attributes.push({ name, args: splitList(text.slice(start.lastIndex, end)).map(argumentOf) })
    start.lastIndex = end
  }
  return attributes
}

function argumentOf(text: string): Attribute['args'][number] {
  const match = /^(\w+)\s*:\s*([\s\S]*)$/.exec(text)
  return match === null ? { key: null, value: text } : { key: match[1]!, value: match[2]! }
}

/** Cuts at the commas outside of brackets and strings. */
export function splitList(text: string): readonly string[] {
  const parts: string[] = []
  let start = 0
  for (let place = 0; place < text.length; place += 1) {
    const sign = text[place]!
    if (sign === '"') place = stringEnd(text, place)
    else if (PAIRS[sign] !== undefined) place = closing(text, place)
    else if (sign === ',') {
      parts.push(text.slice(start, place).trim())
      start = place + 1
    }
  }
  parts.push(text.slice(start).trim())
  return parts.filter((part) => part !== '')
}

/** The argument of that name, or else the first without one. */
export function argument(attribute: Attribute, key: string): string | null {
  const { args } = attribute
  return (args.find((each) => each.key === key) ?? args.find((each) => each.key === null))?.value ?? null
}

/** As `argument`, but only by name. */
export function namedArgument(attribute: Attribute, key: string): string | null {
  return attribute.args.find((each) => each.key === key)?.value ?? null
}

/** `"text"` without its quotes; null for anything else. */
export function stringOf(value: string | null): string | null {
  const match = value === null ? null : /^"((?:[^"\\]|\\.)*)"$/.exec(value.trim())
  return match === null ? null : match[1]!.replace(/\\(.)/g, '$1')
}
