import { describe, expect, it } from 'vitest'
import { pushedBody } from './pushed-body.ts'
import { lineOf, syslogFrames } from './syslog-frames.ts'

const read = (text: string) => {
  const { kind, text: lines, skipped } = pushedBody(Buffer.from(text))
  return { kind, lines: lines.toString().split('\n').slice(0, -1), skipped }
}
const LINE = '2026-03-10 12:00:00.000 UTC [7] ERROR:  deadlock detected'

describe('a body', () => {
  it('of plain lines stays as it is', () => {
    expect(read(`${LINE}\n\tmore\n`)).toEqual({ kind: 'lines', lines: [LINE, '\tmore'], skipped: 0 })
    // a prefix that begins with a bracket is no JSON
    expect(read(`[7] ERROR:  no\n`)).toEqual({ kind: 'lines', lines: ['[7] ERROR:  no'], skipped: 0 })
  })
  it('of JSON objects a line, or in an array, gives the lines that they wrap', () => {
    const wrapped = [{ message: LINE, timestamp: 1 }, { log: `${LINE}\n`, stream: 'stderr' }, { event: 'x' }]
    const expected = { kind: 'lines', lines: [LINE, LINE], skipped: 1 }
    expect(read(wrapped.map((each) => JSON.stringify(each)).join('\n'))).toEqual(expected)
    expect(read(JSON.stringify(wrapped))).toEqual(expected)
  })
  it('of jsonlog stays jsonlog, also where it is wrapped', () => {
    const own = { timestamp: '2026-03-10 12:00:00.000 UTC', error_severity: 'ERROR', message: 'no' }
    const expected = { kind: 'json', lines: [JSON.stringify(own)], skipped: 0 }
    expect(read(JSON.stringify(own))).toEqual(expected)
    expect(read(JSON.stringify({ message: JSON.stringify(own) }))).toEqual(expected)
  })
  it('of Supabase becomes jsonlog', () => {
    const body = [
      {
        event_message: 'deadlock detected',
        timestamp: 1773144000000000,
        metadata: [
          {
            parsed: [
              { error_severity: 'ERROR', sql_state_code: '40P01', user_name: 'app', query: 'select 1' },
            ],
          },
        ],
      },
    ]
    const { kind, lines } = read(JSON.stringify(body))
    expect(kind).toBe('json')
    expect(JSON.parse(lines[0]!)).toEqual({
      timestamp: '2026-03-10T12:00:00.000Z',
      user: 'app',
      error_severity: 'ERROR',
      state_code: '40P01',
      message: 'deadlock detected',
      statement: 'select 1',
    })
  })
  it('of Heroku, counted by octets, gives a line a message', () => {
    const one = `<134>1 2026-03-10T12:00:00+00:00 host app postgres.7 - [5-1] ERROR:  ä`
    const two = '<134>1 2026-03-10T12:00:01+00:00 host app postgres.7 - [5-2] \tmore\n'
    const body = [one, two].map((each) => `${Buffer.byteLength(each)} ${each}`).join('')
    expect(read(body)).toEqual({
      kind: 'syslog',
      lines: [
        '2026-03-10T12:00:00+00:00 host postgres[7]: [5-1] ERROR:  ä',
        '2026-03-10T12:00:01+00:00 host postgres[7]: [5-2] #011more',
      ],
      skipped: 0,
    })
  })
})

describe('syslog frames', () => {
  const frames = (text: string) => {
    const found = syslogFrames(Buffer.from(text))
    return (
      found && {
        frames: found.frames.map((each) => Buffer.from(each).toString()),
        rest: Buffer.from(found.rest).toString(),
      }
    )
  }
  it.each([
    ['<1>a\n<2>b\n', { frames: ['<1>a', '<2>b'], rest: '' }],
    ['4 <1>a5 <22>', { frames: ['<1>a'], rest: '5 <22>' }],
    ['<1>a\n<2>b', { frames: ['<1>a'], rest: '<2>b' }],
    ['1', { frames: [], rest: '1' }],
    ['12 ', { frames: [], rest: '12 ' }],
    ['6 <1>a\nb', { frames: ['<1>a\nb'], rest: '' }],
    ['<1>a\0', { frames: [], rest: '<1>a\0' }],
    ['hello\n', null],
    ['9999999 <1>', null],
  ])('%j', (text, expected) => {
    expect(frames(text)).toEqual(expected)
  })
  it.each([
    ['<1>1 T host app 7 - - [5-1] ERROR:  a', 'T host postgres[7]: [5-1] ERROR:  a'],
    ['<1>1 T host app 7 ID [a@1 b="c \\"] d"][e@2 f="g"] \ufeffERROR:  a', 'T host postgres[7]: ERROR:  a'],
    ['<1>1 T host app - - - ERROR:  a', 'T host postgres[0]: ERROR:  a'],
    ['<1>1 - - - - - - ERROR:  a', 'ERROR:  a'],
    [
      '<1>Mar 10 12:00:00 host postgres[7]: [5-1] ERROR:  a',
      '<1>Mar 10 12:00:00 host postgres[7]: [5-1] ERROR:  a',
    ],
  ])('%j keep time and pid', (frame, line) => {
    expect(lineOf(Buffer.from(frame)).toString()).toBe(`${line}\n`)
  })
  it('are one line each, whatever they hold', () => {
    expect(lineOf(Buffer.from('<1>a\n\tb\r\nc')).toString()).toBe('<1>a#012#011b#012c\n')
  })
})
