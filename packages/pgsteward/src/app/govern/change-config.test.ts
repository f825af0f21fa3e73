import { expect, test } from 'vitest'
import { boardRules, changesSchema, reviewsSchema } from './change-config.ts'

test('without a word anybody but who asked decides, and a launch is reviewed as G5 says', () => {
  expect(boardRules(changesSchema.parse({}))).toEqual({
    board: [],
    quorum: null,
    majority: 'simple',
    ownVote: false,
    standard: [],
  })
  expect(reviewsSchema.parse({})).toEqual({ daily: 7, weekly: 4, monthly: 6, onTimeWithin: 86_400_000 })
})

test('a quorum that the board cannot reach is refused', () => {
  expect(changesSchema.safeParse({ board: ['ada'], quorum: 2 }).error?.issues[0]).toMatchObject({
    path: ['quorum'],
    message: 'more than the board has members',
  })
  expect(changesSchema.safeParse({ quorum: 2 }).success).toBe(true)
})
