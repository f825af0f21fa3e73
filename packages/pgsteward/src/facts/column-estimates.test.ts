import { expect, test } from 'vitest'
import { storedColumn } from './column-estimates.ts'
import { oneHot } from './tuple-bytes.ts'

const column = { width: 20, varying: true, alignment: 4, nulls: null, remainders: null }

test('of a fixed width all is known', () => {
  expect(storedColumn({ ...column, varying: false, width: 12 })).toEqual({
    width: 12,
    alignment: 4,
    nullFraction: 0,
    remainders: oneHot(12),
  })
})

test('an unknown spread of lengths is any, and the average was cut', () => {
  const { width, alignment, remainders } = storedColumn(column)
  expect([width, alignment]).toEqual([20.5, 1])
  expect(remainders).toEqual(Array.from({ length: 8 }, () => 0.125))
})

test('values of one length keep it', () => {
  // a sample without its nulls adds up to less than 1
  expect(storedColumn({ ...column, remainders: oneHot(4).map((share) => share * 0.7) })).toMatchObject({
    width: 20,
    remainders: oneHot(4),
  })
})

test('long values are aligned', () => {
  expect(storedColumn({ ...column, width: 300 }).alignment).toBe(4)
})
