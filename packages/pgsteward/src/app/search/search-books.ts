// What the search has ready, so that an answer waits for no store: a few books in memory, made when somebody searches and renewed behind
// their back.

import type { Milliseconds } from '../../model/units.ts'

/** Younger than this nothing is read. */
const FRESH_MS: Milliseconds = 10_000
/** Up to this age a book answers while it is made anew; an older one is waited for. */
const USABLE_MS: Milliseconds = 120_000
/** Of a target with 5,000 statements and 10,000 tables one takes some tens of MB. */
const MOST_BOOKS = 6

interface Shelf<Book> {
  book: Book | null
  madeAt: number
  making: Promise<Book> | null
}

export class SearchBooks<Book> {
  readonly #make: (name: string, before: Book | null) => Promise<Book>
  readonly #now: () => Date
  /** The one that was asked last stands last. */
  readonly #shelves = new Map<string, Shelf<Book>>()

  constructor(make: (name: string, before: Book | null) => Promise<Book>, now: () => Date) {
    this.#make = make
    this.#now = now
  }

  async get(name: string): Promise<Book> {
    const shelf: Shelf<Book> = this.#shelves.get(name) ?? { book: null, madeAt: 0, making: null }
    this.#shelves.delete(name)
    this.#shelves.set(name, shelf)
    if (this.#shelves.size > MOST_BOOKS) this.#shelves.delete(this.#shelves.keys().next().value!)
    const ageMs = this.#now().getTime() - shelf.madeAt
    if (shelf.book !== null && ageMs < FRESH_MS) return shelf.book
    const making = this.#renew(name, shelf)
    if (shelf.book === null || ageMs > USABLE_MS) return making
    // a store that is away for a moment leaves what was known; once that is too old, whoever asks is told
    making.catch(() => undefined)
    return shelf.book
  }

  #renew(name: string, shelf: Shelf<Book>): Promise<Book> {
    shelf.making ??= (async () => {
      try {
        shelf.book = await this.#make(name, shelf.book)
        shelf.madeAt = this.#now().getTime()
        return shelf.book
      } finally {
        shelf.making = null
      }
    })()
    return shelf.making
  }
}
