// The one time of a page: a relative range ('1h') or a brushed span (from/to in seconds), both kept in the address.

export const RANGES = [
  { id: '15m', label: '15 m', seconds: 900 },
  { id: '1h', label: '1 h', seconds: 3600 },
  { id: '6h', label: '6 h', seconds: 21_600 },
  { id: '24h', label: '24 h', seconds: 86_400 },
  { id: '7d', label: '7 d', seconds: 604_800 },
  { id: '30d', label: '30 d', seconds: 2_592_000 },
] as const

export type TimeRange =
  | { readonly kind: 'relative'; readonly id: string; readonly seconds: number }
  | { readonly kind: 'fixed'; readonly from: number; readonly to: number }

/** Seconds since the epoch, as charts count. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What the address asks for; anything not understood is the last hour. */
export function parseRange(params: URLSearchParams): TimeRange {
  const from = Number(params.get('from') ?? Number.NaN)
  const to = Number(params.get('to') ?? Number.NaN)
  if (Number.isFinite(from) && Number.isFinite(to) && to - from >= 1 && from > 0) {
    return { kind: 'fixed', from: Math.floor(from), to: Math.ceil(to) }
  }
  const known = RANGES.find((range) => range.id === params.get('range')) ?? RANGES[1]
  return { kind: 'relative', id: known.id, seconds: known.seconds }
}

export function spanOf(range: TimeRange, now: Date): Span {
  if (range.kind === 'fixed') return { from: range.from, to: range.to }
  const to = Math.floor(now.getTime() / 1000)
  return { from: to - range.seconds, to }
}

export function earlier({ from, to }: Span, seconds: number): Span {
  return { from: from - seconds, to: to - seconds }
}

/** The parameters of /api/v1. */
export function spanParams(span: Span): Record<'from' | 'to', string> {
  return { from: new Date(span.from * 1000).toISOString(), to: new Date(span.to * 1000).toISOString() }
}
