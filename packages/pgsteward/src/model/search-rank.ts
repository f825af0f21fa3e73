// How well something answers what somebody typed into the search. The server ranks with it what the store knows, the dashboard what its
// page holds, so that both can stand in one list.

/** Of a fit: lower is better, and what lies between is told apart by it. */
export const FIT = {
  /** The whole name, or an id. */
  exact: 0,
  prefix: 1,
  /** Every word begins a word of a name: `rec stat` of message_recipient_status. */
  words: 2,
  /** The same in what else is said of it, as the text of a statement. */
  textWords: 2.5,
  part: 3,
  textPart: 3.5,
  /** The letters of a name in order, from the beginning of a word on: `mrstat`. Up to 5: the wider they stand apart. */
  letters: 4,
} as const

/** A text as it is shown, and as it is compared: the same places in both. */
export interface Folded {
  readonly shown: string
  readonly folded: string
}

export interface Searchable {
  /** What it is known by. */
  readonly names: readonly Folded[]
  /** What else says what it is. */
  readonly texts: readonly Folded[]
}

export interface Ranked {
  readonly fit: number
  /** 0 to 1, within its kind: share of time, size, severity. Among equals the dearest comes first. */
  readonly weight: number
  readonly title: string
}

/** What was typed. */
export interface Wanted {
  readonly phrase: string
  readonly words: readonly string[]
}

/** More words narrow nothing. */
const MOST_WORDS = 8
/** Fewer letters stand in order in everything. */
const LEAST_LETTERS = 3

export function fold(shown: string): Folded {
  const lower = shown.toLowerCase()
  // a few letters grow longer in lower case, and places would no longer be the same
  if (lower.length === shown.length) return { shown, folded: lower }
  return {
    shown,
    folded: Array.from({ length: shown.length }, (_, at) => {
      const letter = shown[at]!.toLowerCase()
      return letter.length === 1 ? letter : shown[at]!
    }).join(''),
  }
}

/** Null: nothing was typed. */
export function wantedOf(typed: string): Wanted | null {
  const phrase = fold(typed.trim().replace(/\s+/g, ' ')).folded
  return phrase === '' ? null : { phrase, words: phrase.split(' ').slice(0, MOST_WORDS) }
}

/** Null: it is not what was meant. */
export function fitOf({ phrase, words }: Wanted, { names, texts }: Searchable): number | null {
  let isPrefix = false
  for (const { folded } of names) {
    if (folded === phrase) return FIT.exact
    if (folded.startsWith(phrase)) isPrefix = true
  }
  if (isPrefix) return FIT.prefix
  let worst = 0
  for (const word of words) {
    const fit = wordFit(word, names, texts)
    // most things are not what was meant: the first word that is nowhere ends it
    if (fit === null) return lettersFit(phrase, names)
    if (fit > worst) worst = fit
  }
  return worst
}

/** The better first: to sort by. */
export function byRank(a: Ranked, b: Ranked): number {
  return (
    a.fit - b.fit ||
    b.weight - a.weight ||
    a.title.length - b.title.length ||
    (a.title < b.title ? -1 : a.title > b.title ? 1 : 0)
  )
}

function wordFit(word: string, names: readonly Folded[], texts: readonly Folded[]): number | null {
  let best: number | null = null
  for (const name of names) {
    const at = placeOf(word, name)
    if (at === -1) continue
    if (isStart(name.shown, at)) return FIT.words
    best = FIT.part
  }
  for (const text of texts) {
    const at = placeOf(word, text)
    if (at === -1) continue
    if (isStart(text.shown, at)) return FIT.textWords
    best ??= FIT.textPart
  }
  return best
}

function lettersFit(phrase: string, names: readonly Folded[]): number | null {
  const letters = lettersOf(phrase)
  if (letters === null) return null
  let least = Number.POSITIVE_INFINITY
  for (const name of names) {
    const places = lettersIn(letters, name)
    if (places !== null) least = Math.min(least, places.at(-1)! - places[0]! + 1)
  }
  const apart = least - letters.length
  return Number.isFinite(least) ? FIT.letters + Math.min(0.99, apart / 100) : null
}

/** Several words are no abbreviation of one. */
function lettersOf(phrase: string): string | null {
  return phrase.length < LEAST_LETTERS || phrase.includes(' ') ? null : phrase
}

/** Where a word stands, at the beginning of one if anywhere; -1: nowhere. */
function placeOf(word: string, text: Folded): number {
  const first = text.folded.indexOf(word)
  for (let at = first; at !== -1; at = text.folded.indexOf(word, at + 1))
    if (isStart(text.shown, at)) return at
  return first
}

/** The tightest of the ways to find the letters in order, each of which begins with a word. Of identifiers: in a sentence they mean nothing. */
function lettersIn(letters: string, { shown, folded }: Folded): readonly number[] | null {
  if (folded.includes(' ')) return null
  let best: number[] | null = null
  for (let from = folded.indexOf(letters[0]!); from !== -1; from = folded.indexOf(letters[0]!, from + 1)) {
    if (!isStart(shown, from)) continue
    const places = [from]
    for (let letter = 1; letter < letters.length; letter++) {
      const at = folded.indexOf(letters[letter]!, places.at(-1)! + 1)
      if (at === -1) return best
      places.push(at)
    }
    if (best === null || places.at(-1)! - from < best.at(-1)! - best[0]!) best = places
  }
  return best
}

const LETTER = /[\p{L}\p{N}]/u
const UPPER = /\p{Lu}/u
const LAST_ASCII = 127

/** By code unit, since it is asked of every place: 0 no letter, 1 a letter or digit, 2 a capital. */
const ASCII = Uint8Array.from({ length: LAST_ASCII + 1 }, (_, code) => sortOf(String.fromCharCode(code)))

function sortOf(letter: string): number {
  return UPPER.test(letter) ? 2 : LETTER.test(letter) ? 1 : 0
}

function sortAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code <= LAST_ASCII ? ASCII[code]! : sortOf(text[at]!)
}

/** Names are written in many ways: after _, . or -, and where a hump rises. What is no letter may stand anywhere. */
function isStart(text: string, at: number): boolean {
  if (at === 0) return true
  const here = sortAt(text, at)
  if (here === 0) return true
  const before = sortAt(text, at - 1)
  return before === 0 || (before === 1 && here === 2)
}

/** From where to where a text is what was typed, in order and apart: what to mark. Empty where it is found by something else. */
export function marksOf({ phrase, words }: Wanted, text: string): readonly (readonly [number, number])[] {
  const here = fold(text)
  const whole = placeOf(phrase, here)
  if (whole !== -1) return [[whole, whole + phrase.length]]
  const places = words.flatMap((word) => {
    const at = placeOf(word, here)
    return at === -1 ? [] : [[at, at + word.length] as const]
  })
  if (places.length > 0) return joined(places)
  const letters = lettersOf(phrase)
  return letters === null ? [] : joined((lettersIn(letters, here) ?? []).map((at) => [at, at + 1] as const))
}

function joined(marks: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const apart: [number, number][] = []
  for (const [from, to] of marks.toSorted((a, b) => a[0] - b[0])) {
    const last = apart.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else apart.push([from, to])
  }
  return apart
}

/** The part of a long text in which what was typed stands first, or its beginning; `length` letters at most, with … where it is cut. */
export function excerptOf(wanted: Wanted, text: string, length: number): string {
  if (text.length <= length) return text
  const [first] = marksOf(wanted, text)
  const room = length - 2
  const lead = Math.floor(room / 4)
  const from = first === undefined || first[1] <= room ? 0 : Math.min(first[0] - lead, text.length - room)
  const to = Math.min(text.length, from + room)
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`
}

/** The best few, in order, of however many: those that fit are counted, and not all of them kept. */
export class Best<Item extends Ranked> {
  readonly #most: number
  readonly #kept: Item[] = []
  found = 0

  constructor(most: number) {
    this.#most = most
  }

  add(item: Item): void {
    this.found++
    const kept = this.#kept
    if (kept.length === this.#most && byRank(item, kept.at(-1)!) >= 0) return
    let at = kept.length
    while (at > 0 && byRank(item, kept[at - 1]!) < 0) at--
    kept.splice(at, 0, item)
    if (kept.length > this.#most) kept.pop()
  }

  get items(): readonly Item[] {
    return this.#kept
  }
}
