// What was chosen lately, by target, in this browser.

import { readStored, writeStored } from '../data/stored.ts'
import { KIND_WORDS, keyOf, type Named } from './search-item.ts'

const MOST = 8

const nameOf = (targetId: string | null) => `recent.${targetId ?? ''}`

function isNamed(value: unknown): value is Named {
  const one = value as Partial<Named> | null
  return (
    typeof one?.kind === 'string' &&
    Object.hasOwn(KIND_WORDS, one.kind) &&
    typeof one.id === 'string' &&
    typeof one.title === 'string' &&
    typeof one.detail === 'string'
  )
}

/** What cannot be understood, as of another version, is as if it were not there. */
export function parseRecent(text: string | null): readonly Named[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(kept) ? kept.filter(isNamed).slice(0, MOST) : []
  } catch {
    return []
  }
}

export function readRecent(targetId: string | null): readonly Named[] {
  return parseRecent(readStored(nameOf(targetId)))
}

/** The latest first, each once. */
export function withChosen(recent: readonly Named[], chosen: Named): readonly Named[] {
  const { kind, id, title, detail } = chosen
  const others = recent.filter((each) => keyOf(each) !== keyOf(chosen))
  return [{ kind, id, title, detail }, ...others].slice(0, MOST)
}

export function keepRecent(targetId: string | null, chosen: Named): void {
  writeStored(nameOf(targetId), JSON.stringify(withChosen(readRecent(targetId), chosen)))
}
