// The address as state: route and parameters, from the History API.

import { useMemo, useSyncExternalStore } from 'react'
import { parseRoute, type Route, withParams } from './route.ts'

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}

const read = () => window.location.pathname + window.location.search

type HistoryState = Readonly<Record<string, unknown>>

/** What the present entry keeps beside its address; it survives a new load, and a link does not take it along. */
export function historyState(): HistoryState {
  return (window.history.state as HistoryState | null) ?? {}
}

export function navigate(
  href: string,
  how: 'push' | 'replace' = 'push',
  state: HistoryState | null = null,
): void {
  if (href === read()) return
  if (how === 'push') window.history.pushState(state, '', href)
  else window.history.replaceState(state, '', href)
  for (const listener of listeners) listener()
}

/** Changes parameters of the present page. Replaces the entry for what is typed, so that Back leaves the page. */
export function setParams(
  changes: Readonly<Record<string, string | null>>,
  how: 'push' | 'replace' = 'replace',
  state: HistoryState = historyState(),
): void {
  const next = withParams(new URLSearchParams(window.location.search), changes).toString()
  navigate(next === '' ? window.location.pathname : `${window.location.pathname}?${next}`, how, state)
}

export interface Address {
  readonly route: Route
  readonly params: URLSearchParams
}

export function useAddress(): Address {
  const href = useSyncExternalStore(subscribe, read)
  return useMemo(() => {
    const [path = '/', query = ''] = href.split('?')
    return { route: parseRoute(path), params: new URLSearchParams(query) }
  }, [href])
}
