// One sign for each kind of thing that happened, the same on every chart, in the key and in the list.

import type { ReactNode } from 'react'
import type { ChartMark, MarkKind } from './marks.ts'

/** Filled shapes on 12 by 12, told apart by their outline: colour says how grave an alert is and nothing else. */
const PATHS: Readonly<Record<MarkKind, string>> = {
  alert: 'M6 .8 11.6 11H.4z',
  outage: 'M1.8.5 6 4.6 10.2.5l1.3 1.3L7.4 6l4.1 4.2-1.3 1.3L6 7.4l-4.2 4.1L.5 10.2 4.6 6 .5 1.8z',
  blocking: 'M1 1h10v2.4H1zM1 4.8h10v2.4H1zM1 8.6h10V11H1z',
  deployment: 'M6 .5 11.3 6H8.2v5.5H3.8V6H.7z',
  schema: 'M1 1h10v3H1zM1 5.2h4.4V11H1zM6.6 5.2H11V11H6.6z',
  index: 'M1 1h10v2.4H1zM1 4.8h7v2.4H1zM1 8.6h4V11H1z',
  plan: 'M6 .3 11.7 6 6 11.7.3 6z',
  settings: 'M4.7.5h2.6v4.2h4.2v2.6H7.3v4.2H4.7V7.3H.5V4.7h4.2z',
  restart: 'M6 .5a5.5 5.5 0 1 1-5.4 6.6H3A3.2 3.2 0 1 0 6 2.8v2.4L2.2 2.8 6 .2z',
  maintenance: 'M3.4.8h5.2L11.5 6l-2.9 5.2H3.4L.5 6z',
  load: 'M6 .5a5.5 5.5 0 1 1 0 11A5.5 5.5 0 0 1 6 .5z',
  phase: 'M2 .5h1.6v.8H11L8.8 4.1 11 6.9H3.6v4.6H2z',
}

export function MarkGlyph(props: {
  readonly kind: MarkKind
  readonly severity: ChartMark['severity']
}): ReactNode {
  const { kind, severity } = props
  return (
    <svg
      className={severity === null ? 'mark-glyph' : `mark-glyph is-${severity}`}
      viewBox="0 0 12 12"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[kind]} />
    </svg>
  )
}
