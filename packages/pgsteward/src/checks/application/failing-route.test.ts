import { expect, test } from 'vitest'
import { NOBODY, readingOf, requestRow } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { failingRoute } from './failing-route.ts'

const judged = (request: object) => judge(failingRoute, { requests: readingOf([requestRow(request)]) })

const quiet = {
  'a route that answers': { errors: 0 },
  'four errors of a deployment': { errors: 4, count: 10 },
  'a share below a twentieth': { errors: 49, count: 1000 },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, request) => {
  expect(judged(request)).toEqual([])
})

test('is skipped where nobody reports', () => {
  expect(judge(failingRoute, { requests: NOBODY })).toHaveProperty('skip')
})

const finds = {
  'a warning from a twentieth': { request: { errors: 5, count: 100 }, severity: 'warning' },
  'a warning where all of a few fail': { request: { errors: 6, count: 6 }, severity: 'warning' },
  'critical where half of many fail': { request: { errors: 50, count: 100 }, severity: 'critical' },
}

test.each(Object.entries(finds))('finds %s', (_, { request, severity }) => {
  expect(judged(request)).toMatchObject([
    {
      subject: { kind: 'route', application: 'shop', name: 'GET /parcels' },
      severity,
      evidence: expect.arrayContaining([
        { label: 'failed', value: request.errors / request.count, unit: 'ratio' },
      ]),
    },
  ])
})
