// The configuration's sections on changes and on reviews after a launch: who decides and how, and when a launch is looked at.

import { z } from 'zod'
import type { BoardRules } from '../../govern/change/board-rules.ts'
import { RISKS } from '../../model/change-wire.ts'
import { duration } from '../../model/units.ts'

export const changesSchema = z
  .strictObject({
    board: z
      .array(z.string().min(1))
      .prefault([])
      .describe('Names of those who decide on changes. Empty: anybody but who asked for it.'),
    quorum: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe(
        'How many votes it takes, abstentions too. Default: more than half of the board, or one where there is none. Of a smaller number that may vote: all of them.',
      ),
    majority: z
      .enum(['simple', 'two-thirds', 'unanimous'])
      .prefault('simple')
      .describe('Of the votes for and against.'),
    ownVote: z
      .boolean()
      .prefault(false)
      .describe('Who asks for a change may vote on it. Default: four eyes.'),
    standard: z
      .array(
        z.strictObject({
          type: z.string().min(1).describe('As changes name it: create-index.'),
          upTo: z.enum(RISKS).prefault('low').describe('The highest risk of which it holds.'),
        }),
      )
      .prefault([])
      .describe('Changes that need no vote: approved beforehand, which is recorded.'),
  })
  .refine(({ board, quorum }) => quorum === undefined || board.length === 0 || quorum <= board.length, {
    path: ['quorum'],
    error: 'more than the board has members',
  })
export interface ChangesConfig extends z.output<typeof changesSchema> {}

export function boardRules({ quorum, ...rules }: ChangesConfig): BoardRules {
  return { ...rules, quorum: quorum ?? null }
}

const times = (most: number) => z.number().int().min(0).max(most)

export const reviewsSchema = z.strictObject({
  daily: times(60).prefault(7).describe('Days after a launch with a review each.'),
  weekly: times(52).prefault(4).describe('Weeks after those, alike.'),
  monthly: times(36).prefault(6).describe('Months after those, alike.'),
  onTimeWithin: duration()
    .prefault('1d')
    .describe('A review that is done so long after it fell due is on time.'),
  calendarToken: z
    .string()
    .min(16, 'at least 16 characters')
    .optional()
    .describe(
      'Opens the calendar feed of reviews and meetings beyond loopback (?token=...), and nothing else: calendar programs send no header.',
    ),
})
export interface ReviewsConfig extends z.output<typeof reviewsSchema> {}
