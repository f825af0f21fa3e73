import { expect, test } from 'vitest'
import { madeLaunch, madeRecord } from '../../../test/reports/made-records.ts'
import { reviewCalendar } from './review-calendar.ts'

const DAY_MS = 86_400_000
const NOW = new Date('2026-11-23T12:00:00Z')
const day = (days: number) => new Date(NOW.getTime() + days * DAY_MS)
const records = [
  madeLaunch(1, 'shop', day(-40), [day(-39), day(-2), day(5), day(150)]),
  madeLaunch(2, 'archive', day(-1), [day(1)]),
  madeLaunch(3, 'shop', day(-1), [day(1)], [day(-0.5), 'closed', { note: 'taken back' }]),
  madeRecord('meeting', 1, null, [
    [day(-3), 'opened', { title: 'Board; budget, too', meetsAt: day(2).toISOString(), place: 'Room 1' }],
  ]),
  madeRecord('meeting', 2, null, [
    [day(-3), 'opened', { title: 'Called off', meetsAt: day(2).toISOString(), place: '' }],
    [day(-2), 'closed', { note: 'nothing to decide' }],
  ]),
]
const linesOf = (target: string | null, word: string) =>
  reviewCalendar(records, target, NOW)
    .replaceAll('\r\n ', '')
    .split('\r\n')
    .filter((line) => line.startsWith(word))

test('reviews of a target and the meetings of all, four weeks back and a year ahead', () => {
  expect(linesOf('shop', 'UID')).toEqual([
    'UID:REV-1-2@pgsteward',
    'UID:MTG-1@pgsteward',
    'UID:REV-1-3@pgsteward',
    'UID:REV-1-4@pgsteward',
  ])
  expect(linesOf(null, 'UID')).toContain('UID:REV-2-1@pgsteward')
  expect(linesOf('shop', 'X-WR-CALNAME')).toEqual(['X-WR-CALNAME:Launch reviews: shop'])
})

test('texts of people stay texts; an hour of a meeting is taken', () => {
  expect(linesOf('shop', 'SUMMARY')).toContain('SUMMARY:Board\\; budget\\, too')
  expect(new Set(linesOf('shop', 'TRANSP'))).toEqual(new Set(['TRANSP:OPAQUE']))
  const at = linesOf('shop', 'DTSTART')[1]
  expect(at).toBe('DTSTART:20261125T120000Z')
  expect(linesOf('shop', 'DTEND')[1]).toBe('DTEND:20261125T130000Z')
})
