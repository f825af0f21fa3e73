import { expect, it } from 'vitest'
import { placeInterval } from './interval.ts'

it('no change lies in the middle, double at the end, half at the begin', () => {
  expect(placeInterval(1, 0.5, 2)).toEqual({
    from: 0,
    to: 100,
    at: 50,
    none: 50,
    isCutLeft: false,
    isCutRight: false,
  })
})

it('what reaches further is cut, and says so', () => {
  expect(placeInterval(3, 1, 9)).toMatchObject({
    from: 50,
    to: 100,
    at: 100,
    isCutLeft: false,
    isCutRight: true,
  })
  expect(placeInterval(0.1, 0, 1)).toMatchObject({ from: 0, to: 50, at: 0, isCutLeft: true })
})

it('an unknown bound reaches to the end, an unknown ratio is nothing', () => {
  expect(placeInterval(1.2, null, null)).toMatchObject({
    from: 0,
    to: 100,
    isCutLeft: true,
    isCutRight: true,
  })
  expect(placeInterval(null, 0.9, 1.1)).toBe(null)
})
