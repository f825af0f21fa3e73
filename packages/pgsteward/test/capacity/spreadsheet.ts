// A small spreadsheet for tests: reads an xlsx file by its XML, and calculates its formulas anew, knowing nothing of who wrote it.

import { inflateRawSync } from 'node:zlib'

export interface ReadCell {
  readonly formula: string | null
  /** As the file holds it. */
  readonly value: string | number | null
}

export type ReadSheet = ReadonlyMap<string, ReadCell>

export interface ReadWorkbook {
  readonly sheets: ReadonlyMap<string, ReadSheet>
  /** Parts of the file, by their path. */
  readonly parts: ReadonlyMap<string, string>
}

/** Entries by the central directory: a zip of stored and deflated files. */
function unzip(bytes: Uint8Array): ReadonlyMap<string, string> {
  const file = Buffer.from(bytes)
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  const entries = new Map<string, string>()
  let at = file.readUInt32LE(end + 16)
  for (let number = 0; number < file.readUInt16LE(end + 10); number += 1) {
    const [method, packed] = [file.readUInt16LE(at + 10), file.readUInt32LE(at + 20)]
    const [name, extra, comment] = [28, 30, 32].map((offset) => file.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ]
    const local = file.readUInt32LE(at + 42)
    const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
    const body = file.subarray(from, from + packed)
    entries.set(
      file.toString('utf8', at + 46, at + 46 + name),
      (method === 0 ? body : inflateRawSync(body)).toString('utf8'),
    )
    at += 46 + name + extra + comment
  }
  return entries
}

const unescaped = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]

export function readWorkbook(bytes: Uint8Array): ReadWorkbook {
  const parts = unzip(bytes)
  const texts = [...(parts.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(([, si]) =>
    unescaped([...si!.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map(([, t]) => t).join('')),
  )
  const targets = new Map(
    [...parts.get('xl/_rels/workbook.xml.rels')!.matchAll(/<Relationship [^>]*>/g)].map(([tag]) => [
      attribute(tag, 'Id')!,
      attribute(tag, 'Target')!.replace(/^\/?xl\//, ''),
    ]),
  )
  const sheets = [...parts.get('xl/workbook.xml')!.matchAll(/<sheet [^>]*>/g)].map(([tag]) => {
    const xml = parts.get(`xl/${targets.get(attribute(tag, 'r:id')!)}`)!
    return [attribute(tag, 'name')!, cellsOf(xml, texts)] as const
  })
  return { sheets: new Map(sheets), parts }
}

function cellsOf(xml: string, texts: readonly string[]): ReadSheet {
  return new Map(
    [...xml.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, tag, body = '']) => {
      const formula = /<f[^>]*>(.*?)<\/f>/s.exec(body)?.[1]
      const raw = /<v>(.*?)<\/v>/s.exec(body)?.[1]
      const type = attribute(tag!, 't')
      const value =
        raw === undefined
          ? null
          : type === 's'
            ? texts[Number(raw)]!
            : type === 'str'
              ? unescaped(raw)
              : Number(raw)
      return [
        attribute(tag!, 'r')!,
        { formula: formula === undefined ? null : unescaped(formula), value },
      ] as const
    }),
  )
}

type Value = string | number | null
type Values = readonly Value[]

/** Calculates cells of a workbook, some of them given other values: `{ 'Inputs!B4': 20 }`. */
export function calculator(
  { sheets }: ReadWorkbook,
  changes: Readonly<Record<string, number>> = {},
): (sheet: string, cell: string) => Value {
  const known = new Map<string, Value>(Object.entries(changes))
  const cell = (sheet: string, name: string): Value => {
    const key = `${sheet}!${name}`
    if (known.has(key)) return known.get(key)!
    const read = sheets.get(sheet)?.get(name)
    const value = read?.formula == null ? (read?.value ?? null) : calculated(read.formula, cell)
    known.set(key, value)
    return value
  }
  return cell
}

/** Only the forms that are used; another one fails loudly. */
const FUNCTIONS = {
  MAX: (...values: readonly Value[]) => Math.max(...values.map(Number)),
  MIN: (values: Values) => Math.min(...values.filter((value) => typeof value === 'number')),
  COUNT: (values: Values) => values.filter((value) => typeof value === 'number').length,
  SQRT: (value: Value) => Math.sqrt(Number(value)),
  ROUNDUP: (value: Value, digits: number) => {
    if (digits !== 0) throw new Error('only whole numbers')
    return Math.sign(Number(value)) * Math.ceil(Math.abs(Number(value)))
  },
}

/** A formula of numbers, texts, references and those functions is a JavaScript expression but for its references, `=` and IF. */
function calculated(formula: string, cell: (sheet: string, name: string) => Value): Value {
  const tokens =
    /"(?:[^"]|"")*"|([A-Za-z]+)!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?|[A-Z]+(?=\()|>=|=|[^"A-Z>=]+/g
  const code = [...formula.matchAll(tokens)].map(([token, sheet, column, row, toColumn, toRow]) => {
    if (token.startsWith('"')) return JSON.stringify(token.slice(1, -1).replaceAll('""', '"'))
    if (sheet !== undefined && toColumn !== undefined) {
      if (toColumn !== column) throw new Error(`${token} has several columns`)
      return `range('${sheet}','${column}',${row},${toRow})`
    }
    if (sheet !== undefined) return `cell('${sheet}','${column}${row}')`
    if (token === '=') return '==='
    return token
  })
  if (code.join('').length < formula.length / 2) throw new Error(`not understood: ${formula}`)
  const range = (sheet: string, column: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => cell(sheet, `${column}${from + at}`))
  const IF = (condition: boolean, yes: Value, no: Value) => (condition ? yes : no)
  const scope = { ...FUNCTIONS, IF, cell, range }
  return new Function(...Object.keys(scope), `return (${code.join('')})`)(...Object.values(scope)) as Value
}
