import { expect, test } from 'vitest'
import { operation, report } from '../../../test/store/application-report.ts'
import { prometheusText } from '../../export/prometheus-text.ts'
import { databases } from '../../facts/databases.ts'
import type { ApplicationReport } from '../../model/application.ts'
import type { Snapshot } from '../../model/fact.ts'
import { RunningCounters } from './running-counters.ts'

const START = new Date('2026-03-01T10:00:00Z')
const after = (seconds: number) => new Date(START.getTime() + seconds * 1000)
const counting = () => new RunningCounters(START, (id) => ({ target: id }))

function snapshot(readAtSeconds: number, commits: number): Snapshot {
  const window = { from: after(readAtSeconds - 60), to: after(readAtSeconds) }
  const latest = { window, seconds: 60, rows: [{ database: 'shop', commits, deadlocks: 0 }], breaks: [] }
  const reading = {
    status: 'interval',
    interval: latest,
    latest,
    at: after(readAtSeconds),
    tookMs: 1,
  } as const
  return {
    targetId: 'shop',
    takenAt: after(readAtSeconds),
    readings: new Map([[databases.id, reading]]),
    refreshed: new Set([databases.id]),
  } as unknown as Snapshot
}

function readSeries(counters: RunningCounters, series: string): number | null {
  const line = prometheusText(counters.families())
    .split('\n')
    .find((each) => each.startsWith(`${series} `))
  return line === undefined ? null : Number(line.slice(series.length + 1))
}

const routes = (names: readonly string[], over = {}): ApplicationReport =>
  report({
    operations: names.map((name) => operation([40], { kind: 'request', name, route: null, ...over })),
  })

test('increases between readings add up, and a reading that is carried over counts once (X1)', () => {
  const counters = counting()
  const series = 'pgsteward_database_commits_total{target="shop",database="shop"}'
  counters.noticeSnapshot(snapshot(60, 10))
  counters.noticeSnapshot(snapshot(60, 10))
  expect(readSeries(counters, series)).toBe(10)
  counters.noticeSnapshot(snapshot(120, 5))
  expect(readSeries(counters, series)).toBe(15)
})

test('a series is there before its first increase', () => {
  const counters = counting()
  counters.noticeSnapshot(snapshot(60, 10))
  expect(readSeries(counters, 'pgsteward_database_deadlocks_total{target="shop",database="shop"}')).toBe(0)
})

test('requests are a histogram by route whose buckets sum up', () => {
  const counters = counting()
  const durations = [4, 40, 40, 800, 20_000]
  const of = operation(durations, { kind: 'request', name: 'GET /a', route: null, errors: 2 })
  counters.noticeReport('shop', report({ operations: [of] }))
  const labels = 'target="shop",application="messaging",route="GET /a"'
  const bucket = (le: string) =>
    readSeries(counters, `pgsteward_application_request_duration_seconds_bucket{${labels},le="${le}"}`)
  expect(['0.005', '0.05', '1', '10', '+Inf'].map(bucket)).toEqual([1, 3, 4, 4, 5])
  expect(readSeries(counters, `pgsteward_application_request_duration_seconds_count{${labels}}`)).toBe(5)
  expect(readSeries(counters, `pgsteward_application_request_duration_seconds_sum{${labels}}`)).toBeCloseTo(
    20.884,
  )
  expect(readSeries(counters, `pgsteward_application_request_errors_total{${labels}}`)).toBe(2)
})

test('routes beyond the bound are one series, and those that came first keep theirs, so that none ever falls', () => {
  const counters = counting()
  counters.noticeReport('shop', routes(Array.from({ length: 150 }, (_, index) => `GET /${index}`)))
  counters.noticeReport('shop', routes(['GET /149', 'GET /3']))
  const requests = (route: string) =>
    readSeries(
      counters,
      `pgsteward_application_request_duration_seconds_count{target="shop",application="messaging",route="${route}"}`,
    )
  expect([requests('GET /3'), requests('GET /149'), requests('other')]).toEqual([2, null, 51])
})

test('deliveries and charges are told by channel, outcome and currency', () => {
  const counters = counting()
  const count = (name: string, labels: string, count: number) =>
    operation([], { kind: 'metric', name, labels, count, histogram: null })
  counters.noticeReport(
    'shop',
    report({
      operations: [
        count('message.delivered', 'channel=sms', 40),
        count('message.undelivered', 'channel=sms', 2),
        count('billing.charges', 'currency=EUR outcome=succeeded', 7),
        count('billing.amount', 'currency=EUR outcome=succeeded', 12_345),
        count('invites', 'kind=a', 3),
      ],
    }),
  )
  const own = 'target="shop",application="messaging"'
  expect(
    [
      `pgsteward_application_deliveries_total{${own},channel="sms",outcome="delivered"}`,
      `pgsteward_application_deliveries_total{${own},channel="sms",outcome="undelivered"}`,
      `pgsteward_application_charges_total{${own},outcome="succeeded",currency="EUR"}`,
      `pgsteward_application_charged_minor_units_total{${own},outcome="succeeded",currency="EUR"}`,
      `pgsteward_application_named_total{${own},name="invites"}`,
    ].map((series) => readSeries(counters, series)),
  ).toEqual([40, 2, 7, 12_345, 3])
})
