// A line of values as one line of text, which any channel can show.

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
const GAP = '·'

/** From zero to the largest: what is twice as high is twice as much. */
export function sparkline(values: readonly (number | null)[]): string {
  const most = Math.max(0, ...values.filter((value) => value !== null))
  return values
    .map((value) =>
      value === null
        ? GAP
        : BARS[most === 0 ? 0 : Math.round((Math.max(0, value) / most) * (BARS.length - 1))]!,
    )
    .join('')
}
