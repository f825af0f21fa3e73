// Moments of a run as series for charts, and the span that they are drawn over.

import type { LoadRunWire, SeriesWire } from 'pgsteward/wire'
import type { ChartMark } from '../chart/marks.ts'
import type { Span } from '../time-range.ts'

export type RunMoment = NonNullable<LoadRunWire['live']>['moments'][number]

export interface RunTime {
  readonly startedAt: string
  readonly warmUpMs: number
  /** Warm-up included; null: not known. */
  readonly totalMs: number | null
}

const LEAST_SPAN_SECONDS = 5

/** A run under way is drawn over its planned time, so that nothing moves while it fills. */
export function runSpan(time: RunTime, moments: readonly RunMoment[]): Span {
  const from = Date.parse(time.startedAt) / 1000
  const lastMs = Math.max(moments.at(-1)?.atMs ?? 0, time.totalMs ?? 0)
  return { from, to: from + Math.max(LEAST_SPAN_SECONDS, lastMs / 1000) }
}

/** What the page's brushing asks for, where it is within the run. */
export function zoomed(span: Span, params: URLSearchParams): Span {
  const from = Number(params.get('from') ?? Number.NaN)
  const to = Number(params.get('to') ?? Number.NaN)
  const isWithin = from < to && from >= span.from - 60 && to <= span.to + 60
  return isWithin ? { from: Math.max(from, span.from), to: Math.min(to, span.to) } : span
}

type Unit = SeriesWire['unit']

export function momentSeries(time: RunTime, moments: readonly RunMoment[]): readonly SeriesWire[] {
  const from = Date.parse(time.startedAt) / 1000
  const line = (
    name: string,
    unit: Unit,
    label: string,
    figureOf: (moment: RunMoment) => number | null,
  ): readonly SeriesWire[] => {
    const points = moments.map((moment): [number, number | null] => [
      from + moment.atMs / 1000,
      figureOf(moment),
    ])
    if (points.every(([, value]) => value === null)) return []
    return [{ name, unit, labels: { of: label }, points }]
  }
  const lasted = (place: number) =>
    Math.max(0.001, ((moments[place]?.atMs ?? 0) - (moments[place - 1]?.atMs ?? 0)) / 1000)
  const errors = new Map(moments.map((moment, place) => [moment, moment.errors / lasted(place)]))
  return [
    ...line('load-latency', 'ms', 'p50', ({ p50Ms }) => p50Ms),
    ...line('load-latency', 'ms', 'p95', ({ p95Ms }) => p95Ms),
    ...line('load-latency', 'ms', 'p99', ({ p99Ms }) => p99Ms),
    ...line('load-rate', 'perSecond', 'answered', ({ requestsPerSecond }) => requestsPerSecond),
    ...line('load-rate', 'perSecond', 'offered', ({ offeredPerSecond }) => offeredPerSecond),
    ...line('load-users', 'count', 'users', ({ users }) => users),
    ...line('load-errors', 'perSecond', 'failed', (moment) => errors.get(moment) ?? 0),
  ]
}

export function runMarks({ startedAt, warmUpMs }: RunTime): readonly ChartMark[] {
  if (warmUpMs <= 0) return []
  return [
    {
      id: 'measured',
      kind: 'phase',
      severity: null,
      at: (Date.parse(startedAt) + warmUpMs) / 1000,
      until: null,
      text: 'The warm-up is over: measured from here on',
      to: null,
    },
  ]
}
