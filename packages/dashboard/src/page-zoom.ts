// Zooming of the whole page: each step is kept in the address, and knows which range was before it, also after a new load.

import { movedSpan, scaledSpan } from './chart/zoom.ts'
import { parseRange, type Span, spanOf } from './time-range.ts'
import { historyState, setParams } from './use-address.ts'

/** What the charts of the page show where that is not the page's range: a load run has a time of its own. */
let shown: Span | null = null

export function showSpan(span: Span | null): void {
  shown = span
}

const inAddress = () => new URLSearchParams(window.location.search)

/** What the charts of the page show now. */
function presentSpan(): Span {
  return shown ?? spanOf(parseRange(inAddress()), new Date())
}

/** The ranges before, the latest last, as from and to in the address; [null, null] is the chosen relative range. */
type Before = readonly (readonly [from: string | null, to: string | null])[]

function ranges(): Before {
  const { before } = historyState()
  return Array.isArray(before) ? (before as Before) : []
}

export function zoomTo({ from, to }: Span): void {
  const params = inAddress()
  const before = [...ranges(), [params.get('from'), params.get('to')]]
  setParams({ from: String(from), to: String(to) }, 'push', { before })
}

export function isZoomed(): boolean {
  return parseRange(inAddress()).kind === 'fixed'
}

/** To the range before; to the relative one where none is known, as on a page that was reached by a link. */
export function zoomBack(): void {
  if (!isZoomed()) return
  const before = ranges()
  const [from, to] = before.at(-1) ?? [null, null]
  setParams({ from, to }, 'push', { before: before.slice(0, -1) })
}

const now = () => Math.floor(Date.now() / 1000)

/** A factor of 2 shows twice as much. */
export function zoomBy(factor: number): void {
  zoomTo(scaledSpan(presentSpan(), factor, now()))
}

/** By a share of what is shown; negative: earlier. */
export function moveBy(share: number): void {
  zoomTo(movedSpan(presentSpan(), share, now()))
}
