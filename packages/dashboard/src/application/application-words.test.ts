import type { ApplicationWire, FindingWire, OperationWire, PoolWire } from 'pgsteward/wire'
import { describe, expect, it } from 'vitest'
import { applicationHeadline, isTimed, modelAction, poolTotals, queryTimeShare } from './application-words.ts'

const NOW = new Date('2026-11-22T08:00:00Z')

const application = (more: Partial<ApplicationWire> = {}) =>
  ({
    lastSeenAt: '2026-11-22T07:59:50Z',
    requestsPerSecond: 12,
    requestP95Ms: 84,
    errorRatio: 0,
    queriesPerSecond: 40,
    ...more,
  }) as ApplicationWire

const finding = (severity: FindingWire['severity'], state: FindingWire['state'] = 'open') =>
  ({ severity, state }) as FindingWire

/** As read aloud: hard spaces as spaces. */
const headline = (of: ApplicationWire, findings: FindingWire[] = []) =>
  applicationHeadline({ application: of, findings }, NOW).replaceAll('\u00a0', ' ')

describe('the headline of an application', () => {
  it.each<[string, ApplicationWire, FindingWire[]]>([
    [
      'Nothing is found wrong: 12 requests a second, 95 % of them within 84 ms, none failed.',
      application(),
      [],
    ],
    ['Nothing is found wrong: it is idle.', application({ requestsPerSecond: 0, queriesPerSecond: 0 }), []],
    [
      'Nothing is found wrong: 40 statements a second, no requests.',
      application({ requestsPerSecond: 0, errorRatio: null }),
      [],
    ],
    [
      '1 thing needs you: 12 requests a second, 95 % of them within 84 ms, 2 % failed.',
      application({ errorRatio: 0.02 }),
      [finding('warning'), finding('info'), finding('critical', 'muted')],
    ],
    [
      '2 things need you, 1 of them now: 12 requests a second.',
      application({ requestP95Ms: null, errorRatio: null }),
      [finding('warning'), finding('critical')],
    ],
    [
      '1 thing needs you now: it is idle.',
      application({ requestsPerSecond: 0, queriesPerSecond: 0 }),
      [finding('critical')],
    ],
    ['It has not reported for 20 min.', application({ lastSeenAt: '2026-11-22T07:40:00Z' }), []],
    [
      'It has not reported for 20 min; 1 thing needs you.',
      application({ lastSeenAt: '2026-11-22T07:40:00Z' }),
      [finding('warning')],
    ],
  ])('%s', (words, of, findings) => {
    expect(headline(of, findings)).toBe(words)
  })

  it('takes the pause between two reports of an OpenTelemetry SDK for no silence', () => {
    expect(headline(application({ lastSeenAt: '2026-11-22T07:58:10Z' }))).toContain('Nothing is found wrong')
  })
})

it('names a statement as the source has it, and not at all where no ORM told', () => {
  expect(modelAction({ model: 'Member', action: 'findMany' })).toBe('Member.findMany')
  expect(modelAction({ model: null, action: '$queryRaw' })).toBe('$queryRaw')
  expect(modelAction({ model: 'Member', action: null })).toBe('Member')
  expect(modelAction({ model: null, action: null })).toBeNull()
})

describe('pools together', () => {
  const pool = (more: Partial<PoolWire>) => ({ max: 10, used: 3, idle: 2, waiting: 1, ...more }) as PoolWire

  it('are the sum of all', () => {
    expect(poolTotals([pool({}), pool({ used: 7 })])).toEqual({ max: 20, used: 10, idle: 4, waiting: 2 })
  })

  it('have no bound where one does not tell its own, and are none where nothing is told', () => {
    expect(poolTotals([pool({}), pool({ max: null })])?.max).toBeNull()
    expect(poolTotals([])).toBeNull()
  })
})

it('weighs the share of statements by the time of the routes, of those that tell', () => {
  const route = (totalMs: number, queryTimeRatio: number | null) =>
    ({ totalMs, queryTimeRatio }) as OperationWire
  expect(queryTimeShare([route(900, 0.5), route(100, 1), route(5000, null)])).toBeCloseTo(0.55)
  expect(queryTimeShare([route(5000, null)])).toBeNull()
  expect(queryTimeShare([])).toBeNull()
})

it('knows a count from a duration', () => {
  expect(isTimed({ totalMs: 0, p95Ms: null })).toBe(false)
  expect(isTimed({ totalMs: 0, p95Ms: 0 })).toBe(true)
  expect(isTimed({ totalMs: 3, p95Ms: null })).toBe(true)
})
