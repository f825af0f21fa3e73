import { expect, test } from 'vitest'
import { oneHot, type StoredColumn, splitByNulls, tupleBytes } from './tuple-bytes.ts'

const fixed = (width: number, over: Partial<StoredColumn> = {}): StoredColumn => ({
  width,
  alignment: width,
  nullFraction: 0,
  remainders: oneHot(width),
  ...over,
})
/** Short texts of any length. */
const text = (width: number, over: Partial<StoredColumn> = {}): StoredColumn => ({
  ...fixed(width, { alignment: 1 }),
  remainders: Array.from({ length: 8 }, () => 1 / 8),
  ...over,
})

test('pads between columns, and to 8 at the end', () => {
  expect(tupleBytes(23, [fixed(4), fixed(8), fixed(2)])).toEqual({
    bytes: 24 + 4 + 4 + 8 + 2 + 6,
    isExact: true,
  })
  expect(tupleBytes(8, [fixed(4)])).toEqual({ bytes: 16, isExact: true })
})

test('a short text is not aligned, what follows it is', () => {
  expect(tupleBytes(8, [text(5, { remainders: oneHot(5) }), fixed(4)])).toEqual({ bytes: 24, isExact: true })
})

test('lengths that differ cost the mean of the paddings', () => {
  expect(tupleBytes(8, [text(20)])).toEqual({ bytes: 8 + 20 + 3.5, isExact: false })
  const twoLengths = text(14, { remainders: oneHot(12).map((share, n) => share / 2 + oneHot(16)[n]! / 2) })
  expect(tupleBytes(8, [twoLengths]).bytes).toBe((24 + 24) / 2)
})

test('a null takes no room and moves what follows', () => {
  const half = fixed(4, { nullFraction: 0.5 })
  expect(tupleBytes(24, [half, fixed(4)]).bytes).toBe(24 + 8)
  expect(tupleBytes(24, [half, fixed(8)]).bytes).toBe((24 + 16 + 24 + 8) / 2)
  expect(tupleBytes(24, [fixed(8, { nullFraction: 1 })])).toEqual({ bytes: 24, isExact: true })
})

test('rows with a null are told from those without', () => {
  const { withNull, nullable, full } = splitByNulls([
    fixed(8, { nullFraction: 0.2 }),
    fixed(4, { nullFraction: 0.5 }),
  ])
  expect(withNull).toBeCloseTo(0.6)
  // of the rows with a null, a third lacks the first and five of six the second
  expect(nullable.map(({ nullFraction }) => nullFraction)).toEqual([
    expect.closeTo(1 / 3),
    expect.closeTo(5 / 6),
  ])
  expect(full.map(({ nullFraction }) => nullFraction)).toEqual([0, 0])
})
