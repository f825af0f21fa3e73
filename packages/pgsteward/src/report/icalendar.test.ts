import { expect, test } from 'vitest'
import { icalendar } from './icalendar.ts'

const NOW = new Date('2026-11-23T12:00:00.500Z')
const event = {
  uid: 'one@pgsteward',
  from: new Date('2026-10-19T07:00:00Z'),
  until: new Date('2026-10-26T08:00:00Z'),
  summary: 'On call: Anna Weber',
  description: '',
  contact: '',
  takesTime: false,
}
const unfolded = (text: string) => text.replaceAll('\r\n ', '').split('\r\n')

test('an event has its times in UTC, and lines end as calendars expect', () => {
  const text = icalendar('on call', [event], NOW)
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(unfolded(text)).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//pgsteward//EN',
    'METHOD:PUBLISH',
    'NAME:on call',
    'X-WR-CALNAME:on call',
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'BEGIN:VEVENT',
    'UID:one@pgsteward',
    'DTSTAMP:20261123T120000Z',
    'DTSTART:20261019T070000Z',
    'DTEND:20261026T080000Z',
    'SUMMARY:On call: Anna Weber',
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ])
})

test('who is on call is free, who is at a meeting is not', () => {
  const lines = (takesTime: boolean) => unfolded(icalendar('a', [{ ...event, takesTime }], NOW))
  expect(lines(false)).toContain('TRANSP:TRANSPARENT')
  expect(lines(true)).toContain('TRANSP:OPAQUE')
})

test('marks of the format are escaped, so that no text becomes a line of its own', () => {
  const text = icalendar(
    'a',
    [{ ...event, contact: 'Anna, a@b.example', description: 'a;b,c\\d\r\nBEGIN:VALARM\u0007' }],
    NOW,
  )
  expect(unfolded(text)).toContain('DESCRIPTION:a\\;b\\,c\\\\d\\nBEGIN:VALARM')
  expect(unfolded(text)).toContain('CONTACT:Anna\\, a@b.example')
})

test('long lines are folded at 75 octets, and no character is cut in two', () => {
  const summary = `${'ä'.repeat(90)}${'👩‍💻'.repeat(20)}x`
  const text = icalendar('a', [{ ...event, summary }], NOW)
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
  expect(text).not.toContain('\uFFFD')
  expect(unfolded(text)).toContain(`SUMMARY:${summary}`)
})
