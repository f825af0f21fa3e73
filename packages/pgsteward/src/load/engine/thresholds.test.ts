import { describe, expect, test } from 'vitest'
import { scenarioSchema, type Threshold } from '../../model/scenario.ts'
import { SeriesTotal } from './tally.ts'
import { judge, type Measured, stoppedBy } from './thresholds.ts'

function threshold(over: object): Threshold {
  return scenarioSchema.parse({
    id: 't',
    title: 't',
    load: { model: 'closed', stages: [{ for: '1s', users: 1 }] },
    flows: [{ name: 'f', steps: [{ path: '/' }] }],
    thresholds: [over],
  }).thresholds[0]!
}

/** Latencies of 1, 2 ... `count` ms, and so many errors. */
function series(count: number, errors = 0): SeriesTotal {
  const total = new SeriesTotal()
  for (let ms = 1; ms <= count; ms++) {
    total.latency.countMs(ms)
    total.sumMs += ms
    total.maxMs = ms
  }
  total.count = count + errors
  total.errors = errors
  return total
}

const measured: Measured = {
  names: [
    { name: 'GET /a', feature: 'reading' },
    { name: 'GET /b', feature: 'reading' },
    { name: 'POST /c', feature: 'writing' },
  ],
  series: [series(100), series(300), series(0, 20)],
  checks: [
    { name: 'GET /a: status 200', passed: 90, failed: 10 },
    { name: 'signed in', passed: 1, failed: 3 },
  ],
  measuredMs: 20_000,
}

describe('a threshold', () => {
  test.each([
    [{ metric: 'p50', below: 60, of: 'GET /a' }, 50, true],
    [{ metric: 'p95', below: 60, of: 'GET /a' }, 95, false],
    [{ metric: 'max', below: '100ms', of: 'GET /a' }, 100, false],
    [{ metric: 'max', below: '101ms', of: 'GET /a' }, 100, true],
    [{ metric: 'mean', above: 50, below: 51, of: 'GET /a' }, 50.5, true],
    [{ metric: 'p99', below: '1s', of: 'reading' }, 296, true],
    [{ metric: 'errorRatio', below: 0.01, of: 'reading' }, 0, true],
    [{ metric: 'errorRatio', below: 0.01 }, 20 / 420, false],
    [{ metric: 'requestsPerSecond', above: 20 }, 21, true],
    [{ metric: 'checkRatio', above: 0.95, of: 'GET /a' }, 0.9, false],
    [{ metric: 'checkRatio', above: 0.2, of: 'signed in' }, 0.25, true],
    [{ metric: 'checkRatio', above: 0.5 }, 91 / 104, true],
    [{ metric: 'p95', below: '1s', of: 'POST /c' }, null, false],
    [{ metric: 'p95', below: '1s', of: 'GET /never' }, null, false],
  ])('%j has the value %s: met %s', (over, value, isMet) => {
    const [judged] = judge([threshold(over)], measured)
    expect(judged!.isMet).toBe(isMet)
    if (value === null) expect(judged!.value).toBeNull()
    else expect(judged!.value! / value || 1).toBeCloseTo(1, 2)
  })

  test('says in words what it asks for', () => {
    const texts = judge(
      [
        threshold({ metric: 'p95', below: '1s', of: 'GET /a' }),
        threshold({ metric: 'errorRatio', below: 0.01 }),
        threshold({ metric: 'requestsPerSecond', above: 5, below: 9 }),
      ],
      measured,
    ).map(({ text }) => text)
    expect(texts).toEqual([
      'p95 < 1000 ms of GET /a',
      'errorRatio < 0.01',
      'requestsPerSecond < 9/s and > 5/s',
    ])
  })
})

describe('a threshold that stops the run', () => {
  const stop = threshold({ metric: 'errorRatio', below: 0.01, stop: true })

  test('does so from 100 requests and 10 s on', () => {
    expect(stoppedBy([stop], measured)).toBe(stop)
    expect(stoppedBy([stop], { ...measured, measuredMs: 9_999 })).toBeNull()
    expect(stoppedBy([stop], { ...measured, series: [series(80), series(0), series(0, 19)] })).toBeNull()
  })

  test('does not while it is met, nor where nothing was measured, nor without stop', () => {
    expect(stoppedBy([{ ...stop, below: 0.5 }], measured)).toBeNull()
    expect(stoppedBy([{ ...stop, metric: 'p95', of: 'POST /c' }], measured)).toBeNull()
    expect(stoppedBy([{ ...stop, stop: false }], measured)).toBeNull()
  })
})
