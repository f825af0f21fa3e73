import { expect, test } from 'vitest'
import { designOf, tableOf } from './design-of-flags.ts'

test('a table is named with its schema, in quotes where a part holds a dot', () => {
  expect(tableOf('public.audit_log')).toEqual({ schema: 'public', name: 'audit_log' })
  expect(tableOf('Depot.Parcel Nö')).toEqual({ schema: 'Depot', name: 'Parcel Nö' })
  expect(tableOf('"a.b"."c""d"')).toEqual({ schema: 'a.b', name: 'c"d' })
  for (const text of [undefined, 'audit_log', 'a.b.c', '.b', 'a.', '"a.b'])
    expect(() => tableOf(text)).toThrow(/which table|names no table/)
})

test('a step is one of a time or one of a number', () => {
  const table = { schema: 'public', name: 'audit_log' }
  expect(designOf(table, { key: 'created_at', every: 'week' }).step).toEqual({ by: 'time', every: 'week' })
  expect(designOf(table, { key: 'id', size: '1000' }).step).toEqual({ by: 'number', size: 1000 })
  for (const flags of [
    { every: 'month' },
    { key: 'a' },
    { key: 'a', every: 'month', size: '1' },
    { key: 'a', every: 'moth' },
    { key: 'a', size: '0' },
    { key: 'a', size: '1e3' },
  ])
    expect(() => designOf(table, flags)).toThrow()
  expect(() => designOf(table, { key: 'a', every: 'moth' })).toThrow(/moth is not known/)
})
