import type { OnCallShiftWire } from 'pgsteward/wire'
import { expect, test } from 'vitest'
import { becauseWords, levelWords, peopleWords, summaryWords, withinWords } from './on-call-words.ts'

const duty = (name: string, because = '') => ({ person: name, name, because, isReachable: true })
const shift = (over: Partial<OnCallShiftWire>): OnCallShiftWire => ({
  from: '2026-11-23T08:00:00Z',
  until: '2026-11-30T08:00:00Z',
  gap: null,
  rotation: 'all',
  primary: duty('Anna'),
  secondary: duty('Ben'),
  ...over,
})
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('who has the turn, or why nobody has', () => {
  expect(peopleWords(shift({}))).toBe('Anna, then Ben')
  expect(peopleWords(shift({ gap: 'closed', primary: null, secondary: null }))).toBe('Nobody: closed')
  expect(becauseWords(shift({}))).toBe('')
  expect(becauseWords(shift({ secondary: duty('Cem', 'stands in for Ben, who is away') }))).toBe(
    'Cem stands in for Ben, who is away',
  )
})

test('levels say whom they tell and when', () => {
  expect(plain(levelWords({ level: 'L1', afterMs: 0, names: ['Anna'] }, true))).toBe('L1: Anna, at once')
  expect(plain(levelWords({ level: 'L2', afterMs: 900_000, names: [] }, false))).toBe(
    'L2: nobody now, 15 min later',
  )
})

test('figures say nothing where there is nothing', () => {
  const none = { days: 30, aimMs: 900_000, counted: 0, withinAim: 0, unanswered: 0, medianMs: null }
  expect(withinWords(none)).toBe('–')
  expect(plain(withinWords({ ...none, counted: 8, withinAim: 7 }))).toBe('87.5 %')
  const summary = {
    firing: [],
    openFindings: { critical: 1, warning: 2 },
    happened: { opened: 3, resolved: 2, medianToAcknowledgeMs: null, notAcknowledgedInTime: 0 },
    silences: [],
  }
  expect(plain(summaryWords(summary))).toBe(
    '1 critical finding and 2 warnings are open. In the shift 3 alerts opened, 2 ended.',
  )
})
