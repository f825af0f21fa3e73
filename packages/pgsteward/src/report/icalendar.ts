// A calendar that others subscribe to (RFC 5545, RFC 7986): all times in UTC, so that it needs no rules of time zones.

export interface CalendarEvent {
  /** The same at each reading for the same event, or calendars show it twice. */
  readonly uid: string
  readonly from: Date
  readonly until: Date
  readonly summary: string
  readonly description: string
  /** Empty: none. A feed names no attendees: who subscribes was not invited (RFC 5546, 3.2.1). */
  readonly contact: string
  /** Whoever has it is not free meanwhile: a meeting is so, a week on call is not. */
  readonly takesTime: boolean
}

const LINE_OCTETS = 75

/** `now`: when it was written, which each event has to say. */
export function icalendar(name: string, events: readonly CalendarEvent[], now: Date): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//pgsteward//EN',
    'METHOD:PUBLISH',
    `NAME:${escaped(name)}`,
    // what calendars read that do not know NAME
    `X-WR-CALNAME:${escaped(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    ...events.flatMap(({ uid, from, until, summary, description, contact, takesTime }) => [
      'BEGIN:VEVENT',
      `UID:${escaped(uid)}`,
      `DTSTAMP:${utc(now)}`,
      `DTSTART:${utc(from)}`,
      `DTEND:${utc(until)}`,
      `SUMMARY:${escaped(summary)}`,
      ...(description === '' ? [] : [`DESCRIPTION:${escaped(description)}`]),
      ...(contact === '' ? [] : [`CONTACT:${escaped(contact)}`]),
      `TRANSP:${takesTime ? 'OPAQUE' : 'TRANSPARENT'}`,
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}

/** 20261123T090000Z. */
function utc(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

/** Control characters have no place in a text. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(/[;,]/g, (mark) => `\\${mark}`)
    .replaceAll(/\r\n|\r|\n/g, '\\n')
    .replaceAll(/\p{Cc}/gu, '')
}

/** Octets, not characters; none is cut in two. */
function folded(line: string): string {
  const parts: string[] = []
  let part = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > LINE_OCTETS) {
      parts.push(part)
      part = ' '
      octets = 1
    }
    part += character
    octets += size
  }
  return [...parts, part].join('\r\n')
}
