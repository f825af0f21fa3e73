import { describe, expect, it } from 'vitest'
import { parseRange, spanOf, spanParams } from './time-range.ts'

const read = (query: string) => parseRange(new URLSearchParams(query))

describe('parseRange', () => {
  it.each([
    ['', '1h'],
    ['range=6h', '6h'],
    ['range=banana', '1h'],
    ['range=24h&from=5', '24h'],
    ['from=200&to=100', '1h'],
    ['from=x&to=y', '1h'],
  ])('reads "%s" as the last %s', (query, id) => {
    expect(read(query)).toMatchObject({ kind: 'relative', id })
  })

  it('reads a brushed span in whole seconds', () => {
    expect(read('from=100.7&to=200.2&range=1h')).toEqual({ kind: 'fixed', from: 100, to: 201 })
  })
})

it('moves a relative range with the clock and leaves a brushed one', () => {
  const now = new Date(10_000_000)
  expect(spanOf(read('range=15m'), now)).toEqual({ from: 9100, to: 10_000 })
  expect(spanOf(read('from=100&to=200'), now)).toEqual({ from: 100, to: 200 })
})

it('asks the server in ISO 8601', () => {
  expect(spanParams({ from: 0, to: 60 })).toEqual({
    from: '1970-01-01T00:00:00.000Z',
    to: '1970-01-01T00:01:00.000Z',
  })
})
