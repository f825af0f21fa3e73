import { expect, test } from 'vitest'
import type { DueReviewWire, LaunchReviewDetailWire } from '../model/review-wire.ts'
import { paint } from './paint.ts'
import { launchLines } from './render-launch.ts'

const launch = (state: 'open' | 'closed', ...reviews: readonly DueReviewWire['state'][]) =>
  ({
    name: 'REV-2',
    state,
    title: 'Checkout',
    version: '7.2',
    launchedAt: '2026-11-01T10:00:00.000Z',
    baseline: null,
    actions: [],
    completion: { due: 0, reviewed: 0, onTime: 0, overdue: 0, onTimeRatio: null },
    reviews: reviews.map((each, at) => ({
      number: at + 1,
      state: each,
      due: `2026-11-0${at + 2}T10:00:00.000Z`,
      reviewedBy: null,
      metrics: null,
      worse: [],
      note: '',
    })),
  }) as unknown as LaunchReviewDetailWire
const lastOf = (told: LaunchReviewDetailWire) => launchLines(told, paint(false)).trimEnd().split('\n').at(-1)

test('a launch ends with what can be done now', () => {
  expect(lastOf(launch('open', 'done late', 'overdue', 'to come'))).toContain('launch review REV-2 --note')
  expect(lastOf(launch('open', 'done on time', 'to come'))).toBe('None is due before 2026-11-03 10:00 UTC.')
  expect(lastOf(launch('open', 'done on time'))).toContain('launch close REV-2')
  expect(lastOf(launch('closed', 'overdue'))).not.toContain('pgsteward')
})
