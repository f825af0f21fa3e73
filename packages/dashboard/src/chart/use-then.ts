// What a page's series were a day or a week before: the page says what it asks for and where in the answer its series are, nothing more.

import type { SeriesWire } from 'pgsteward/wire'
import { useMemo } from 'react'
import { useComparison } from '../compare.ts'
import { type Ask, useResource } from '../data/use-resource.ts'
import { parseRange } from '../time-range.ts'
import { useAddress } from '../use-address.ts'
import { broughtForward } from './then.ts'

/** What is past changes no more, but the span that is looked at moves with the clock. */
const EVERY_MS = 60_000

/** Where a page has its series from. `seriesIn` stays the same function from drawing to drawing. */
export interface SeriesSource<T> {
  readonly ask: Pick<Ask, 'params'> & { readonly path: string }
  readonly seriesIn: (answer: T) => readonly SeriesWire[]
}

/** Brought forward to now; null where nothing is compared, or not read yet. */
export function useThen<T>(of: SeriesSource<T>): readonly SeriesWire[] | null {
  const { seriesIn } = of
  const comparison = useComparison()
  const { params } = useAddress()
  const { data } = useResource<T>({
    ...of.ask,
    path: comparison === null ? null : of.ask.path,
    range: parseRange(params),
    earlierSeconds: comparison?.seconds ?? 0,
    everyMs: EVERY_MS,
  })
  const seconds = comparison?.seconds ?? null
  return useMemo(
    () => (data === null || seconds === null ? null : broughtForward(seriesIn(data), seconds)),
    [data, seconds, seriesIn],
  )
}
