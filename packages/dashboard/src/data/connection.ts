// Whether the server answers, for the whole page: each request tells, the banner in the frame listens.

import { useSyncExternalStore } from 'react'

let silentSince: number | null = null
const listeners = new Set<() => void>()

function set(next: number | null): void {
  if (next === silentSince) return
  silentSince = next
  for (const listener of listeners) listener()
}

export const connection = {
  answered: () => set(null),
  silent: () => set(silentSince ?? Date.now()),
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Milliseconds since the epoch of the first request without an answer; null while the server answers. */
export function useSilentSince(): number | null {
  return useSyncExternalStore(subscribe, () => silentSince)
}

const whenUnknown = new Set<() => void>()

/** A request was refused since nobody is signed in any more: the frame asks who it is, at once. */
export function tellUnknown(): void {
  for (const listener of whenUnknown) listener()
}

export function onUnknown(listener: () => void): () => void {
  whenUnknown.add(listener)
  return () => {
    whenUnknown.delete(listener)
  }
}
