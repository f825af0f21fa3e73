import { describe, expect, test } from 'vitest'
import type { OpenFinding } from '../../model/open-finding.ts'
import { countDurations } from '../../stats/duration-histogram.ts'
import { dailyStatus } from './daily-rules.ts'
import { evidenceLinks } from './evidence-links.ts'
import type { FindingLife } from './finding-lives.ts'
import type { PeriodFigures, Served } from './period-figures.ts'

const DAY = 86_400_000
const links = evidenceLinks('shop', { from: new Date(0), to: new Date(DAY) })
const NOTHING: PeriodFigures = {
  requests: null,
  queries: null,
  deliveries: null,
  statements: null,
  uptime: [],
}
const served = (over: Partial<Served>): Served => ({
  count: 1_000,
  errors: 0,
  totalMs: 1_000,
  maxMs: 5_000,
  durations: null,
  ...over,
})
const life = (over: Partial<FindingLife> = {}, area: OpenFinding['area'] = 'query'): FindingLife => ({
  finding: { key: 'a', summary: 'Something is amiss', area } as OpenFinding,
  openedAt: [],
  resolvedAt: [],
  worsenedAt: [],
  standing: 'open',
  severity: 'warning',
  since: new Date(0),
  ...over,
})
const status = (figures: Partial<PeriodFigures>, lives: readonly FindingLife[] = [], coverageRatio = 1) =>
  dailyStatus({ figures: { ...NOTHING, ...figures }, lives, coverageRatio, links })
const down = (downMs: number, slo = 0.999) => ({
  uptime: [{ kind: 'http' as const, name: 'health', slo, coveredMs: DAY, downMs }],
})
const slow = (ms: number, count = 100) => ({
  queries: served({ count, durations: countDurations(Array(count).fill(ms)), maxMs: ms }),
})

describe('a day is judged by what was seen (R1)', () => {
  test.each<[string, Partial<PeriodFigures>, string]>([
    ['nothing that is wrong', {}, 'green'],
    ['a minute of downtime', down(60_000), 'green'],
    ['two minutes of downtime', down(120_000), 'yellow'],
    ['a quarter of an hour of downtime', down(15 * 60_000), 'red'],
    ['the same under an objective of its own', down(15 * 60_000, 0.98), 'green'],
    [
      'a probe that nobody asked',
      { uptime: [{ kind: 'http', name: 'a', slo: 0.999, coveredMs: 0, downMs: 0 }] },
      'green',
    ],
    ['one request in a thousand', { requests: served({ count: 10_000, errors: 10 }) }, 'green'],
    ['more than one in a thousand', { requests: served({ count: 10_000, errors: 11 }) }, 'yellow'],
    ['four errors of few requests', { requests: served({ count: 10, errors: 4 }) }, 'green'],
    ['one in twenty', { requests: served({ count: 1_000, errors: 50 }) }, 'yellow'],
    ['more than one in twenty', { requests: served({ count: 1_000, errors: 51 }) }, 'red'],
    ['98 % of the messages', { deliveries: { all: 1_000, failed: 20 } }, 'green'],
    ['less than 98 %', { deliveries: { all: 1_000, failed: 21 } }, 'yellow'],
    ['less than 95 %', { deliveries: { all: 1_000, failed: 51 } }, 'red'],
    ['statements of 400 ms', slow(400), 'green'],
    ['statements of 600 ms', slow(600), 'yellow'],
    ['statements of 1200 ms', slow(1_200), 'red'],
    ['a handful of slow statements', slow(1_200, 40), 'green'],
  ])('%s', (_, figures, level) => {
    expect(status(figures).level).toBe(level)
  })

  test.each<[string, FindingLife, string]>([
    ['a critical finding that stands', life({ severity: 'critical' }), 'red'],
    ['one that is over', life({ severity: 'critical', standing: 'no' }), 'yellow'],
    ['one that somebody muted', life({ severity: 'critical', standing: 'muted' }), 'green'],
    ['a warning to plan', life({}, 'index'), 'green'],
    ['a warning that users feel', life({}, 'availability'), 'yellow'],
    ['one that was felt and is over', life({ standing: 'no' }, 'capacity'), 'green'],
    ['a note', life({ severity: 'info' }, 'availability'), 'green'],
  ])('%s', (_, one, level) => {
    expect(status({}, [one]).level).toBe(level)
  })
})

test('of a day that was half seen nothing is called green, and what was seen counts', () => {
  expect(status({}, [], 0.5)).toMatchObject({
    level: 'unknown',
    reasons: [{ text: 'Only 50 % of the period was observed.' }],
  })
  expect(status(down(15 * 60_000), [], 0.5).level).toBe('red')
})

test('reasons say what happened and lead to it, the worst first', () => {
  const { reasons } = status({ ...down(120_000), requests: served({ errors: 100 }) })
  expect(reasons.map(({ text, severity }) => [text, severity])).toEqual([
    ['10 % of the requests failed: 100 of 1,000.', 'critical'],
    ['health was down for 2 min: up 99.861 %.', 'warning'],
  ])
  expect(reasons[0]!.link).toBe('/applications?target=shop&from=0&to=86400')
})
