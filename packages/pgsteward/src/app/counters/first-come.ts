// Keeps the values of a label few. Who came first keeps its own series, the rest is `other`: a counter whose members change with
// what is heaviest today would fall, and a fall reads as a restart.

export const OTHER = 'other'

export class FirstCome {
  readonly #known = new Map<string, Set<string>>()

  /** `of`: what the bound is on, such as the routes of one application. */
  admit(of: string, value: string, most: number): string {
    let known = this.#known.get(of)
    if (known === undefined) {
      known = new Set()
      this.#known.set(of, known)
    }
    if (known.has(value)) return value
    if (known.size >= most) return OTHER
    known.add(value)
    return value
  }
}
