// Latencies in windows of time, folded as they come: what lies some way back is reduced to count, p50 and p95, so that a run of hours
// needs the memory of seconds.

export interface ClosedWindow {
  /** Its number, from 0. */
  readonly index: number
  readonly count: number
  readonly errors: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
}

interface OpenWindow {
  count: number
  errors: number
  readonly values: number[]
}

export class WindowFold {
  readonly #everyMs: number
  readonly #keepMs: number
  readonly #onClosed: ((window: ClosedWindow) => void) | null
  readonly #open = new Map<number, OpenWindow>()
  readonly #closed = new Map<number, ClosedWindow>()
  #newest = Number.NEGATIVE_INFINITY

  /** A window closes once something `keepMs` younger than its end was added; what comes later for it is counted, no more. */
  constructor(everyMs: number, keepMs: number, onClosed: ((window: ClosedWindow) => void) | null = null) {
    this.#everyMs = everyMs
    this.#keepMs = keepMs
    this.#onClosed = onClosed
  }

  /** `atMs` since the first window began; `ms` null: an error, whose latency does not count. */
  add(atMs: number, ms: number | null): void {
    const index = Math.max(0, Math.floor(atMs / this.#everyMs))
    let open = this.#open.get(index)
    if (open === undefined) {
      const closed = this.#closed.get(index)
      if (closed !== undefined) {
        this.#closed.set(index, {
          ...closed,
          count: closed.count + 1,
          errors: closed.errors + (ms === null ? 1 : 0),
        })
        return
      }
      open = { count: 0, errors: 0, values: [] }
      this.#open.set(index, open)
      if (index > this.#newest) {
        this.#newest = index
        this.#closeBefore((index + 1) * this.#everyMs - this.#keepMs)
      }
    }
    open.count += 1
    if (ms === null) open.errors += 1
    else open.values.push(ms)
  }

  /** Closes what ended before that time, though nothing younger has come. */
  passed(atMs: number): void {
    this.#closeBefore(atMs - this.#keepMs)
  }

  /** By index; ends the folding. */
  all(): ReadonlyMap<number, ClosedWindow> {
    this.#closeBefore(Number.POSITIVE_INFINITY)
    return this.#closed
  }

  #closeBefore(atMs: number): void {
    for (const [index, window] of [...this.#open].sort(([a], [b]) => a - b)) {
      if ((index + 1) * this.#everyMs > atMs) continue
      this.#open.delete(index)
      const closed = reduced(index, window)
      this.#closed.set(index, closed)
      this.#onClosed?.(closed)
    }
  }
}

function reduced(index: number, { count, errors, values }: OpenWindow): ClosedWindow {
  const sorted = Float64Array.from(values).sort()
  const at = (ratio: number) => sorted[Math.max(0, Math.ceil(ratio * sorted.length - 1e-9) - 1)] ?? null
  return { index, count, errors, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) }
}
