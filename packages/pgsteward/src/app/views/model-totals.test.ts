import { expect, test } from 'vitest'
import { queryRow } from '../../../test/application/rows.ts'
import { ago } from '../../../test/judge.ts'
import { modelTotals } from './model-totals.ts'

test('statements of one model and action are one row, the heaviest first', () => {
  const totals = modelTotals([
    queryRow({ count: 10, totalMs: 100, maxMs: 30, errors: 1, rows: 10, lastAt: ago(9_000) }),
    queryRow({ count: 5, totalMs: 50, maxMs: 90, rows: 20, route: 'GET /other', caller: 'src/other.ts:1' }),
    queryRow({ action: 'create', count: 1, totalMs: 900 }),
  ])
  expect(totals).toMatchObject([
    { model: 'Parcel', action: 'create', totalMs: 900 },
    { model: 'Parcel', action: 'findMany', count: 15, totalMs: 150, maxMs: 90, errors: 1, rows: 30 },
  ])
  expect(totals[1]!.lastAt).toEqual(ago(5_000))
})

test('percentiles of several parts are not made up; those of a single one stay', () => {
  const [single] = modelTotals([queryRow({ p95Ms: 20 })])
  expect(single).toMatchObject({ p95Ms: 20, route: null, caller: null })
  const [several] = modelTotals([queryRow({ p95Ms: 20 }), queryRow({ p95Ms: 400 })])
  expect(several).toMatchObject({ p50Ms: null, p95Ms: null, p99Ms: null })
})

test('without a model the summary names the row', () => {
  const plain = { model: null, action: null }
  const totals = modelTotals([
    queryRow({ ...plain, fingerprint: 'a' }),
    queryRow({ ...plain, fingerprint: 'b' }),
    queryRow({ ...plain, name: 'UPDATE parcel' }),
  ])
  expect(totals.map((each) => [each.name, each.count])).toEqual([
    ['SELECT parcel', 200],
    ['UPDATE parcel', 100],
  ])
})
