import { describe, expect, test } from 'vitest'
import type { LogEntry, LogEvent } from '../model/log-event.ts'
import { eventReader } from './read-event.ts'

const entry = (over: Partial<LogEntry> = {}): LogEntry => ({
  line: 1,
  at: new Date('2026-03-10T12:00:00Z'),
  severity: 'LOG',
  sqlState: null,
  pid: 7,
  user: 'app',
  database: 'shop',
  application: 'api',
  client: null,
  queryId: null,
  message: '',
  detail: null,
  hint: null,
  context: null,
  statement: null,
  ...over,
})

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SQL = 'select * from member where id = $1'
const COMMENT = `/*action='findMany',controller='Member',route='GET%20%2Fmembers',traceparent='00-${TRACE}-00f067aa0ba902b7-01'*/`
const SENDER = {
  caller: 'GET /members',
  route: 'GET /members',
  model: 'Member',
  action: 'findMany',
  traceId: TRACE,
}

const read = (over: Partial<LogEntry>, options = {}): LogEvent => eventReader(options)(entry(over))

describe('the sender of a statement', () => {
  test.each<readonly [string, Partial<LogEntry>]>([
    ['a duration', { message: `duration: 1500.5 ms  execute <unnamed>: ${SQL} ${COMMENT}` }],
    ['a logged statement', { message: `statement: ${SQL} ${COMMENT}` }],
    ['an error', { severity: 'ERROR', message: 'division by zero', statement: `${SQL} ${COMMENT}` }],
    [
      'a plan',
      {
        message: `duration: 3.2 ms  plan:\nQuery Text: ${SQL} ${COMMENT}\nSeq Scan on member  (cost=0.00..35.50 rows=10 width=4)`,
      },
    ],
  ])('is read from the comment that redaction takes out, of %s', (_name, over) => {
    const event = read(over)
    expect(event.sender).toEqual(SENDER)
    expect(event.query).toBe(SQL)
    expect(JSON.stringify({ ...event, sender: undefined })).not.toContain('Member')
  })

  test('is each call’s own, though the texts are alike', () => {
    const reader = eventReader()
    const routes = ['/a', '/b', '/a'].map(
      (route) =>
        reader(entry({ message: `duration: 1 ms  statement: ${SQL} /*route='${route}'*/` })).sender?.route,
    )
    expect(routes).toEqual(['/a', '/b', '/a'])
  })

  test.each([
    `duration: 1 ms  statement: ${SQL}`,
    `duration: 1 ms  statement: ${SQL} /* a note */`,
    'checkpoint starting: time',
  ])('is absent from %s', (message) => expect(read({ message })).not.toHaveProperty('sender'))

  test('shows no secret, even where values are shown as they are', () => {
    const message = `statement: ${SQL} /*route='/reset?token=hunter2',user='ada@example.com'*/`
    expect(JSON.stringify(read({ message }))).not.toMatch(/hunter2|ada@/)
    expect(read({ message }, { redact: false }).sender?.route).toBe('/reset?token=[redacted]')
  })
})
