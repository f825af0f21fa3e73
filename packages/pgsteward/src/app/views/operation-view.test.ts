import { expect, test } from 'vitest'
import { slowQuery } from '../../../test/application/report.ts'
import { queryRow, requestRow } from '../../../test/application/rows.ts'
import { NOW } from '../../../test/judge.ts'
import { operationWire, slowQueryWire } from '../../model/wire.ts'
import { operationView, slowQueryView } from './operation-view.ts'

test('rates and means are over what was told', () => {
  const view = operationView(
    requestRow({ count: 50, errors: 5, totalMs: 1000, rows: 200, queryMs: 400 }),
    100,
  )
  expect(operationWire.parse(view)).toMatchObject({
    perSecond: 0.5,
    errorRatio: 0.1,
    meanMs: 20,
    rowsPerCall: 4,
    queryTimeRatio: 0.4,
  })
})

test('a statement has no share of its own time, and nothing divides by zero', () => {
  expect(operationView(queryRow({ count: 0, totalMs: 0, rows: 0 }), 0)).toMatchObject({
    perSecond: 0,
    errorRatio: 0,
    meanMs: 0,
    queryTimeRatio: null,
  })
})

test.each([
  [1999, 'warning'],
  [2000, 'critical'],
] as const)('a statement of %d ms is a %s (S3)', (durationMs, severity) => {
  const record = { ...slowQuery(NOW, { durationMs }), id: '7', application: 'shop' }
  const view = slowQueryView(record, ['42'])
  expect(slowQueryWire.strict().parse(view)).toMatchObject({ severity, queryIds: ['42'] })
})
