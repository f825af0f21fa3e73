// The one cursor of a page: a moment, and perhaps a span that is being marked. Every chart tells it and follows it by the moment itself, so
// charts whose readings are at other times, or that are drawn by other means, meet at the same place.

export interface ChartCursor {
  /** Seconds since the epoch. */
  readonly at: number
  /** The other end of the marked span; null: none is marked. */
  readonly from: number | null
}

type Listener = (cursor: ChartCursor | null, source: string | null) => void

let present: ChartCursor | null = null
let from: string | null = null
const listeners = new Set<Listener>()

/** `source`: the id of the chart that moves it, which does not need to be told. Null takes it away from all. */
export function moveCursor(next: ChartCursor | null, source: string | null): void {
  if (next === present || (next?.at === present?.at && next?.from === present?.from && source === from))
    return
  present = next
  from = next === null ? null : source
  for (const listener of listeners) listener(present, source)
}

export function onCursor(listener: Listener): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export const presentCursor = () => present
/** Which chart moved it last. */
export const cursorSource = () => from
