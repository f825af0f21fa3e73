// Reads a series from a file: JSON `{ series: [{ raw: [...] }] }` (the Turing change point dataset's), `{ values: [...] }` or a bare
// array, or CSV `time,value`. Gaps are null. What is wrong is told with its place.

import { readFile, stat } from 'node:fs/promises'
import { StewardError } from '../../model/error.ts'

export interface ReadSeries {
  /** One array a dimension, all of one length. */
  readonly dimensions: readonly (readonly (number | null)[])[]
  /** Of CSV, as written. */
  readonly times: readonly string[] | null
}

/** Beyond it a file is no series of measurements, or a mistake. */
const MOST_BYTES = 256 * 1024 * 1024

/** Throws 'series-file'. */
export async function readSeries(path: string): Promise<ReadSeries> {
  const text = await textOf(path)
  if (text.trim() === '') throw unreadable(path, 'It is empty.')
  const series =
    /^\s*[[{"]/.test(text) && !/^\s*"[^"\n]*"\s*[,;\t]/.test(text)
      ? fromJson(path, text)
      : fromCsv(path, text)
  const [first] = series.dimensions
  if (first === undefined || first.length === 0) throw unreadable(path, 'It holds no values.')
  const other = series.dimensions.findIndex(({ length }) => length !== first.length)
  if (other > 0)
    throw unreadable(
      path,
      `Its first dimension has ${first.length} values, its ${other + 1}. has ${series.dimensions[other]!.length}.`,
    )
  if (series.dimensions.every((values) => values.every((value) => value === null)))
    throw unreadable(path, 'It holds nothing but gaps.')
  return series
}

async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > MOST_BYTES)
      throw unreadable(
        path,
        `It has ${Math.round(size / 1024 ** 2)} MB; a series has ${MOST_BYTES / 1024 ** 2} MB at most.`,
      )
    const bytes = await readFile(path)
    if (bytes.subarray(0, 4_096).includes(0)) throw unreadable(path, 'It is not text.')
    return bytes.toString('utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if (error instanceof StewardError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw unreadable(
      path,
      code === 'ENOENT' ? 'There is no such file.' : code === 'EISDIR' ? 'It is a folder.' : message,
    )
  }
}

function fromJson(path: string, text: string): ReadSeries {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw unreadable(path, `It is not JSON: ${(cause as Error).message}`)
  }
  return { dimensions: dimensionsOf(path, parsed), times: null }
}

function dimensionsOf(path: string, parsed: unknown): ReadSeries['dimensions'] {
  if (Array.isArray(parsed)) return [numbers(path, parsed, '')]
  const { series, values } = (parsed ?? {}) as { series?: unknown; values?: unknown }
  if (Array.isArray(series)) {
    if (series.length === 0) throw unreadable(path, 'series is empty.')
    return series.map((each, at) => {
      const raw = Array.isArray(each)
        ? each
        : (((each ?? {}) as { raw?: unknown; values?: unknown }).raw ??
          (each as { values?: unknown } | null)?.values)
      if (!Array.isArray(raw)) throw unreadable(path, `series.${at}.raw is missing, or no list of numbers.`)
      return numbers(path, raw, `series.${at}.raw.`)
    })
  }
  if (Array.isArray(values)) return [numbers(path, values, 'values.')]
  throw unreadable(path, 'It has neither series nor values.')
}

function numbers(path: string, list: readonly unknown[], where: string): readonly (number | null)[] {
  return list.map((value, at) => {
    if (value === null) return null
    if (typeof value === 'number' && Number.isFinite(value)) return value
    throw unreadable(path, `${where}${at} is ${JSON.stringify(value)?.slice(0, 40)}, not a number or null.`)
  })
}

const GAPS = new Set(['', 'null', 'nan', 'na', 'n/a'])

/** `time,value`, or a value alone on each line; a first line without a number in its last place is a header. */
function fromCsv(path: string, text: string): ReadSeries {
  const lines = text.split(/\r?\n/).map((line, at) => ({ line: line.trim(), number: at + 1 }))
  const rows = lines
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => ({
      number,
      cells: line.split(line.includes(';') ? ';' : line.includes('\t') ? '\t' : ',').map(unquoted),
    }))
  const head = rows[0]!.cells
  const hasHeader = !GAPS.has(head.at(-1)!.toLowerCase()) && !isNumber(head.at(-1)!)
  const body = hasHeader ? rows.slice(1) : rows
  const width = body[0]?.cells.length ?? 0
  const values = body.map(({ cells, number }) => {
    if (cells.length !== width)
      throw unreadable(path, `Line ${number} has ${cells.length} columns, the first has ${width}.`)
    if (width > 2) throw unreadable(path, `Line ${number} has ${width} columns; time,value was expected.`)
    const value = cells.at(-1)!
    if (GAPS.has(value.toLowerCase())) return null
    if (!isNumber(value))
      throw unreadable(path, `Line ${number}: ${JSON.stringify(value.slice(0, 40))} is not a number.`)
    return Number(value)
  })
  return { dimensions: [values], times: width === 2 ? body.map(({ cells }) => cells[0]!) : null }
}

function unquoted(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, '$1')
}

function isNumber(text: string): boolean {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)
}

function unreadable(path: string, detail: string): StewardError {
  return new StewardError('series-file', `${path} cannot be read as a series`, {
    detail,
    hint: 'JSON { "series": [{ "raw": [1, 2, 3] }] }, { "values": [...] } or a list; or CSV with a line time,value each.',
  })
}
