import { expect, test } from 'vitest'
import { drainedOf, durationOf, endpoint, identityOf, queryOf } from '../../test/drained-of.ts'
import { slowQueryReportText } from './print-slow-query-report.ts'
import { ReportHistory } from './report-history.ts'
import { slowQueryReport } from './slow-query-report.ts'

const thresholds = { slowQueryMs: 500, verySlowQueryMs: 2000, repeatsFrom: 10 }
const report = (history: ReportHistory) => slowQueryReport(history, thresholds, 1_700_000_060_000)

function filled(): ReportHistory {
  const history = new ReportHistory(1_700_000_000_000)
  history.add(
    drainedOf({
      queries: [
        queryOf({ duration: durationOf(100, 3) }),
        queryOf({ model: null, action: null, summary: 'BEGIN' }),
      ],
      slowQueries: [
        {
          ...identityOf(),
          at: 1_700_000_001_000,
          durationMs: 2500,
          waitedForPoolMs: 0,
          severity: 'critical',
          rows: 1,
          sqlState: null,
          parameters: ['7'],
          traceId: null,
          spanId: null,
        },
      ],
      repeats: [{ ...identityOf(), at: 1_700_000_001_000, repetitions: 40, totalMs: 60, traceId: null }],
      pools: [
        {
          name: 'main',
          endpoint,
          max: 10,
          total: 4,
          idle: 1,
          waiting: 2,
          wait: durationOf(1),
          oldestCheckoutMs: 61_000,
          oldestCheckoutBy: { file: 'src/report.ts', line: 8, function: null },
        },
      ],
      dropped: { statements: 2 },
    }),
  )
  history.add(drainedOf({ queries: [queryOf({ duration: durationOf(200, 1), errors: 1 })], pools: [] }))
  return history
}

test('sums drains up: statements, models and actions, repeats, slowest, thresholds (I4)', () => {
  const { statements, models, repeated, slowQueries, dropped, since } = report(filled())
  expect(since).toBe('2023-11-14T22:13:20.000Z')
  expect(statements[0]).toMatchObject({
    model: 'Member',
    count: 4,
    totalMs: 500,
    meanMs: 125,
    maxMs: 200,
    errors: 1,
  })
  expect(statements[0]!.p95Ms / 200).toBeCloseTo(1, 1)
  expect(models).toEqual([
    { model: 'Member', action: 'findUnique', count: 4, totalMs: 500, maxMs: 200, errors: 1 },
  ])
  expect(repeated).toMatchObject([{ requests: 1, repetitions: 40 }])
  expect(slowQueries).toMatchObject([{ durationMs: 2500, parameters: ['7'] }])
  expect(dropped).toEqual({ statements: 2 })
})

test('stays small however much there is: the heaviest are kept (I7)', () => {
  const history = new ReportHistory(0)
  for (let drain = 0; drain < 20; drain++)
    history.add(
      drainedOf({
        queries: Array.from({ length: 500 }, (_, i) =>
          queryOf({
            fingerprint: `${drain} ${i}`,
            model: `M${drain} ${i}`,
            duration: durationOf(i === 7 ? 10_000 + drain : 1),
          }),
        ),
      }),
    )
  const { statements, models } = report(history)
  expect(statements.length).toBe(50)
  expect(models.length).toBe(100)
  expect(statements.slice(0, 20).map(({ totalMs }) => totalMs)).toEqual(
    Array.from({ length: 20 }, (_, i) => 10_019 - i),
  )
})

test('reads as text: every section, places as file:line, nothing where there is nothing (I4)', () => {
  const text = slowQueryReportText(report(filled()))
  expect(text).toContain('slow from 500 ms, very slow from 2000 ms')
  expect(text).toMatch(
    /2500 +critical +Member\.findUnique +src\/members\.ts:12 +GET \/members\/:id +select \* from member/,
  )
  expect(text).toMatch(/500 +4 +125 +\d+ +200 +1 +Member\.findUnique/)
  expect(text).toContain('Repeated in one request (N+1, from 10 times)')
  expect(text).toContain('Kept out by a bound: 2 statements')
  const empty = slowQueryReportText(report(new ReportHistory(0)))
  expect(empty).toContain('Slowest: none over the threshold')
  expect(empty).toContain('Pools: none seen')
})
