import { describe, expect, test } from 'vitest'
import type { Break } from '../model/fact.ts'
import { type CumulativeReading, diff } from './diff.ts'

interface Row {
  readonly key: string
  readonly calls: number
  readonly ms: number
  readonly failures: number | null
  readonly since: Date | null
}

const START = new Date('2026-01-01T00:00:00Z')
const LATER = new Date('2026-01-02T00:00:00Z')
const SERVER = {
  startedAt: START,
  systemIdentifier: '7',
  timeline: 1,
  role: 'primary' as const,
  canReadAllStats: true,
}

/** Rows that begin as a whole, as in pg_stat_statements. */
const whole = { counters: ['calls', 'ms'] as const, since: (row: Row) => row.since }
/** Rows that may be sums of others, as in pg_stat_all_tables. */
const summed = { counters: ['calls', 'ms'] as const }
/** Hidden from a role without pg_read_all_stats. */
const hidden = { ...whole, needsAllStats: true as const }
const BLIND = { ...SERVER, canReadAllStats: false }

const row = (key: string, calls: number, more: Partial<Row> = {}): Row => ({
  key,
  calls,
  ms: calls * 10,
  failures: null,
  since: null,
  ...more,
})

function reading(
  second: number,
  rows: readonly Row[],
  more: Partial<CumulativeReading<Row>> = {},
): CumulativeReading<Row> {
  return {
    at: new Date(START.getTime() + second * 1000),
    rows: new Map(rows.map((each) => [each.key, each])),
    server: SERVER,
    epoch: { resetAt: START, evictions: 0 },
    ...more,
  }
}

interface Example {
  readonly name: string
  readonly fact?: typeof whole | typeof summed | typeof hidden
  readonly before: CumulativeReading<Row>
  readonly after: CumulativeReading<Row>
  /** Calls by key; a key that is missing did not move. */
  readonly calls: Readonly<Record<string, number>>
  readonly seconds?: number
  readonly breaks?: readonly Break['cause'][]
}

const examples: readonly Example[] = [
  {
    name: 'the difference of what moved, nothing of what did not',
    before: reading(0, [row('a', 5), row('b', 7)]),
    after: reading(60, [row('a', 8), row('b', 7)]),
    calls: { a: 3 },
  },
  {
    name: 'a new row counts in full where rows begin as a whole',
    before: reading(0, []),
    after: reading(60, [row('a', 8)]),
    calls: { a: 8 },
  },
  {
    name: 'a new row waits for its second reading where it may be an old one renamed',
    fact: summed,
    before: reading(0, []),
    after: reading(60, [row('a', 8)]),
    calls: {},
  },
  {
    name: 'a row that vanished leaves nothing',
    before: reading(0, [row('a', 5), row('b', 7)]),
    after: reading(60, [row('b', 9)]),
    calls: { b: 2 },
  },
  {
    name: 'the whole view reset: what fell counts from zero',
    before: reading(0, [row('a', 500)]),
    after: reading(60, [row('a', 4)], { epoch: { resetAt: LATER, evictions: 0 } }),
    calls: { a: 4 },
    breaks: ['reset'],
  },
  {
    name: 'the whole view reset and grown beyond: less than the truth, never more',
    before: reading(0, [row('a', 5)]),
    after: reading(60, [row('a', 9)], { epoch: { resetAt: LATER, evictions: 0 } }),
    calls: { a: 4 },
    breaks: ['reset'],
  },
  {
    name: "a reset of the database's epoch that left this row alone does not count it anew",
    fact: summed,
    before: reading(0, [row('a', 1_000_000)], { epoch: { resetAt: null, evictions: null } }),
    after: reading(60, [row('a', 1_000_002)], { epoch: { resetAt: LATER, evictions: null } }),
    calls: { a: 2 },
    breaks: ['reset'],
  },
  {
    name: 'one row reset: it counts from zero, its neighbours go on',
    before: reading(0, [row('a', 500), row('b', 10)]),
    after: reading(60, [row('a', 4), row('b', 12)]),
    calls: { a: 4, b: 2 },
    breaks: ['reset'],
  },
  {
    name: 'one counter of a sum fell (an index was dropped): the row waits for the next reading',
    fact: summed,
    before: reading(0, [row('a', 500, { ms: 9_000_000 }), row('b', 1)]),
    after: reading(60, [row('a', 4, { ms: 9_000_010 }), row('b', 2)]),
    calls: { b: 1 },
    breaks: ['reset'],
  },
  {
    name: 'evictions without harm to the rows seen are marked',
    before: reading(0, [row('a', 5)]),
    after: reading(60, [row('a', 6)], { epoch: { resetAt: START, evictions: 3 } }),
    calls: { a: 1 },
    breaks: ['eviction'],
  },
  {
    name: 'an entry evicted and back with lower counts counts from zero',
    before: reading(0, [row('a', 50)]),
    after: reading(60, [row('a', 6)], { epoch: { resetAt: START, evictions: 1 } }),
    calls: { a: 6 },
    breaks: ['eviction'],
  },
  {
    name: 'an entry evicted and back with higher counts, before 17: less than the truth, never more',
    before: reading(0, [row('a', 50)]),
    after: reading(60, [row('a', 70)], { epoch: { resetAt: START, evictions: 1 } }),
    calls: { a: 20 },
    breaks: ['eviction'],
  },
  {
    name: 'an entry evicted and back with higher counts, from 17 on: the truth since it is back',
    before: reading(0, [row('a', 50, { since: START })]),
    after: reading(60, [row('a', 70, { since: LATER })], { epoch: { resetAt: START, evictions: 1 } }),
    calls: { a: 70 },
    breaks: ['eviction'],
  },
  {
    name: "an entry begun 'after' the reading before by a fast server clock is not counted twice",
    before: reading(0, [row('a', 50, { since: LATER })]),
    after: reading(60, [row('a', 52, { since: LATER })]),
    calls: { a: 2 },
  },
  {
    name: 'a clean restart keeps the counters',
    before: reading(0, [row('a', 50)]),
    after: reading(60, [row('a', 55)], { server: { ...SERVER, startedAt: LATER } }),
    calls: { a: 5 },
    breaks: ['restart'],
  },
  {
    name: 'rows that the role sees only since now are not new',
    fact: hidden,
    before: reading(0, [row('own', 5)], { server: BLIND }),
    after: reading(60, [row('own', 6), row('a', 1_000_000)]),
    calls: {},
    seconds: 0,
  },
  {
    name: 'rows that the role sees no more say nothing of the rest either',
    fact: hidden,
    before: reading(0, [row('own', 5), row('a', 1_000_000)]),
    after: reading(60, [row('own', 6)], { server: BLIND }),
    calls: {},
    seconds: 0,
  },
  {
    name: 'what every role sees is counted on, whatever else it sees',
    fact: whole,
    before: reading(0, [row('a', 5)], { server: BLIND }),
    after: reading(60, [row('a', 6)]),
    calls: { a: 1 },
  },
  {
    name: 'a crash loses the counters: they count from zero',
    before: reading(0, [row('a', 50)]),
    after: reading(60, [row('a', 2)], { server: { ...SERVER, startedAt: LATER } }),
    calls: { a: 2 },
    breaks: ['restart'],
  },
  {
    name: 'another start of a server that cannot be identified covers nothing',
    before: reading(0, [row('a', 50)], { server: { ...SERVER, systemIdentifier: null } }),
    after: reading(60, [row('a', 20)], { server: { ...SERVER, systemIdentifier: null, startedAt: LATER } }),
    calls: {},
    seconds: 0,
    breaks: ['restart'],
  },
  {
    name: 'another standby behind the same address covers nothing',
    before: reading(0, [row('a', 50)], { server: { ...SERVER, role: 'standby' } }),
    after: reading(60, [row('a', 90)], { server: { ...SERVER, role: 'standby', startedAt: LATER } }),
    calls: {},
    seconds: 0,
    breaks: ['restart'],
  },
  {
    name: 'another cluster covers nothing',
    before: reading(0, [row('a', 50)]),
    after: reading(60, [row('a', 90)], { server: { ...SERVER, systemIdentifier: '8' } }),
    calls: {},
    seconds: 0,
    breaks: ['failover'],
  },
  {
    name: 'another timeline covers nothing',
    before: reading(0, [row('a', 50)]),
    after: reading(60, [row('a', 90)], { server: { ...SERVER, timeline: 2 } }),
    calls: {},
    seconds: 0,
    breaks: ['failover'],
  },
  {
    name: 'a promoted standby covers nothing',
    before: reading(0, [row('a', 50)], { server: { ...SERVER, role: 'standby' } }),
    after: reading(60, [row('a', 90)]),
    calls: {},
    seconds: 0,
    breaks: ['failover'],
  },
  {
    name: 'a clock set back covers nothing',
    before: reading(60, [row('a', 50)]),
    after: reading(0, [row('a', 90)]),
    calls: {},
    seconds: 0,
  },
  {
    name: 'two readings at the same moment cover nothing',
    before: reading(60, [row('a', 50)]),
    after: reading(60, [row('a', 90)]),
    calls: {},
    seconds: 0,
  },
]

test.each(examples)('$name', ({ fact = whole, before, after, calls, seconds = 60, breaks = [] }) => {
  const interval = diff<Row>(fact, before, after)
  expect(Object.fromEntries(interval.rows.map((each) => [each.key, each.calls]))).toEqual(calls)
  expect(interval.seconds).toBe(seconds)
  expect(interval.breaks.map((each) => each.cause)).toEqual(breaks)
})

describe('a counter that is not there', () => {
  const fact = { counters: ['calls', 'failures'] as const, since: () => null }

  test('stays null', () => {
    const { rows } = diff<Row>(fact, reading(0, [row('a', 1)]), reading(60, [row('a', 2)]))
    expect(rows).toMatchObject([{ calls: 1, failures: null }])
  })

  test('stays null in the interval in which it appears', () => {
    const after = reading(60, [row('a', 2, { failures: 9 })])
    expect(diff<Row>(fact, reading(0, [row('a', 1)]), after).rows).toMatchObject([{ failures: null }])
  })

  test('alone moves nothing', () => {
    const after = reading(60, [row('a', 1, { failures: 9 })])
    expect(diff<Row>(fact, reading(0, [row('a', 1)]), after).rows).toEqual([])
  })
})

test('columns that are no counters keep their latest value', () => {
  const fact = { counters: ['calls'] as const, since: () => null }
  const { rows } = diff<Row>(fact, reading(0, [row('a', 1)]), reading(60, [row('a', 2, { ms: 77 })]))
  expect(rows).toMatchObject([{ calls: 1, ms: 77 }])
})

test('rows of a fact that has series are kept though they did not move, as long as they are few', () => {
  const series = [{ name: 'calls', unit: 'count' as const, value: (each: Row) => each.calls }]
  const fact = { counters: ['calls'] as const, since: () => null, series }
  const few = [row('a', 1)]
  const many = Array.from({ length: 101 }, (_, i) => row(`${i}`, 1))
  expect(diff<Row>(fact, reading(0, few), reading(60, few)).rows).toMatchObject([{ calls: 0 }])
  expect(diff<Row>(fact, reading(0, many), reading(60, many)).rows).toEqual([])
})
