import { expect, test } from 'vitest'
import { type CumulativeReading, diff } from './diff.ts'
import { slidingInterval } from './sliding-interval.ts'

// A server is played for hundreds of random histories: statements run, entries are evicted and come back, someone resets one
// entry or the whole view, the server restarts cleanly or crashes. Beside it runs the truth, which no reading shows.

interface Row {
  readonly key: string
  readonly calls: number
  readonly ms: number
  readonly since: Date | null
}

const KEYS = ['a', 'b', 'c', 'd', 'e']

/** mulberry32: small, seeded, good enough to choose events. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

class PlayedServer {
  readonly truth = new Map<string, { calls: number; ms: number }>()
  readonly #entries = new Map<string, { calls: number; ms: number; since: number }>()
  readonly #random: () => number
  #clock = 1_000
  #startedAt = 0
  #resetAt = 0
  #evictions = 0

  constructor(random: () => number) {
    this.#random = random
  }

  step(): void {
    this.#clock += 1
    const chance = this.#random()
    const key = KEYS[Math.floor(this.#random() * KEYS.length)]!
    if (chance < 0.8) this.#run(key, Math.ceil(this.#random() * 20))
    else if (chance < 0.88) this.#evict(key)
    else if (chance < 0.93) this.#entries.delete(key)
    else if (chance < 0.96) this.#reset()
    else if (chance < 0.98) this.#startedAt = this.#clock
    else this.#crash()
  }

  read(at: Date, tellsSince: boolean): CumulativeReading<Row> {
    const rows = [...this.#entries].map(([key, { calls, ms, since }]) => ({
      key,
      calls,
      ms,
      since: tellsSince ? new Date(since) : null,
    }))
    return {
      at,
      rows: new Map(rows.map((row) => [row.key, row])),
      server: {
        startedAt: new Date(this.#startedAt),
        systemIdentifier: '7',
        timeline: 1,
        role: 'primary',
        canReadAllStats: true,
      },
      epoch: { resetAt: new Date(this.#resetAt), evictions: this.#evictions },
    }
  }

  #run(key: string, calls: number): void {
    const entry = this.#entries.get(key) ?? { calls: 0, ms: 0, since: this.#clock }
    const truth = this.truth.get(key) ?? { calls: 0, ms: 0 }
    const ms = calls * this.#random() * 5
    this.#entries.set(key, { ...entry, calls: entry.calls + calls, ms: entry.ms + ms })
    this.truth.set(key, { calls: truth.calls + calls, ms: truth.ms + ms })
  }

  #evict(key: string): void {
    if (this.#entries.delete(key)) this.#evictions += 1
  }

  #reset(): void {
    this.#entries.clear()
    this.#resetAt = this.#clock
    this.#evictions = 0
  }

  #crash(): void {
    this.#reset()
    this.#startedAt = this.#clock
  }
}

interface Played {
  readonly counted: number
  readonly happened: number
  readonly lies: readonly unknown[]
}

function play(seed: number, tellsSince: boolean): Played {
  const random = randomFrom(seed)
  const server = new PlayedServer(random)
  const fact = {
    counters: ['calls', 'ms'] as const,
    since: (row: Row) => row.since,
    keyOf: (row: Row) => row.key,
  }
  const sliding = slidingInterval<Row>(fact, 240_000)
  let now = 0
  const lies: unknown[] = []
  let counted = 0
  let happened = 0
  let before = server.read(new Date(now), tellsSince)
  for (let round = 0; round < 40; round++) {
    server.truth.clear()
    for (let i = Math.floor(random() * 8); i > 0; i--) server.step()
    now += 60_000
    const after = server.read(new Date(now), tellsSince)
    const latest = diff<Row>(fact, before, after)
    for (const row of latest.rows) {
      const truth = server.truth.get(row.key) ?? { calls: 0, ms: 0 }
      const isTrue = row.calls >= 0 && row.calls <= truth.calls && row.ms >= 0 && row.ms <= truth.ms + 1e-6
      if (!isTrue) lies.push({ seed, round, row, truth })
      counted += row.calls
    }
    for (const { calls } of server.truth.values()) happened += calls
    const sum = new Map(sliding.add(latest).rows.map((row) => [row.key, row.calls]))
    for (const row of latest.rows) if (sum.get(row.key)! < row.calls) lies.push({ seed, round, row, sum })
    before = after
  }
  return { counted, happened, lies }
}

test.each([
  { name: 'from 17 on, where entries tell since when they count', tellsSince: true },
  { name: 'before 17', tellsSince: false },
])('never negative, never more than the truth: $name', ({ tellsSince }) => {
  let counted = 0
  let happened = 0
  for (let seed = 1; seed <= 300; seed++) {
    const played = play(seed, tellsSince)
    expect(played.lies).toEqual([])
    counted += played.counted
    happened += played.happened
  }
  // and not by counting nothing: what is lost is what no reading could show
  expect(counted / happened).toBeGreaterThan(0.7)
})
