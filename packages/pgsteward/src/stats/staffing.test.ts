import { expect, test } from 'vitest'
import { staffed, waitingShare } from './staffing.ts'

test('Erlang C is that of published tables', () => {
  // two servers with one at work: a third waits; ten with eight: 41 % (Gross and Harris)
  expect(waitingShare(1, 2)).toBeCloseTo(1 / 3, 6)
  expect(waitingShare(8, 10)).toBeCloseTo(0.409, 3)
  expect(waitingShare(3, 3)).toBe(1)
})

test('few wait at any size, and not much more is kept than that needs', () => {
  for (const offered of [1, 4, 10, 37, 100, 400, 2_000]) {
    expect(waitingShare(offered, staffed(offered))).toBeLessThan(0.1)
    expect(waitingShare(offered, staffed(offered) - 1 - Math.ceil(Math.sqrt(offered)))).toBeGreaterThan(0.1)
  }
  expect(waitingShare(400, staffed(400))).toBeLessThan(0.04)
})

test('ten times the load needs less than ten times the connections, and nothing needs one', () => {
  expect(staffed(40)).toBe(53)
  expect(staffed(400)).toBe(440)
  expect(staffed(0)).toBe(1)
})
