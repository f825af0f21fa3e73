import { describe, expect, test } from 'vitest'
import { incident, session } from '../../../test/activity/rows.ts'
import { ago, judge } from '../../../test/judge.ts'
import type { BlockingIncident } from '../../model/activity.ts'
import { blockingIncident } from './blocking-incident.ts'

const findings = (incidents: readonly BlockingIncident[], options = {}) =>
  judge(blockingIncident, { incidents }, { options })

const three = (over: Partial<BlockingIncident> = {}) =>
  [1, 2, 3].map((each) => incident({ id: String(each), startedAt: ago(each * 60_000), ...over }))

describe('quiet', () => {
  test.each([
    ['without incidents', []],
    ['for two', three().slice(1)],
    ['for three that cost nobody much', three({ lostMs: 5_000 })],
    [
      'for three of different statements',
      three().map((each, n) => ({ ...each, root: session({ queryId: `${n}` }) })),
    ],
    ['for those of another database', three({ root: session({ database: 'other' }) })],
  ])('%s', (_, incidents) => expect(findings(incidents)).toEqual([]))
})

describe('finds', () => {
  test('three of one statement, with both sides and where they come from', () => {
    expect(findings(three())).toMatchObject([
      {
        subject: { kind: 'query', database: 'app', queryId: '-77' },
        severity: 'info',
        summary: expect.stringContaining('does nothing'),
        evidence: expect.arrayContaining([
          { label: 'incidents within an hour', value: 3, unit: 'count' },
          { label: 'time lost to waiting', value: 36_000, unit: 'ms' },
          { label: 'last began before', value: 60_000, unit: 'ms' },
          { label: 'waiting for', value: 'transactionid ShareLock on public.parcel', unit: 'text' },
          { label: 'blocker sent by', value: 'src/import.ts:9', unit: 'text' },
          { label: 'waiting statement', value: 'update parcel set weight = ?', unit: 'text' },
          { label: 'waiting sent by', value: 'GET /parcels', unit: 'text' },
        ]),
      },
    ])
  })

  test('a single one that cost much, as a warning, also when it is over', () => {
    expect(findings([incident({ lostMs: 400_000, endedAt: ago(10_000) })])).toMatchObject([
      { severity: 'warning' },
    ])
  })

  test('a root without a query id by its application', () => {
    expect(findings(three({ root: session({ queryId: null, state: 'active' }) }))).toMatchObject([
      {
        subject: { kind: 'application', name: 'web' },
        summary: expect.stringContaining('one kind of transaction'),
      },
    ])
  })

  test("from limits of one's own", () => {
    expect(findings(three().slice(1), { minIncidents: 2, minLost: '10s', warnLost: '20s' })).toMatchObject([
      { severity: 'warning' },
    ])
  })
})
