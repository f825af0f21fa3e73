import { describe, expect, it } from 'vitest'
import { markedSpan, movedSpan, scaledSpan } from './zoom.ts'

const NOW = 100_000
const SPAN = { from: 10_000, to: 12_000 }

describe('scaledSpan', () => {
  it('goes wider and closer around the middle', () => {
    expect(scaledSpan(SPAN, 2, NOW)).toEqual({ from: 9_000, to: 13_000 })
    expect(scaledSpan(SPAN, 0.5, NOW)).toEqual({ from: 10_500, to: 11_500 })
  })

  it('never shows what has not been, and keeps the length', () => {
    expect(scaledSpan({ from: 98_000, to: 100_000 }, 2, NOW)).toEqual({ from: 96_000, to: 100_000 })
  })

  it('stops where there is nothing closer to be seen', () => {
    const { from, to } = scaledSpan({ from: 1000, to: 1040 }, 0.5, NOW)
    expect(to - from).toBe(30)
  })
})

it('moves by a share of its length, and not beyond now', () => {
  expect(movedSpan(SPAN, -0.5, NOW)).toEqual({ from: 9_000, to: 11_000 })
  expect(movedSpan({ from: 97_500, to: 99_500 }, 0.5, NOW)).toEqual({ from: 98_000, to: 100_000 })
})

it('takes a marked span either way round, and none that shows nothing', () => {
  expect(markedSpan(200.5, 100.5)).toEqual({ from: 100, to: 201 })
  expect(markedSpan(100, 110)).toBeNull()
})
