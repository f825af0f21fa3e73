import { expect, test } from 'vitest'
import { NOBODY, queryRow, readingOf, repeatRow, requestRow } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { chattyRoute } from './chatty-route.ts'

const judged = (request: object, repeats: readonly object[] = []) =>
  judge(chattyRoute, {
    requests: readingOf([requestRow(request)]),
    repeats: readingOf(repeats.map((row) => repeatRow(row))),
    queries: readingOf([queryRow()]),
  })

const quiet = {
  'thirty statements a request': { rows: 3000 },
  'an import that ran a few times': { rows: 19 * 500, count: 19 },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, request) => {
  expect(judged(request)).toEqual([])
})

test('leaves a statement that repeats to repeated-statement', () => {
  expect(judged({ rows: 5000 }, [{ requests: 100, repetitions: 3000 }])).toEqual([])
  expect(judged({ rows: 5000 }, [{ requests: 100, repetitions: 1000 }])).toHaveLength(1)
  expect(judged({ rows: 5000 }, [{ repetitions: 3000, route: 'GET /other' }])).toHaveLength(1)
})

test('is skipped where nobody reports', () => {
  expect(judge(chattyRoute, { requests: NOBODY, repeats: NOBODY, queries: NOBODY })).toHaveProperty('skip')
})

const finds = {
  'a note where they are quick': {
    request: { rows: 4000, totalMs: 10_000, queryMs: 4_000 },
    severity: 'info',
  },
  'a warning where the request waits for them': {
    request: { rows: 4000, totalMs: 10_000, queryMs: 6_000 },
    severity: 'warning',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { request, severity }) => {
  expect(judged(request)).toMatchObject([
    {
      subject: { kind: 'route', application: 'shop', name: 'GET /parcels' },
      severity,
      evidence: expect.arrayContaining([{ label: 'statements a request', value: 40, unit: 'count' }]),
    },
  ])
})
