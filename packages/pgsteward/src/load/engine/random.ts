// Chance that can be repeated: mulberry32, one 32-bit number of state. Each virtual user has its own, so that what one draws does not
// depend on how fast the others are.

export class Random {
  #state: number

  constructor(seed: number, stream: number) {
    // neighbouring streams must not begin alike
    this.#state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35)) | 0
    this.next()
  }

  /** 0 to 1, 1 excluded. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** Whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  uuid(): string {
    const hex = () =>
      Math.floor(this.next() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0')
    const [a, b, c, d] = [hex(), hex(), hex(), hex()]
    const variant = ((Number.parseInt(c[0]!, 16) & 3) | 8).toString(16)
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`
  }
}
