// Numbers, statements and plans in the words of a cause: one sentence that an engineer understands at three in the morning.

import { summaryOf } from '../sql/fingerprint.ts'

/** `12 ms`, `0.4 ms`, `1.3 s`. */
export function msWords(ms: number): string {
  if (ms >= 10_000) return `${Math.round(ms / 1000)} s`
  if (ms >= 1000) return `${Number((ms / 1000).toFixed(1))} s`
  return `${numberWords(ms)} ms`
}

/** Two digits that count below ten, whole numbers above, thousands apart. */
export function numberWords(value: number): string {
  const size = Math.abs(value)
  if (size >= 10) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(2)))
}

export function percentWords(ratio: number): string {
  return `${Math.round(ratio * 100)} %`
}

export function bytesWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let [value, unit] = [bytes, 0]
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1]
  return `${numberWords(value)} ${units[unit]}`
}

/** `the statement SELECT conversation_message (GET /api/members/:id)`: what it does to which table, and for whom. */
export function statementWords({
  text,
  route,
}: {
  readonly text: string
  readonly route: string | null
}): string {
  const { summary } = summaryOf(text)
  const name = summary === '' ? excerpt(text, 60) : summary
  return route === null ? `"${name}"` : `"${name}" of ${route}`
}

/** On one line, cut. */
export function excerpt(text: string, most = 300): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= most ? line : `${line.slice(0, most - 2).toWellFormed()} …`
}

export interface PlannedScan {
  /** `Seq Scan`, `Index Scan` ... */
  readonly how: string
  readonly table: string | null
  readonly index: string | null
}

/** The scans of a plan's shape, as plans/plan-shape writes them: `Index Scan using a_idx on a`, `Seq Scan [Parallel Aware] on a`. */
export function scansOf(shape: string): readonly PlannedScan[] {
  return [
    ...shape.matchAll(
      /((?:[A-Z][a-z]+ )*Scan)(?: \[[^\]]*\])?(?: on ((?:"[^"]*"|[^\s;()])+)(?: (?!using )[^\s;()]+)?)?(?: using ((?:"[^"]*"|[^\s;()])+))?/g,
    ),
  ].map(([, how, table, index]) => ({ how: how!, table: table ?? null, index: index ?? null }))
}

/** Tables that a plan reads whole. */
export function readWhole(shape: string | null): readonly string[] {
  return shape === null
    ? []
    : scansOf(shape).flatMap(({ how, table }) => (how === 'Seq Scan' && table !== null ? [table] : []))
}

/** `Index Scan using message_idx on message became Seq Scan on message`; the shapes themselves where it is not about one scan. */
export function planChangeWords(base: string, head: string): string {
  const words = ({ how, table, index }: PlannedScan) =>
    `${how}${index === null ? '' : ` using ${index}`}${table === null ? '' : ` on ${table}`}`
  const [before, after] = [scansOf(base).map(words), scansOf(head).map(words)]
  const gone = before.filter((each) => !after.includes(each))
  const come = after.filter((each) => !before.includes(each))
  if (gone.length > 0 && come.length > 0)
    return `${gone.slice(0, 2).join(' and ')} became ${come.slice(0, 2).join(' and ')}`
  return `${excerpt(base, 120)} became ${excerpt(head, 120)}`
}
