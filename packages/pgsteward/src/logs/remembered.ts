// Remembers what was worked out for a text, for so many texts; then it begins anew, which is cheaper than choosing whom to forget.

const MAX_CHARACTERS = 4 * 1024 ** 2

export class Remembered<Value> {
  readonly #most: number
  #values = new Map<string, Value>()
  #characters = 0

  constructor(most: number) {
    this.#most = most
  }

  get(text: string): Value | undefined {
    return this.#values.get(text)
  }

  set(text: string, value: Value): Value {
    if (this.#values.size >= this.#most || this.#characters > MAX_CHARACTERS) {
      this.#values = new Map()
      this.#characters = 0
    }
    this.#characters += text.length
    this.#values.set(ownCopy(text), value)
    return value
  }
}

/** A text that does not keep the long one alive which it was cut from. */
export function ownCopy(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf8').toString('utf8')
}
