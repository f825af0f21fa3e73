// A set of designs as bits: bit n is the design with number n.

export type IndexSet = bigint

/** The numbers of the bits, in order. */
export function numbersIn(set: IndexSet): readonly number[] {
  const numbers: number[] = []
  const digits = set.toString(16)
  for (let place = digits.length - 1, base = 0; place >= 0; place -= 1, base += 4) {
    const digit = Number.parseInt(digits[place]!, 16)
    if (digit === 0) continue
    for (let bit = 0; bit < 4; bit += 1) if ((digit & (1 << bit)) !== 0) numbers.push(base + bit)
  }
  return numbers
}
