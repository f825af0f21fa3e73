// Marks that would cover each other, as one with their number: none is dropped in silence.

import type { Span } from '../time-range.ts'
import type { ChartMark } from './marks.ts'

export interface Cluster {
  /** 0 to 1 along the span; of the first mark. */
  readonly place: number
  /** In the order of time. */
  readonly marks: readonly ChartMark[]
}

/** A glyph and a hair of air. */
export const GLYPH_PX = 16

/** True where any of it can be seen; what began before and goes on stands at the left edge. */
function touches({ at, until }: ChartMark, { from, to }: Span): boolean {
  return at <= to && (until === null ? at >= from : until > from)
}

/** `widthPx`: of the plot. A cluster is never wider than one glyph's reach, however many marks follow closely on each other. */
export function clusters(marks: readonly ChartMark[], span: Span, widthPx: number): readonly Cluster[] {
  const length = span.to - span.from
  if (length <= 0 || widthPx <= 0) return []
  const reach = GLYPH_PX / widthPx
  const found: { place: number; marks: ChartMark[] }[] = []
  for (const mark of marks.filter((each) => touches(each, span)).toSorted((a, b) => a.at - b.at)) {
    const place = Math.max(0, (mark.at - span.from) / length)
    const last = found.at(-1)
    if (last !== undefined && place - last.place < reach) last.marks.push(mark)
    else found.push({ place, marks: [mark] })
  }
  return found
}

/** Of a cluster: the worst severity, null where no alert is in it. */
export function gravest(marks: readonly ChartMark[]): ChartMark['severity'] {
  if (marks.some(({ severity }) => severity === 'critical')) return 'critical'
  return marks.some(({ severity }) => severity === 'warning') ? 'warning' : null
}

/** How near a pointer or the cursor must come to be told. */
const NEAR_PX = 8

/** The cluster at a moment, null where none is near. */
export function clusterAt(
  found: readonly Cluster[],
  span: Span,
  widthPx: number,
  at: number,
): Cluster | null {
  const place = (at - span.from) / (span.to - span.from)
  const distance = (each: Cluster) => Math.abs(each.place - place) * widthPx
  const nearest = found.toSorted((a, b) => distance(a) - distance(b))[0]
  return nearest !== undefined && distance(nearest) <= NEAR_PX ? nearest : null
}
