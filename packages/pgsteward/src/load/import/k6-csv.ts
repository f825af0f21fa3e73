// k6's CSV (`--out csv`): the same points as NDJSON with times in whole seconds, and without types and thresholds.

import { StewardError } from '../../model/error.ts'
import type { K6Fold } from './k6-fold.ts'

const COLUMNS = ['metric_name', 'timestamp', 'metric_value'] as const

export class K6Csv {
  readonly #path: string
  #columns: readonly string[] | null = null
  #metricAt = 0
  #timeAt = 1
  #valueAt = 2
  #extraAt = -1

  constructor(path: string) {
    this.#path = path
  }

  /** Folds one line; false: it is damaged. Throws 'run-file' for a header of other columns. */
  fold(line: string, number: number, fold: K6Fold): boolean {
    if (this.#columns === null) {
      this.#readHeader(line, number)
      return true
    }
    const comma = line.indexOf(',')
    if (comma > 0 && !fold.reads(line.slice(0, comma))) return true
    const cells = cellsOf(line)
    if (cells === null || cells.length !== this.#columns.length) return line.startsWith('metric_name,')
    const value = numberOf(cells[this.#valueAt]!)
    const atMs = atMsOf(cells[this.#timeAt]!)
    const metric = cells[this.#metricAt]!
    if (value === null || atMs === null || metric === '') return false
    if (value < 0 && metric === 'http_req_duration') return false
    return fold.point(metric, atMs, value, this.#tagsOf(cells))
  }

  timeOf(line: string): number | null {
    const start = line.indexOf(',') + 1
    return atMsOf(line.slice(start, line.indexOf(',', start)))
  }

  #readHeader(line: string, number: number): void {
    const columns = cellsOf(line) ?? []
    const missing = COLUMNS.find((name) => !columns.includes(name))
    if (missing !== undefined)
      throw new StewardError('run-file', `line ${number} of ${this.#path} has no column ${missing}`, {
        detail: `Its columns are ${columns.slice(0, 8).join(', ')}.`,
        hint: 'k6 --out csv=FILE writes metric_name, timestamp, metric_value and the tags.',
      })
    this.#columns = columns
    this.#metricAt = columns.indexOf('metric_name')
    this.#timeAt = columns.indexOf('timestamp')
    this.#valueAt = columns.indexOf('metric_value')
    this.#extraAt = columns.indexOf('extra_tags')
  }

  #tagsOf(cells: readonly string[]): Record<string, string> {
    const tags: Record<string, string> = {}
    for (const [at, cell] of cells.entries()) {
      if (
        cell !== '' &&
        at !== this.#metricAt &&
        at !== this.#timeAt &&
        at !== this.#valueAt &&
        at !== this.#extraAt
      )
        tags[this.#columns![at]!] = cell
    }
    if (this.#extraAt >= 0)
      for (const pair of cells[this.#extraAt]!.split('&')) {
        const equals = pair.indexOf('=')
        if (equals > 0) tags[pair.slice(0, equals)] = pair.slice(equals + 1)
      }
    return tags
  }
}

function numberOf(cell: string): number | null {
  const value = Number(cell)
  return cell.trim() === '' || !Number.isFinite(value) ? null : value
}

/** Seconds; with `timeFormat` other than k6's default also milli-, micro- and nanoseconds, or RFC 3339. */
function atMsOf(cell: string): number | null {
  const value = numberOf(cell)
  if (value === null) {
    const ms = Date.parse(cell)
    return Number.isNaN(ms) ? null : ms
  }
  if (value < 1e11) return value * 1000
  if (value < 1e14) return value
  return value < 1e17 ? value / 1000 : value / 1_000_000
}

/** A line of comma-separated values; null: a quote that never ends. */
export function cellsOf(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',')
  const cells: string[] = []
  let at = 0
  for (;;) {
    if (line[at] !== '"') {
      const end = line.indexOf(',', at)
      cells.push(line.slice(at, end < 0 ? undefined : end))
      if (end < 0) return cells
      at = end + 1
      continue
    }
    let cell = ''
    at += 1
    for (;;) {
      const end = line.indexOf('"', at)
      if (end < 0) return null
      cell += line.slice(at, end)
      at = end + 1
      if (line[at] !== '"') break
      cell += '"'
      at += 1
    }
    cells.push(cell)
    if (at >= line.length) return cells
    if (line[at] !== ',') return null
    at += 1
  }
}
