import { describe, expect, test } from 'vitest'
import { group } from '../../../test/activity/rows.ts'
import { ago, judge } from '../../../test/judge.ts'
import type { ActivityGroup, ActivityPoint } from '../../model/activity.ts'
import { waitDominates } from './wait-dominates.ts'

const MINUTE = 60_000
const lock = (sessions: number, over: Partial<ActivityGroup> = {}) =>
  group({ waitType: 'Lock', waitEvent: 'transactionid', sessions, ...over })
const point = (
  minutesAgo: number,
  sessions: readonly (readonly [string | null, number])[],
): ActivityPoint => ({
  at: ago(minutesAgo * MINUTE),
  seconds: 300,
  sessions: new Map(sessions),
})

const findings = (
  groups: readonly ActivityGroup[],
  { seconds = 900, history = [] as readonly ActivityPoint[], options = {} } = {},
) =>
  judge(
    waitDominates,
    { activity: { seconds, groups, history, texts: new Map([['7', "update parcel set note = 'x'"]]) } },
    { options },
  )

describe('quiet', () => {
  test.each([
    ['without activity', []],
    ['on the processor', [group({ sessions: 9_000 })]],
    ['for a wait that is less than half', [lock(1_000), group({ sessions: 1_100 })]],
    ['for less than a session', [lock(800)]],
    [
      'for clients that take their time',
      [group({ waitType: 'Client', waitEvent: 'ClientRead', sessions: 9_000 })],
    ],
    ['for pauses', [group({ waitType: 'Timeout', waitEvent: 'PgSleep', sessions: 9_000 })]],
  ])('%s', (_, groups) => expect(findings(groups)).toEqual([]))

  test('a short time of samples is skipped', () => {
    expect(findings([lock(9_000)], { seconds: 200 })).toMatchObject({ skip: expect.any(String) })
  })
})

describe('finds', () => {
  test('the class, its heaviest event, the statements, since when, and what helps', () => {
    const history = [
      point(20, [[null, 3]]),
      point(15, [
        ['Lock', 2],
        [null, 1],
      ]),
      point(10, [['Lock', 2]]),
      point(5, [['Lock', 3]]),
    ]
    const groups = [lock(1_500), lock(300, { waitEvent: 'tuple', queryId: '8' }), group({ sessions: 600 })]
    expect(findings(groups, { history })).toMatchObject([
      {
        subject: { kind: 'server' },
        severity: 'info',
        summary: expect.stringContaining('Lock:transactionid'),
        evidence: expect.arrayContaining([
          { label: 'sessions that wait so', value: 2, unit: 'count' },
          { label: 'share of all activity', value: 0.75, unit: 'ratio' },
          { label: 'so for at least', value: 15 * MINUTE, unit: 'ms' },
          { label: 'by statement', value: "83 %, query 7: update parcel set note = '?'", unit: 'text' },
          { label: 'by statement', value: '17 %, query 8', unit: 'text' },
          { label: 'what helps', value: expect.stringContaining('Shorten'), unit: 'text' },
        ]),
      },
    ])
  })

  test('four and more at once as a warning', () => {
    expect(findings([lock(3_600)])).toMatchObject([{ severity: 'warning' }])
  })

  test('a wait that this pgsteward does not know', () => {
    expect(findings([group({ waitType: 'New', waitEvent: 'Thing', sessions: 9_000 })])).toMatchObject([
      { summary: expect.stringContaining('New:Thing') },
    ])
  })
})
