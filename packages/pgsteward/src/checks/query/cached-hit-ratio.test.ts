import { expect, test } from 'vitest'
import { type CachedResult, cachedHitRatio } from './cached-hit-ratio.ts'

const of = (over: Partial<CachedResult>) =>
  cachedHitRatio({ callsPerSecond: 1, results: 1, dropsPerSecond: 0, ttlMs: 60_000, ...over })

test('without writes an entry serves its whole time to live: 60 hits for each fill', () => {
  expect(of({})).toBeCloseTo(60 / 61)
})

test('calls are spread over the results', () => {
  expect(of({ results: 60 })).toBeCloseTo(1 / 2)
  expect(of({ results: 6_000 })).toBeCloseTo(0.01 / 1.01)
})

test('with a long time to live only the ratio of calls to writes counts', () => {
  expect(of({ callsPerSecond: 10, dropsPerSecond: 1, ttlMs: 1e9 })).toBeCloseTo(10 / 11)
  expect(of({ callsPerSecond: 1, dropsPerSecond: 10, ttlMs: 1e9 })).toBeCloseTo(1 / 11)
})

test('writes never make it better, and none is the limit of few', () => {
  expect(of({ dropsPerSecond: 1e-9 })).toBeCloseTo(of({}), 6)
  expect(of({ dropsPerSecond: 0.1 })).toBeLessThan(of({ dropsPerSecond: 0.01 }))
})

test('agrees with a simulated cache of ten results, written at random', () => {
  let state = 7
  // xorshift: the same numbers on every machine
  const random = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return ((state >>> 0) + 0.5) / 2 ** 32
  }
  const rate = { callsPerSecond: 20, results: 10, dropsPerSecond: 0.5, ttlMs: 2_000 }
  const filledAt = new Map<number, number>()
  const total = rate.callsPerSecond + rate.dropsPerSecond * rate.results
  let [at, calls, hits] = [0, 0, 0]
  for (let event = 0; event < 200_000; event++) {
    at += -Math.log(random()) / total
    const isCall = random() < rate.callsPerSecond / total
    const result = Math.floor(random() * rate.results)
    if (!isCall) filledAt.delete(result)
    else {
      calls++
      const filled = filledAt.get(result)
      if (filled !== undefined && at - filled < rate.ttlMs / 1000) hits++
      else filledAt.set(result, at)
    }
  }
  expect(hits / calls).toBeCloseTo(cachedHitRatio(rate), 2)
})
