import { describe, expect, test } from 'vitest'
import { judgedApplication, metricRow, NOBODY, readingOf, requestRow } from '../../test/application/rows.ts'
import { ago, judge, NOW } from '../../test/judge.ts'
import { describeRule } from '../../test/rule-series.ts'
import type { Series } from '../model/fact.ts'
import type { RuleSpec } from './custom/rule-spec.ts'
import { customRule } from './custom-rule.ts'

const spec = (over: Partial<RuleSpec> = {}): RuleSpec => ({
  id: 'checkout-is-slow',
  title: 'Checkout is slow',
  area: 'availability',
  on: 'metric',
  name: 'checkout.total',
  of: 'p95',
  is: 'above',
  warning: 300,
  critical: 1_000,
  clear: null,
  leastVolume: 20,
  holdMs: 60_000,
  clearMs: 120_000,
  where: {},
  per: null,
  overMs: 600_000,
  ...over,
})

const metric = (over: Parameters<typeof metricRow>[0] = {}) => metricRow({ name: 'checkout.total', ...over })
const onMetrics = (rule: Partial<RuleSpec>, ...rows: ReturnType<typeof metricRow>[]) =>
  judge(customRule(spec(rule)), { operations: readingOf(rows) })
const subjects = (found: ReturnType<typeof judge>) =>
  'skip' in found ? found : found.map(({ subject }) => subject)

describe('of operations', () => {
  test('a named metric that matches is judged by application, all its rows together', () => {
    const found = onMetrics(
      {},
      metric({ p95Ms: 900, count: 60, labels: 'plan=team', errors: 2 }),
      metric({ p95Ms: 900, count: 60, labels: 'plan=free' }),
      metric({ p95Ms: 20, application: 'other', count: 60 }),
      metricRow({ name: 'checkout.totals', p95Ms: 5_000, count: 60 }),
    )
    expect(found).toMatchObject([
      {
        subject: { kind: 'metric', application: 'shop', name: 'checkout.total' },
        severity: 'warning',
        summary: 'Checkout is slow',
        evidence: expect.arrayContaining([
          { label: 'reported from', value: 300, unit: 'ms' },
          { label: 'counted', value: 120, unit: 'count' },
          { label: 'failed', value: 2, unit: 'count' },
          { label: 'mostly', value: 'checkout.total plan=team', unit: 'text' },
        ]),
      },
    ])
  })

  test('too few say nothing, and nobody who reports is no news', () => {
    expect(onMetrics({}, metric({ p95Ms: 5_000, count: 19 }))).toEqual([])
    expect(judge(customRule(spec()), { operations: NOBODY })).toHaveProperty('skip')
  })

  test('attributes of a metric choose what is judged, and tell findings apart', () => {
    const rows = [
      metric({ p95Ms: 900, labels: 'channel=sms country=New Zealand' }),
      metric({ p95Ms: 900, labels: 'channel=email country=Chile' }),
      metric({ p95Ms: 900, labels: null }),
    ]
    const named = (name: string) => ({ kind: 'metric', application: 'shop', name })
    expect(subjects(onMetrics({ per: ['application', 'channel'] }, ...rows))).toEqual([
      named('checkout.total, channel=sms'),
      named('checkout.total, channel=email'),
      named('checkout.total, channel='),
    ])
    expect(
      subjects(onMetrics({ where: { country: 'New *' }, per: ['application', 'country'] }, ...rows)),
    ).toEqual([named('checkout.total, country=New Zealand')])
    expect(subjects(onMetrics({ where: { application: 'other' } }, ...rows))).toEqual([])
  })

  test.each([
    ['errorRatio', 0.1, { errors: 10, count: 100 }],
    ['perMinute', 10, { count: 100 }],
    ['errorsPerMinute', 1, { errors: 10, count: 100 }],
    ['mean', 40, { count: 100, totalMs: 4_000 }],
    ['max', 700, { maxMs: 700 }],
  ] as const)('%s', (of, value, row) => {
    const found = onMetrics({ of, warning: 0, critical: null, leastVolume: 0 }, metric(row))
    expect(found).toMatchObject([{ evidence: expect.arrayContaining([expect.objectContaining({ value })]) }])
  })

  test('nothing counted is zero, of an application that is named and speaks', () => {
    const silence = { of: 'perMinute', is: 'below', warning: 1, critical: null, leastVolume: 0 } as const
    expect(onMetrics(silence)).toEqual([])
    expect(onMetrics({ ...silence, where: { application: 'shop' } })).toMatchObject([
      { evidence: [{ label: 'a minute', value: 0 }, ...Array(3).fill(expect.anything())] },
    ])
    const silent = readingOf([], { applications: [judgedApplication({ isSilent: true })] })
    const rule = customRule(spec({ ...silence, where: { application: 'shop' } }))
    expect(judge(rule, { operations: silent })).toEqual([])
  })

  test('requests by name are routes', () => {
    const rule = customRule(spec({ on: 'requests', name: 'GET /search*', per: ['application', 'name'] }))
    const operations = readingOf([
      requestRow({ name: 'GET /search/members', p95Ms: 900 }),
      requestRow({ name: 'GET /parcels', p95Ms: 900 }),
    ])
    expect(subjects(judge(rule, { operations }))).toEqual([
      { kind: 'route', application: 'shop', name: 'GET /search/members' },
    ])
  })
})

const series = (labels: Record<string, string>, ...values: number[]): Series => ({
  name: 'queue.depth',
  unit: 'count',
  labels,
  points: values.map((value, index) => [ago((values.length - index) * 60_000), value]),
})
const depth = (over: Partial<RuleSpec> = {}) =>
  spec({
    on: 'series',
    name: 'queue.depth',
    of: 'latest',
    warning: 100,
    critical: null,
    leastVolume: 0,
    ...over,
  })

describe('of series', () => {
  const given = [
    series({ application: 'shop', instance: 'a' }, 500, 120),
    series({ application: 'shop', instance: 'b' }, 10, 150),
    series({ application: 'jobs', instance: 'a' }, 500, 80),
  ]

  test('each by itself, or the worst of a group, in the unit of the series', () => {
    expect(subjects(judge(customRule(depth()), { series: given }))).toEqual([
      { kind: 'metric', application: 'shop', name: 'queue.depth, instance=a' },
      { kind: 'metric', application: 'shop', name: 'queue.depth, instance=b' },
    ])
    const together = judge(customRule(depth({ per: ['application'] })), { series: given })
    expect(together).toMatchObject([
      {
        subject: { kind: 'metric', application: 'shop', name: 'queue.depth' },
        evidence: expect.arrayContaining([
          { label: 'latest', value: 150, unit: 'count' },
          { label: 'series together', value: 2, unit: 'count' },
        ]),
      },
    ])
  })

  test('of the database they are of no application', () => {
    const size = { ...series({ key: 'public.parcel' }, 5e9), name: 'table.size', unit: 'bytes' as const }
    const rule = depth({ name: 'table.size', warning: 1e9 })
    expect(judge(customRule(rule), { series: [size] })).toMatchObject([
      {
        subject: { kind: 'series', name: 'table.size, key=public.parcel' },
        evidence: [
          { label: 'latest', value: 5e9, unit: 'bytes' },
          { label: 'reported from', value: 1e9, unit: 'bytes' },
          { label: 'within', value: 600_000, unit: 'ms' },
        ],
      },
    ])
  })

  test.each([
    ['latest', 120],
    ['mean', 310],
    ['max', 500],
    ['min', 120],
  ] as const)('%s', (of, value) => {
    expect(judge(customRule(depth({ of })), { series: [given[0]!] })).toMatchObject([
      { evidence: expect.arrayContaining([expect.objectContaining({ value })]) },
    ])
  })

  test('a series that is not there is no good news', () => {
    expect(judge(customRule(depth()), { series: [] })).toEqual({
      skip: 'no series queue.depth that matches has a value within 600 s',
    })
    expect(judge(customRule(depth({ where: { application: 'x' } })), { series: given })).toHaveProperty(
      'skip',
    )
  })
})

describe('against the same hour of the weeks before', () => {
  const below = { of: 'ofBaseline', is: 'below', warning: 0.8, critical: 0.5 } as const

  test('a count is judged by the median of the weeks, and not where it is tiny', () => {
    const rule = customRule(spec({ ...below, name: 'orders.paid' }))
    const reading = (latest: number, before: (number | null)[]) => ({
      weekly: {
        ...readingOf([{ application: 'shop', name: 'orders.paid', kind: 'count' as const, latest, before }]),
        hour: { from: ago(3_600_000), to: NOW },
      },
    })
    expect(judge(rule, reading(70, [100, 110, 90, 100]))).toMatchObject([
      {
        subject: { kind: 'metric', application: 'shop', name: 'orders.paid' },
        severity: 'warning',
        evidence: expect.arrayContaining([
          { label: 'of the usual', value: 0.7, unit: 'ratio' },
          { label: 'usual at this hour of the week', value: 100, unit: 'count' },
        ]),
      },
    ])
    expect(judge(rule, reading(2, [10, 10, 10, 10]))).toEqual([])
    expect(judge(rule, reading(2, [100, 100, null, null]))).toHaveProperty('skip')
  })

  test('a level is judged by its mean, whichever process told it', () => {
    const rule = customRule(depth({ ...below, per: ['application'] }))
    const week = (instance: string, value: number) => [series({ application: 'shop', instance }, value)]
    const weeks = (latest: number) => ({
      latest: week('z', latest),
      before: [week('z', 100), week('z', 100), week('z', 100)],
    })
    expect(judge(rule, { weeks: weeks(40) })).toMatchObject([{ severity: 'critical' }])
    expect(judge(rule, { weeks: weeks(100) })).toEqual([])
    expect(judge(rule, { weeks: { latest: week('z', 1), before: [] } })).toHaveProperty('skip')
  })
})

describeRule(customRule(spec()), {
  facts: (p95Ms) => ({ operations: readingOf([metric({ p95Ms, maxMs: p95Ms })]) }),
  fires: 400,
  worsens: 1_400,
  between: 285,
  calm: 200,
})

describeRule(customRule(depth({ id: 'queue-is-short', is: 'below', warning: 10, critical: 2 })), {
  facts: (value) => ({ series: [series({ application: 'shop' }, value)] }),
  fires: 10,
  worsens: 1,
  between: 10.5,
  calm: 12,
})
