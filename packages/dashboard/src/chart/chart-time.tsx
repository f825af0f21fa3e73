// What all charts of a page share: the marks of what happened in its time, which kinds are switched off, and the span that zooming begins at.

import type { AnnotationsWire } from 'pgsteward/wire'
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react'
import type { RequestError } from '../data/request.ts'
import { useResource } from '../data/use-resource.ts'
import { TargetsContext, targetPath } from '../frame/targets.ts'
import { showSpan } from '../page-zoom.ts'
import { parseRange, type Span, type TimeRange } from '../time-range.ts'
import { useAddress } from '../use-address.ts'
import { moveCursor } from './cursor.ts'
import { annotationMarks, type ChartMark, hiddenKinds, type MarkKind, withOwn } from './marks.ts'

export interface ChartTimeValue {
  /** Those of kinds that are shown. */
  readonly marks: readonly ChartMark[]
  /** Those of hidden kinds too. */
  readonly all: readonly ChartMark[]
  readonly hidden: ReadonlySet<MarkKind>
  /** How many more the server knows of. */
  readonly leftOut: number
  readonly isRead: boolean
  readonly error: RequestError | null
  /** Ids of marks that somebody asked for on a chart; null: none. */
  readonly picked: readonly string[] | null
  readonly pick: (ids: readonly string[] | null) => void
}

const NOTHING: ChartTimeValue = {
  marks: [],
  all: [],
  hidden: new Set(),
  leftOut: 0,
  isRead: false,
  error: null,
  picked: null,
  pick: () => {},
}

const ChartTimeContext = createContext<ChartTimeValue>(NOTHING)

export function useChartTime(): ChartTimeValue {
  return use(ChartTimeContext)
}

const NONE: readonly ChartMark[] = []

export function ChartTime(props: {
  /** What the charts show, where that is not the page's range: a load run and a report have a time of their own. */
  readonly span?: Span
  /** What this page alone knows, beside what the server annotates. */
  readonly own?: readonly ChartMark[]
  /** The load run that the page is about: it is no news on its own page. */
  readonly exceptRun?: string
  readonly children: ReactNode
}): ReactNode {
  const { span, own = NONE, exceptRun } = props
  const { params } = useAddress()
  const target = use(TargetsContext)?.current ?? null
  const range: TimeRange = span === undefined ? parseRange(params) : { kind: 'fixed', ...wholeMinutes(span) }
  const { data, error } = useResource<AnnotationsWire>({
    path: target === null ? null : targetPath(target, 'annotations'),
    range,
  })
  const [picked, pick] = useState<readonly string[] | null>(null)

  const [from, to] = span === undefined ? [null, null] : [span.from, span.to]
  useEffect(() => {
    if (from === null || to === null) return
    showSpan({ from, to })
    return () => showSpan(null)
  }, [from, to])
  // a chart that goes away under the pointer is never left by it
  useEffect(() => () => moveCursor(null, null), [])

  const hide = params.get('hide')
  const value = useMemo<ChartTimeValue>(() => {
    const hidden = hiddenKinds(new URLSearchParams(hide === null ? '' : { hide }))
    const told = data?.annotations.filter(({ kind, ref }) => kind !== 'load' || ref !== exceptRun) ?? []
    const all = withOwn(annotationMarks(told), own)
    return {
      all,
      marks: all.filter(({ kind }) => !hidden.has(kind)),
      hidden,
      leftOut: data?.leftOut ?? 0,
      isRead: data !== null,
      error,
      picked,
      pick,
    }
  }, [data, own, exceptRun, hide, error, picked])
  return <ChartTimeContext value={value}>{props.children}</ChartTimeContext>
}

/** What is asked for a run that goes on must not be another question each second; what lies beyond is not drawn. */
function wholeMinutes({ from, to }: Span): Span {
  return { from: Math.floor(from / 60) * 60, to: Math.ceil(to / 60) * 60 }
}
