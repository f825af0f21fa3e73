// How often each caller may ask: so many a minute, by a bucket that fills evenly. A loop in an agent must not become load.

import type { McpGrant } from '../model/mcp-scope.ts'

interface Bucket {
  readonly left: number
  readonly at: number
  /** The call before was refused. */
  readonly isEmpty: boolean
}

export interface Refusal {
  readonly because: string
  /** Of those in a row: the log needs no more. */
  readonly isFirst: boolean
}

const MINUTE_MS = 60_000

export class CallBudget {
  readonly #perMinute: number
  readonly #now: () => Date
  readonly #buckets = new Map<string, Bucket>()

  constructor(perMinute: number, now: () => Date) {
    this.#perMinute = perMinute
    this.#now = now
  }

  /** Takes one; null, or why not. */
  take({ name }: McpGrant): Refusal | null {
    const now = this.#now().getTime()
    const full = { left: this.#perMinute, at: now, isEmpty: false }
    const { left, at, isEmpty } = this.#buckets.get(name) ?? full
    const filled = Math.min(this.#perMinute, left + ((now - at) / MINUTE_MS) * this.#perMinute)
    if (filled < 1) {
      this.#buckets.set(name, { left: filled, at: now, isEmpty: true })
      const waitS = Math.ceil(((1 - filled) / this.#perMinute) * (MINUTE_MS / 1000))
      return {
        because: `"${name}" asked ${this.#perMinute} times within a minute; the next call is answered in ${waitS} s`,
        isFirst: !isEmpty,
      }
    }
    this.#buckets.set(name, { left: filled - 1, at: now, isEmpty: false })
    return null
  }
}
