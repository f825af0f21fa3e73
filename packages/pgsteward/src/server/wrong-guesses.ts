// How many wrong tokens came from an address: after ten different ones within a quarter of an hour it is not listened to any more until
// that has passed. A program that sends the same old token again and again guesses once, and locks nobody out.

import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Milliseconds } from '../model/units.ts'

const MOST_GUESSES = 10
const WITHIN_MS: Milliseconds = 15 * 60_000
/** Beyond it the oldest is forgotten: who has more addresses than this is bounded by the length of tokens alone. */
const MOST_ADDRESSES = 10_000

interface Guesses {
  readonly since: number
  readonly tokens: Set<string>
}

export class WrongGuesses {
  readonly #now: () => Date
  readonly #of = new Map<string, Guesses>()

  constructor(now: () => Date) {
    this.#now = now
  }

  /** Milliseconds until the address may try again; null: it may. */
  waitMs(address: string): Milliseconds | null {
    const guesses = this.#known(address)
    if (guesses === undefined || guesses.tokens.size < MOST_GUESSES) return null
    return guesses.since + WITHIN_MS - this.#now().getTime()
  }

  note(address: string, token: string): void {
    const place = placeOf(address)
    let guesses = this.#known(address)
    if (guesses === undefined) {
      guesses = { since: this.#now().getTime(), tokens: new Set() }
      this.#of.delete(place)
      this.#of.set(place, guesses)
      if (this.#of.size > MOST_ADDRESSES) this.#of.delete(this.#of.keys().next().value!)
    }
    guesses.tokens.add(createHash('sha256').update(token).digest('base64'))
  }

  #known(address: string): Guesses | undefined {
    const guesses = this.#of.get(placeOf(address))
    return guesses !== undefined && this.#now().getTime() - guesses.since < WITHIN_MS ? guesses : undefined
  }
}

/** Of IPv6 the first 64 bits: a subscriber has all addresses of such a network. */
export function placeOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const groups = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - last.length)).fill('0')
  return [...groups, ...zeros, ...last].slice(0, 4).join(':')
}
