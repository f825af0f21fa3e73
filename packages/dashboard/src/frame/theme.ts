// Light, dark, or as the system says; public/theme.js sets a kept choice before the first paint.

import { useSyncExternalStore } from 'react'
import { readStored, writeStored } from '../data/stored.ts'

export type Theme = 'system' | 'light' | 'dark'
const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }

const listeners = new Set<() => void>()
const system = window.matchMedia('(prefers-color-scheme: dark)')

export function chosenTheme(): Theme {
  const stored = readStored('theme')
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export function nextTheme(): void {
  const next = NEXT[chosenTheme()]
  writeStored('theme', next === 'system' ? null : next)
  if (next === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  system.addEventListener('change', listener)
  return () => {
    listeners.delete(listener)
    system.removeEventListener('change', listener)
  }
}

const read = () => `${chosenTheme()}/${system.matches ? 'dark' : 'light'}`

/** Changes whenever the page's colours do: 'choice/system'. */
export function useTheme(): string {
  return useSyncExternalStore(subscribe, read)
}
