import { expect, test } from 'vitest'
import { Cadence } from './cadence.ts'

const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms)

interface Example {
  readonly name: string
  readonly factMs?: number
  readonly overrideMs?: number
  /** Of the readings before, a day apart. */
  readonly took?: readonly number[]
  readonly laterMs: number
  readonly isDue: boolean
}

const examples: readonly Example[] = [
  { name: 'due after its cadence', laterMs: 60_000, isDue: true },
  { name: 'not due before it', laterMs: 59_000, isDue: false },
  { name: 'due when a timer fires a little early', laterMs: 59_600, isDue: true },
  {
    name: 'readings of 3 s wait 300 s at one percent',
    took: [5_000, 3_000, 9_000],
    laterMs: 290_000,
    isDue: false,
  },
  { name: 'and are due then', took: [5_000, 3_000, 9_000], laterMs: 300_000, isDue: true },
  { name: 'one slow answer holds nothing back', took: [10, 10, 60_000], laterMs: 60_000, isDue: true },
  { name: 'three of them do', took: [10, 3_000, 3_000, 3_000], laterMs: 290_000, isDue: false },
  { name: 'a slow first one waits three periods', took: [9_000], laterMs: 170_000, isDue: false },
  { name: 'and no longer', took: [9_000], laterMs: 180_000, isDue: true },
  { name: 'a cheap one is not slowed down', took: [599, 599, 599], laterMs: 60_000, isDue: true },
  { name: 'ten seconds instead of a minute', overrideMs: 10_000, laterMs: 10_000, isDue: true },
  {
    name: 'ten seconds do not mean the slow ones',
    overrideMs: 10_000,
    factMs: 300_000,
    laterMs: 10_000,
    isDue: false,
  },
  {
    name: 'cost bounds ten seconds too',
    overrideMs: 10_000,
    took: [500, 500, 500],
    laterMs: 10_000,
    isDue: false,
  },
  { name: 'zero means each round, whatever it costs', overrideMs: 0, took: [9_000], laterMs: 0, isDue: true },
  { name: 'a clock set back does not silence it', laterMs: -3_600_000, isDue: true },
]

test.each(examples)('$name', ({ factMs = 60_000, overrideMs, took = [1], laterMs, isDue }) => {
  const cadence = new Cadence({ everyMs: overrideMs, costShare: 0.01 })
  const fact = { id: 'any', everyMs: factMs }
  expect(cadence.isDue(fact, at(0))).toBe(true)
  for (const [place, tookMs] of took.entries())
    cadence.wasRead(fact, at((place + 1 - took.length) * 86_400_000), tookMs)
  expect(cadence.isDue(fact, at(laterMs))).toBe(isDue)
})

test('out of its turn a fact is read as soon as its cost allows', () => {
  const cadence = new Cadence({ everyMs: 60_000, costShare: 0.01 })
  const isAffordable = (tookMs: number, laterMs: number) => {
    const fact = { id: `of ${tookMs}`, everyMs: 60_000 }
    for (const ms of [0, 1, 2]) cadence.wasRead(fact, at(ms), tookMs)
    return cadence.isAffordable(fact, at(laterMs))
  }
  expect(cadence.isAffordable({ id: 'new' }, at(0))).toBe(true)
  expect(isAffordable(2, 15_000)).toBe(true)
  expect(isAffordable(300, 15_000)).toBe(false)
  expect(isAffordable(301, 31_000)).toBe(true)
})
