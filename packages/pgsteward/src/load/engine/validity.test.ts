import { describe, expect, test } from 'vitest'
import { type EngineFacts, invalidReasons } from './validity.ts'

const good: EngineFacts = {
  ended: 'completed',
  endedBecause: '',
  requests: 10_000,
  errors: 100,
  errorKinds: { '503': 80, timeout: 20 },
  offered: 10_000,
  begun: 9_900,
  dropped: 0,
  threads: 1,
  cpuRatio: 0.8,
  starvedRatio: 0.05,
  lagP99Ms: 4,
  p95Ms: 25,
  serviceP95Ms: 20,
  unstarted: {},
  lostThreads: [],
}
const reasons = (over: Partial<EngineFacts>) =>
  invalidReasons({ ...good, ...over }).map(({ reason }) => reason)

describe('a run is to be believed', () => {
  test.each<[string, Partial<EngineFacts>]>([
    ['at the limits', {}],
    ['closed, whatever it begins', { offered: null, begun: 0, p95Ms: 500 }],
    ['short, and without the arrival at its end', { offered: 50, begun: 49, requests: 49, errors: 0 }],
    ['stopped by a threshold', { ended: 'threshold', endedBecause: 'p95' }],
    ['with a lag that adds little to its p95', { p95Ms: 204, serviceP95Ms: 198, lagP99Ms: 80 }],
    ['without a request', { requests: 0, errors: 0, offered: 0, begun: 0, p95Ms: null, serviceP95Ms: null }],
  ])('%s', (_, over) => {
    expect(reasons(over)).toEqual([])
  })
})

describe('a run must not be believed', () => {
  test.each<[string, Partial<EngineFacts>, string]>([
    ['one arrival was dropped', { dropped: 1 }, 'dropped-arrivals'],
    ['under 99 % of the arrivals were begun', { begun: 9_899 }, 'rate-not-reached'],
    ['two arrivals of a short run were not', { offered: 50, begun: 48 }, 'rate-not-reached'],
    ['the generator used over 80 % of a core', { cpuRatio: 0.81 }, 'generator-starved'],
    ['it had no processor to spare in some seconds', { starvedRatio: 0.06 }, 'generator-starved'],
    ['late arrivals made the p95', { p95Ms: 25.1, serviceP95Ms: 20 }, 'schedule-lag'],
    ['over 1 % failed', { errors: 101 }, 'too-many-errors'],
    ['users could not sign in', { unstarted: { visit: 2 } }, 'too-many-errors'],
    ['it was interrupted', { ended: 'interrupted', endedBecause: 'Ctrl-C' }, 'interrupted'],
    ['the target was lost', { ended: 'target-lost', endedBecause: 'refused' }, 'target-lost'],
    [
      'a thread died',
      { ended: 'failed', lostThreads: [{ why: 'x', isOutOfMemory: false }] },
      'source-incomplete',
    ],
    [
      'memory ran out',
      { ended: 'failed', lostThreads: [{ why: 'x', isOutOfMemory: true }] },
      'out-of-memory',
    ],
  ])('when %s', (_, over, reason) => {
    expect(reasons(over)).toEqual([reason])
  })

  test('and says why in words', () => {
    const [invalid] = invalidReasons({ ...good, errors: 500, errorKinds: { timeout: 100, '503': 400 } })
    expect(invalid!.detail).toBe(
      '500 of 10000 requests failed (503: 400, timeout: 100), over 1 %. Latencies are of the others alone.',
    )
  })
})
