// Reads one address of the API and keeps reading it: old data stays while new data is on its way, a silent server
// is asked again until it answers, and leaving the page stops everything.

import { useCallback, useEffect, useRef, useState } from 'react'
import { earlier, type Span, spanOf, spanParams, type TimeRange } from '../time-range.ts'
import { connection, tellUnknown } from './connection.ts'
import { RequestError, request } from './request.ts'

/** What was read last, by address, so that going back shows something at once. Oldest entries go first. */
const remembered = new Map<string, Loaded<unknown>>()
const REMEMBER = 60
const RETRY_MS = 2000

interface Loaded<T> {
  readonly data: T
  readonly span: Span | null
}

export interface Resource<T> {
  readonly data: T | null
  /** The span that the data was asked for. */
  readonly span: Span | null
  readonly error: RequestError | null
  /** True while the shown data belongs to other parameters than those asked for. */
  readonly isBehind: boolean
  readonly refresh: () => void
}

export interface Ask {
  /** Null: nothing to read yet. Another path is another thing: old data goes. */
  readonly path: string | null
  readonly params?: Readonly<Record<string, string>>
  readonly range?: TimeRange
  /** The same range as long before. */
  readonly earlierSeconds?: number
  readonly everyMs?: number
}

function remember(key: string, loaded: Loaded<unknown>): void {
  remembered.delete(key)
  remembered.set(key, loaded)
  const oldest = remembered.keys().next()
  if (remembered.size > REMEMBER && oldest.done !== true) remembered.delete(oldest.value)
}

/** An empty list on a server that has just begun fills within seconds; nobody should wait half a minute for it. */
const EMPTY_MS = 5_000

interface Held<T> {
  readonly path: string
  readonly key: string
  readonly loaded: Loaded<T> | null
  readonly error: RequestError | null
}

export function useResource<T>(ask: Ask): Resource<T> {
  const { path, range } = ask
  const everyMs = ask.everyMs ?? 30_000
  const key =
    path === null
      ? ''
      : `${path} ${JSON.stringify([ask.params ?? null, range ?? null, ask.earlierSeconds ?? 0])}`
  const [held, setHeld] = useState<Held<T> | null>(null)
  const asked = useRef(ask)
  asked.current = ask
  const readNow = useRef(() => {})

  useEffect(() => {
    const { path: of, params, range: over, earlierSeconds = 0 } = asked.current
    if (of === null) return
    const leave = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let reading = false
    let again = false

    const read = async () => {
      if (reading) {
        // what is on its way may be older than the change that asks for a refresh
        again = true
        return
      }
      reading = true
      again = false
      clearTimeout(timer)
      const span = over === undefined ? null : earlier(spanOf(over, new Date()), earlierSeconds)
      const query = new URLSearchParams({ ...params, ...(span === null ? {} : spanParams(span)) }).toString()
      let next = everyMs
      try {
        const data = await request<T>(query === '' ? of : `${of}?${query}`, { signal: leave.signal })
        connection.answered()
        remember(key, { data, span })
        if (Array.isArray(data) && data.length === 0) next = Math.min(next, EMPTY_MS)
        setHeld({ path: of, key, loaded: { data, span }, error: null })
      } catch (cause) {
        if (leave.signal.aborted) return
        const error = cause instanceof RequestError ? cause : new RequestError(String(cause), false)
        if (error.unreachable) {
          connection.silent()
          next = RETRY_MS
        } else {
          connection.answered()
          // the frame's own question finds out for itself
          if (error.isUnauthorised && of !== '/api/v1/targets') tellUnknown()
        }
        setHeld((before) => ({ path: of, key, loaded: before?.path === of ? before.loaded : null, error }))
      } finally {
        reading = false
      }
      if (again) void read()
      else if (!leave.signal.aborted && !document.hidden) timer = setTimeout(read, next)
    }

    // a page nobody looks at asks nothing, and is fresh at once when looked at again
    const onVisible = () => {
      if (document.hidden) clearTimeout(timer)
      else void read()
    }
    readNow.current = () => void read()
    document.addEventListener('visibilitychange', onVisible)
    void read()
    return () => {
      leave.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [key, everyMs])

  const refresh = useCallback(() => readNow.current(), [])
  const same = held !== null && held.path === path ? held : null
  const known = same?.key === key ? null : (remembered.get(key) as Loaded<T> | undefined)
  const loaded = known ?? same?.loaded ?? null
  return {
    data: loaded?.data ?? null,
    span: loaded?.span ?? null,
    error: same?.key === key ? same.error : null,
    isBehind: loaded !== null && same?.key !== key && known === undefined,
    refresh,
  }
}
