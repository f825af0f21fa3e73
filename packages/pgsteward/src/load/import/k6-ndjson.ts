// k6's NDJSON (`--out json`): one line a value, thirteen lines a request. The only output of k6 that carries everything.

import type { K6Fold, K6Tags } from './k6-fold.ts'

/** k6 writes a point's metric first, so that most lines need no parsing. */
const POINT = '{"metric":"'

/** Folds one line; false: it is no line of k6. */
export function foldK6Line(line: string, fold: K6Fold): boolean {
  if (line.startsWith(POINT) && line.endsWith('}')) {
    const end = line.indexOf('"', POINT.length)
    if (end > 0 && !fold.reads(line.slice(POINT.length, end)) && line.startsWith('","type":"Point"', end))
      return true
  }
  let entry: unknown
  try {
    entry = JSON.parse(line)
  } catch {
    return false
  }
  return isRecord(entry) && foldEntry(entry, fold)
}

/** When a line's value was measured; null where it has no time. Cheaper than parsing the line. */
export function timeOfK6Line(line: string): number | null {
  const at = line.indexOf('"time":"')
  if (at < 0) return null
  const ms = Date.parse(line.slice(at + 8, line.indexOf('"', at + 8)))
  return Number.isNaN(ms) ? null : ms
}

function foldEntry(entry: Readonly<Record<string, unknown>>, fold: K6Fold): boolean {
  const { type, metric, data } = entry
  if (typeof metric !== 'string' || !isRecord(data)) return false
  if (type === 'Metric') {
    if (typeof data.type !== 'string') return false
    const thresholds = Array.isArray(data.thresholds) ? data.thresholds : []
    fold.declare(
      metric,
      data.type,
      typeof data.contains === 'string' ? data.contains : 'default',
      thresholds.filter((each) => typeof each === 'string'),
    )
    return true
  }
  if (type !== 'Point') return false
  const { time, value, tags } = data
  if (typeof time !== 'string' || typeof value !== 'number' || !Number.isFinite(value)) return false
  const atMs = Date.parse(time)
  if (Number.isNaN(atMs)) return false
  if (value < 0 && metric === 'http_req_duration') return false
  if (tags !== null && tags !== undefined && !isTags(tags)) return false
  return fold.point(metric, atMs, value, tags ?? {})
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTags(value: unknown): value is K6Tags {
  if (!isRecord(value)) return false
  for (const name in value) if (typeof value[name] !== 'string') return false
  return true
}
