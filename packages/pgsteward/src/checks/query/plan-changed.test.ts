import { expect, test } from 'vitest'
import { ago, intervalOf, judge } from '../../../test/judge.ts'
import { statementRow, statementTextRow, tableRow } from '../../../test/rows.ts'
import type { PlanChange, StatementPlan } from '../../model/plan.ts'
import type { PlanNode } from '../../model/what-if.ts'
import { planChanged } from './plan-changed.ts'

const plan = (node: Partial<PlanNode>, over: Partial<StatementPlan> = {}) =>
  ({
    source: 'generic',
    text: 'select * from parcel where weight = $1',
    plan: { 'Node Type': 'Seq Scan', 'Relation Name': 'parcel', ...node },
    ...over,
  }) as StatementPlan
const byIndex = plan({ 'Node Type': 'Index Scan', 'Index Name': 'parcel_weight' })
const scanned = plan({})

const change = (over: Partial<PlanChange> = {}): PlanChange => ({
  queryId: '1',
  fingerprint: 'f',
  database: 'app',
  at: ago(600_000),
  notBefore: ago(900_000),
  from: byIndex,
  to: scanned,
  difference: 'Index Scan on parcel: Node Type "Seq Scan", not "Index Scan"',
  flips: 1,
  meanMsBefore: 2,
  meanMsAfter: 40,
  callsPerMinuteBefore: 60,
  callsPerMinuteAfter: 60,
  events: [],
  ...over,
})
const facts = (changes: readonly PlanChange[], tables = [tableRow()]) => ({
  planChanges: changes,
  statements: intervalOf([statementRow()]),
  statementTexts: [statementTextRow('select * from parcel where weight = $1')],
  tables,
})

const quiet = {
  'a change that made it no slower': [change({ meanMsAfter: 3.9 })],
  'one that made it faster': [change({ meanMsBefore: 40, meanMsAfter: 2 })],
  'too little time to matter': [change({ meanMsBefore: 0.1, meanMsAfter: 1 })],
  'no calls before': [change({ meanMsBefore: null })],
  'no calls since': [change({ meanMsAfter: null })],
  'a statement of another database': [change({ database: 'other' })],
  'one that no longer runs': [change({ callsPerMinuteAfter: 0, meanMsAfter: null })],
  'one that a later change mended': [
    change(),
    change({ at: ago(60_000), from: scanned, to: byIndex, meanMsBefore: 40, meanMsAfter: 2 }),
  ],
}
test.each(Object.entries(quiet))('is quiet on %s', (_, changes) => {
  expect(judge(planChanged, facts(changes))).toEqual([])
})

test('finds a statement that takes twice as long, with both figures, what differs and what happened before', () => {
  const events = [
    { at: ago(1_000_000), kind: 'statistics' as const, subject: 'public.parcel', detail: 'analyzed, 5 rows' },
  ]
  expect(judge(planChanged, facts([change({ events, flips: 3 })]))).toMatchObject([
    {
      subject: { kind: 'query', database: 'app', queryId: '1' },
      severity: 'warning',
      summary: 'A statement takes 20 times as long since its plan changed',
      evidence: expect.arrayContaining([
        { label: 'mean time before', value: 2, unit: 'ms' },
        { label: 'mean time since', value: 40, unit: 'ms' },
        { label: "share of the server's statement time", value: 1, unit: 'ratio' },
        { label: 'changes to and fro', value: 3, unit: 'count' },
        {
          label: 'what happened before',
          value: 'statistics: public.parcel, analyzed, 5 rows',
          unit: 'text',
        },
      ]),
    },
  ])
  expect(judge(planChanged, facts([change()]))).not.toHaveProperty('0.remedy')
})

test('is critical from ten times and half a session on', () => {
  expect(judge(planChanged, facts([change({ callsPerMinuteAfter: 1_000 })]))).toMatchObject([
    { severity: 'critical' },
  ])
  expect(judge(planChanged, facts([change({ callsPerMinuteAfter: 3_000, meanMsAfter: 19 })]))).toMatchObject([
    { severity: 'warning' },
  ])
})

test('of several sources tells the worst, once', () => {
  const logged = change({ to: plan({}, { source: 'auto_explain' }), meanMsAfter: 90 })
  expect(judge(planChanged, facts([change(), logged]))).toMatchObject([
    { summary: expect.stringContaining('45 times') },
  ])
})

test('statistics that are out of date are named and mended', () => {
  const stale = tableRow({ modifiedSinceAnalyze: 900_000, lastAnalyzeAt: ago(40 * 86_400_000) })
  expect(judge(planChanged, facts([change()], [stale, tableRow({ name: 'other' })]))).toMatchObject([
    {
      summary: expect.stringContaining('the statistics of parcel are out of date'),
      evidence: expect.arrayContaining([
        {
          label: 'statistics of parcel',
          value: 'analyzed 40 days ago, 900,000 of 1,000,000 rows changed since',
          unit: 'text',
        },
      ]),
      remedy: { sql: ['analyze public.parcel'], undo: null, lock: 'share update exclusive' },
    },
  ])
})

test('an index that the old plan used and that is gone comes back', () => {
  const dropped = (name: string) => ({
    at: ago(1_000_000),
    kind: 'schema' as const,
    subject: 'shop.parcel',
    detail: `index ${name} dropped: CREATE UNIQUE INDEX ${name} ON shop.parcel USING btree (weight)`,
  })
  expect(judge(planChanged, facts([change({ events: [dropped('parcel_weight')] })]))).toMatchObject([
    {
      summary: expect.stringContaining(': index parcel_weight was dropped'),
      remedy: {
        sql: ['create UNIQUE index concurrently parcel_weight ON shop.parcel USING btree (weight)'],
        undo: ['drop index concurrently shop.parcel_weight'],
      },
    },
  ])
  expect(judge(planChanged, facts([change({ events: [dropped('unrelated')] })]))).not.toHaveProperty(
    '0.remedy',
  )
})
