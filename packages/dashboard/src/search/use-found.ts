// Asks the server for what is typed, once fingers rest for a moment; an answer to earlier letters never comes after that to later ones.

import type { SearchHitWire, SearchWire } from 'pgsteward/wire'
import { useEffect, useState } from 'react'
import { RequestError, request } from '../data/request.ts'

const REST_MS = 60

export interface Found {
  /** What the hits are the answer to. */
  readonly typed: string
  readonly hits: readonly SearchHitWire[]
  readonly count: number
  readonly error: RequestError | null
}

const NOTHING: Found = { typed: '', hits: [], count: 0, error: null }

/** Nothing typed is asked too, by which the server gets ready. `path` is null where there is no target. */
export function useFound(
  path: string | null,
  typed: string,
): { readonly found: Found; readonly retry: () => void } {
  const [found, setFound] = useState(NOTHING)
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is another question
  useEffect(() => {
    if (path === null) return
    const leave = new AbortController()
    const ask = async () => {
      try {
        const { hits, found: count } = await request<SearchWire>(
          `${path}?${new URLSearchParams({ q: typed })}`,
          {
            signal: leave.signal,
          },
        )
        setFound({ typed, hits, count, error: null })
      } catch (cause) {
        if (leave.signal.aborted) return
        const error = cause instanceof RequestError ? cause : new RequestError(String(cause), false)
        setFound({ ...NOTHING, typed, error })
      }
    }
    const timer = setTimeout(() => void ask(), typed === '' ? 0 : REST_MS)
    return () => {
      clearTimeout(timer)
      leave.abort()
    }
  }, [path, typed, tries])
  return { found, retry: () => setTries((before) => before + 1) }
}
