// Takes secrets out of what leaves the process: by name and by shape. What is not surely harmless goes.

import { parameterNames } from './parameter-names.ts'
import { isSensitiveName, SENSITIVE_WORDS } from './sensitive-names.ts'

export { parameterNames } from './parameter-names.ts'
export { isSensitiveName } from './sensitive-names.ts'

export const REDACTED = '[redacted]'

/** Read of a longer value; a secret that the cut would halve goes with the word it stands in. */
const MAX_READ = 4096
const MAX_VALUE = 100
const MAX_ELEMENTS = 5
const MAX_DEPTH = 4

const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // JSON Web Tokens, whole or cut
  /\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g,
  /\b(?:Bearer|Basic|Digest|Token|ApiKey)\s+[\w.~+/=:-]{6,}/gi,
  /(?<=:\/\/)[^\s/@]*:[^\s/@]*@/g,
  /[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g,
  // keys of known services: Stripe, GitHub, GitLab, Slack, AWS, Google, npm, SendGrid, Twilio
  /\b(?:[spr]k_(?:live|test)_|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|AKIA|ASIA|AIza|npm_|SG\.|whsec_|ya29\.|(?:AC|SK)(?=[\da-f]{32}))[\w.-]{8,}/g,
  /\b[\da-f]{32,}\b/gi,
  /(?<![\w+/-])(?=[\w+/-]*\d)(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])[\w+/-]{32,}={0,2}/g,
]

/** 13 digits or more, with spaces or hyphens between: card numbers, and what stands beside one. */
const DIGITS = /(?<![\d.])\d(?:[ -]?\d){12,80}/g
const SSN = /\b\d{3}-\d{2}-\d{4}\b/g
const NAMED = new RegExp(
  `([\\w.-]{0,40}(?:${SENSITIVE_WORDS})[\\w.-]{0,40}\\\\*["']?\\s{0,4}[:=]\\s{0,4})(\\\\*"(?:[^"\\\\]|\\\\.)*"?|\\\\*'(?:[^'\\\\]|\\\\.)*'?|(?:(?:Bearer|Basic)\\s+)?[^\\s,;&})\\]]+)`,
  'gi',
)
/** What libraries throw: `password authentication failed for user "x"` is fine, `password "x"` is not. */
const QUOTED_AFTER = new RegExp(
  `((?:${SENSITIVE_WORDS})\\s+(?:is\\s+|was\\s+|of\\s+)?)("[^"]*"|'[^']*')`,
  'gi',
)

/** Only what shows itself by its shape: for statements, whose literals are gone already. */
export function scrubShapes(text: string): string {
  let clean = text
  for (const shape of SHAPES) clean = clean.replace(shape, REDACTED)
  clean = clean.replace(DIGITS, (digits) => (holdsCardNumber(digits) ? REDACTED : digits))
  return clean.replace(SSN, REDACTED)
}

/** Any text: secrets by shape, and behind sensitive names (`password=...`, `"token": "..."`). Read to 4096 characters. */
export function scrubText(text: string): string {
  const read = text.length <= MAX_READ ? text : text.slice(0, MAX_READ).replace(/\S{0,1024}$/, '…')
  return scrubShapes(
    read
      .replace(NAMED, (_match, before: string) => before + REDACTED)
      .replace(QUOTED_AFTER, (_match, before: string) => before + REDACTED),
  )
}

/** One text for each value: at most 100 characters, nothing sensitive. `names[i]` is what value i is called, as far as it is known. */
export function scrubParameters(
  values: readonly unknown[],
  names: readonly (string | null)[] = [],
): string[] {
  return new Scrubber([]).values(values, names)
}

/** With the names that the user adds. */
export class Scrubber {
  readonly #redact: readonly (string | RegExp)[]

  constructor(redact: readonly (string | RegExp)[]) {
    this.#redact = redact.map((name) => (typeof name === 'string' ? plain(name) : name))
  }

  isSensitive(name: string): boolean {
    if (isSensitiveName(name)) return true
    return this.#redact.some((added) => {
      if (typeof added === 'string') return plain(name).includes(added)
      added.lastIndex = 0
      return added.test(name)
    })
  }

  text(text: string): string {
    return scrubText(text)
  }

  /** Numbers and booleans stay what they are, unless their name or their digits say otherwise. */
  named<Value extends string | number | boolean>(name: string, value: Value): Value | string {
    if (this.isSensitive(name)) return REDACTED
    if (typeof value === 'boolean') return value
    if (typeof value === 'number') return isCardNumber(String(value)) ? REDACTED : value
    return cut(scrubText(value), 255)
  }

  /** Of a query: names from its text. Where the text speaks of something sensitive, values without a name go too. */
  parameters(values: readonly unknown[], sql: string): string[] {
    const read = sql.slice(0, 65_536)
    const names = parameterNames(read)
    const isSuspicious = (read.match(/[\w$]+/g) ?? []).some((word) => this.isSensitive(word))
    return this.values(values, names, isSuspicious)
  }

  values(values: readonly unknown[], names: readonly (string | null)[], withoutNameToo = false): string[] {
    return values.slice(0, 100).map((value, at) => {
      const name = names[at] ?? null
      if (name === null ? withoutNameToo : this.isSensitive(name)) return REDACTED
      return cut(this.#shown(value, 0), MAX_VALUE)
    })
  }

  #shown(value: unknown, depth: number): string {
    if (value === null || value === undefined) return 'null'
    if (typeof value === 'string') return scrubText(value)
    if (typeof value === 'number' || typeof value === 'bigint') {
      const digits = String(value)
      return isCardNumber(digits) ? REDACTED : digits
    }
    if (typeof value !== 'object') return typeof value === 'boolean' ? String(value) : `<${typeof value}>`
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString()
    if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`
    if (depth === MAX_DEPTH) return '…'
    if (Array.isArray(value)) {
      const shown = value.slice(0, MAX_ELEMENTS).map((element) => this.#shown(element, depth + 1))
      return `[${shown.join(', ')}${value.length > MAX_ELEMENTS ? `, … ${value.length}` : ''}]`
    }
    return this.#object(value, depth)
  }

  #object(value: object, depth: number): string {
    try {
      const entries = Object.entries(value)
      const shown = entries
        .slice(0, MAX_ELEMENTS)
        .map(
          ([key, of]) =>
            `${scrubText(key)}: ${this.isSensitive(key) ? REDACTED : this.#shown(of, depth + 1)}`,
        )
      return `{${shown.join(', ')}${entries.length > MAX_ELEMENTS ? ', …' : ''}}`
    } catch {
      // A getter or a proxy that throws.
      return '<object>'
    }
  }
}

const plain = (name: string): string => name.replace(/[\s_\-.]+/g, '').toLowerCase()

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

/** Any groups in a row that make a card number: `4111 1111 1111 1111 1` holds one. */
function holdsCardNumber(text: string): boolean {
  const groups = text.split(/[ -]/)
  for (let first = 0; first < groups.length; first++) {
    let digits = ''
    for (let last = first; last < groups.length && digits.length < 19; last++) {
      digits += groups[last]
      if (isCardNumber(digits)) return true
    }
  }
  return false
}

/** Luhn's sum, over 13 to 19 digits. */
function isCardNumber(digits: string): boolean {
  if (!/^\d{13,19}$/.test(digits)) return false
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48
    const doubled = digit * 2
    sum += at % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
