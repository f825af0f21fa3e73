// Charts of a report out of the store's series: means of even buckets, with nothing drawn where nothing is known.

import type { Series } from '../../model/fact.ts'
import type { ReportBlock, ReportChart } from '../../model/report.ts'
import type { Milliseconds, Window } from '../../model/units.ts'

const HOUR_MS: Milliseconds = 3_600_000
const MOST_BUCKETS = 120

export interface Line {
  readonly label: string
  readonly points: ReportChart['series'][number]['points']
}

/** Null: not one value is known. */
export function chartBlock(
  given: Pick<ReportChart, 'title' | 'unit' | 'link'> & Partial<Pick<ReportChart, 'levels' | 'marks'>>,
  window: Window,
  lines: readonly Line[],
): ReportBlock | null {
  const known = lines.filter(({ points }) => points.some(([, value]) => value !== null))
  if (known.length === 0) return null
  return {
    is: 'chart',
    chart: {
      levels: [],
      marks: [],
      ...given,
      from: window.from.toISOString(),
      to: window.to.toISOString(),
      series: known.map(({ label, points }) => ({ label, points: [...points] })),
    },
  }
}

/** Of a day a quarter of an hour, else hours or more: means of hours are what is kept of what is older than some days. */
export function bucketMs(window: Window): Milliseconds {
  const lengthMs = window.to.getTime() - window.from.getTime()
  const least = lengthMs / MOST_BUCKETS
  const steps = [0.25, 1, 2, 6, 24].map((hours) => hours * HOUR_MS)
  return steps.find((step) => step >= least) ?? Math.ceil(least / (24 * HOUR_MS)) * 24 * HOUR_MS
}

/** Each series' mean of a bucket, added up over the series; the point stands at the bucket's end. */
export function summedLine(label: string, series: readonly Series[], window: Window): Line {
  const width = widthFor(series, window)
  const [from, to] = [window.from.getTime(), window.to.getTime()]
  const sums = Array.from({ length: Math.ceil((to - from) / width) }, () => null as number | null)
  for (const { points } of series) {
    const own = new Map<number, { sum: number; count: number }>()
    for (const [at, value] of points) {
      const bucket = Math.ceil((at.getTime() - from) / width) - 1
      if (bucket < 0 || bucket >= sums.length) continue
      const into = own.get(bucket) ?? { sum: 0, count: 0 }
      own.set(bucket, { sum: into.sum + value, count: into.count + 1 })
    }
    for (const [bucket, { sum, count }] of own) sums[bucket] = (sums[bucket] ?? 0) + sum / count
  }
  return {
    label,
    points: sums.map((value, bucket) => [
      new Date(Math.min(to, from + (bucket + 1) * width)).toISOString(),
      value,
    ]),
  }
}

/** Hours drawn by the quarter would be three gaps each. */
function widthFor(series: readonly Series[], window: Window): Milliseconds {
  const width = bucketMs(window)
  const isByHours = series.every(({ points }) => points.every(([at]) => at.getTime() % HOUR_MS === 0))
  return isByHours ? Math.max(width, HOUR_MS) : width
}
