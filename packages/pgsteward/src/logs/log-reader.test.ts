// Every format with the tricky cases: cut anywhere, mixed sessions, lines of others, damage.

import { describe, expect, test } from 'vitest'
import type { LogEntry } from '../model/log-event.ts'
import { type LogFormat, logReader } from './log-reader.ts'

interface Read {
  readonly entries: readonly LogEntry[]
  readonly format: string | null
  readonly unreadable: number
  readonly lines: number
  readonly cut: number
}

/** `size`: bytes a chunk. */
function read(
  text: string | Uint8Array,
  options: { format?: LogFormat; prefix?: string; size?: number } = {},
): Read {
  const { size = 1 << 20, ...rest } = options
  const entries: LogEntry[] = []
  const reader = logReader({ ...rest, onEntry: (entry) => entries.push(entry) })
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size))
  reader.end()
  const { unreadable, lines, cut } = reader.counts()
  return { entries, format: reader.format(), unreadable, lines, cut }
}

const AT = '2026-11-22 14:10:19.123 UTC'

const STDERR = [
  `${AT} [12] LOG:  checkpoint starting: time`,
  `${AT} [13] app@shop ERROR:  relation "größe" does not exist at character 15`,
  `${AT} [14] bob@shop LOG:  duration: 3.456 ms  statement: select 1`,
  `${AT} [13] app@shop DETAIL:  of it`,
  `${AT} [13] app@shop HINT:  do this`,
  `${AT} [13] app@shop STATEMENT:  select *`,
  '\tfrom größe',
  '\t',
  '\twhere a = 5',
  `${AT} [14] bob@shop LOG:  disconnection: session time: 0:00:01.000 user=bob database=shop host=[local]`,
  '',
].join('\n')

describe('stderr', () => {
  test('joins what belongs to a message, though sessions are mixed', () => {
    const { entries, format, unreadable } = read(STDERR)
    expect(format).toBe("stderr '%m [%p] %q%u@%d '")
    expect(unreadable).toBe(0)
    expect(entries).toHaveLength(4)
    expect(entries[1]).toEqual({
      line: 2,
      at: new Date('2026-11-22T14:10:19.123Z'),
      severity: 'ERROR',
      sqlState: null,
      pid: 13,
      user: 'app',
      database: 'shop',
      application: null,
      client: null,
      queryId: null,
      message: 'relation "größe" does not exist at character 15',
      detail: 'of it',
      hint: 'do this',
      context: null,
      statement: 'select *\nfrom größe\n\nwhere a = 5',
    })
    expect(entries.map(({ line }) => line)).toEqual([1, 2, 3, 10])
    expect(entries[0]).toMatchObject({ user: null, database: null, pid: 12 })
  })

  test.each([1, 2, 3, 7, 64, 199])('reads the same when it is cut into pieces of %i bytes', (size) => {
    expect(read(STDERR, { size })).toEqual(read(STDERR))
  })

  test('takes Windows line ends, a byte order mark, NUL bytes and a last line without an end', () => {
    const plain = read(STDERR)
    expect(read(STDERR.replaceAll('\n', '\r\n')).entries).toEqual(plain.entries)
    expect(read(`\ufeff${STDERR}`).entries).toEqual(plain.entries)
    expect(read(`\0\0\0${STDERR}\0\0`).entries).toEqual(plain.entries)
    expect(read(STDERR.trimEnd()).entries).toEqual(plain.entries)
  })

  test('keeps the rest of a line that is not UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from(`${AT} [12] LOG:  caf`),
      Buffer.from([0xe9, 0x20]),
      Buffer.from('closed\n'),
    ])
    expect(read(bytes, { prefix: '%m [%p] ' }).entries[0]!.message).toBe('caf\ufffd closed')
  })

  test('counts the lines of a message that began before the file', () => {
    const { entries, unreadable } = read(`\tfrom a\n\twhere b\n${STDERR}`)
    expect(unreadable).toBe(2)
    expect(entries).toHaveLength(4)
    expect(entries[0]!.line).toBe(3)
  })

  test('leaves out what other programs write between', () => {
    const lines = STDERR.split('\n')
    lines.splice(9, 0, 'cp: cannot stat: no such file', 'pg_dump: done')
    const { entries, unreadable } = read(lines.join('\n'))
    expect(unreadable).toBe(2)
    expect(entries[1]!.statement).toBe('select *\nfrom größe\n\nwhere a = 5')
  })

  test('takes lines without a tab where somebody has cut them off', () => {
    const { entries, unreadable } = read(
      `${AT} [13] a@b ERROR:  x\n${AT} [13] a@b STATEMENT:  select *\nfrom t\nwhere b\n${AT} [13] a@b LOG:  y\n`,
    )
    expect(unreadable).toBe(0)
    expect(entries[0]!.statement).toBe('select *\nfrom t\nwhere b')
  })

  test('does not take a text for a line of the log', () => {
    const { entries } = read(
      `${AT} [13] a@b LOG:  statement: select '\n\t${AT} [13] a@b PANIC:  injected\n\tERROR:  x'\n${AT} [13] a@b LOG:  y\n`,
    )
    expect(entries.map(({ severity }) => severity)).toEqual(['LOG', 'LOG'])
  })

  test('reads SQLSTATE of verbose messages', () => {
    const { entries } = read(
      `${AT} [13] a@b ERROR:  42P01: relation "x" does not exist\n${AT} [13] a@b LOCATION:  parserOpenTable, parse_relation.c:1392\n`,
    )
    expect(entries[0]).toMatchObject({ sqlState: '42P01', message: 'relation "x" does not exist' })
  })

  test.each([
    ['German', 'FEHLER', 'ANWEISUNG'],
    ['French', 'ERREUR', 'INSTRUCTION'],
    ['Spanish', 'ERROR', 'SENTENCIA'],
  ])('reads %s', (_, error, statement) => {
    const { entries } = read(`${AT} [13] a@b ${error}:  x\n${AT} [13] a@b ${statement}:  select 1\n`)
    expect(entries).toMatchObject([{ severity: 'ERROR', statement: 'select 1' }])
  })

  test('counts severities of languages that it does not know', () => {
    const { entries, unreadable } = read(`${AT} [13] a@b LOG:  x\n\ty\n${AT} [13] a@b エラー:  z\n`, {
      prefix: '%m [%p] %u@%d ',
    })
    expect(entries).toHaveLength(1)
    expect(unreadable).toBe(1)
  })

  test('cuts what is longer than is kept, and goes on behind it', () => {
    const { entries, cut } = read(`${AT} [13] a@b LOG:  ${'x'.repeat(5_000_000)}\n${AT} [13] a@b LOG:  y\n`, {
      prefix: '%m [%p] %u@%d ',
      size: 65_536,
    })
    expect(entries).toHaveLength(2)
    expect(entries[0]!.message.length).toBe(1024 ** 2)
    expect(cut).toBeGreaterThan(0)
  })

  test('gives out what is open when asked, and what comes behind begins anew', () => {
    const entries: LogEntry[] = []
    const reader = logReader({ prefix: '%m [%p] ', onEntry: (entry) => entries.push(entry) })
    reader.write(`${AT} [13] LOG:  x\n`)
    reader.flush()
    expect(entries).toHaveLength(1)
    reader.write(`\tmore\n${AT} [13] LOG:  y\n`)
    reader.end()
    expect(entries.map(({ message }) => message)).toEqual(['x', 'y'])
    expect(reader.counts().unreadable).toBe(1)
  })
})

describe('csvlog', () => {
  const record = (message: string, more = '') =>
    `${AT},"app","shop",13,"10.1.1.1:5000",6743a1b2.d,5,"SELECT",2026-11-22 00:00:00 UTC,3/45,0,ERROR,42P01,${message},"a ""detail""",,,,"in context","select 1",8,,"my app","client backend"${more}\n`

  test.each([
    ['13', ''],
    ['14 to 18', ',,-4611686018427387905'],
  ])('reads the columns of PostgreSQL %s', (_, more) => {
    expect(read(record('"x, ""y""\nz"', more)).entries).toEqual([
      {
        line: 1,
        at: new Date('2026-11-22T14:10:19.123Z'),
        severity: 'ERROR',
        sqlState: '42P01',
        pid: 13,
        user: 'app',
        database: 'shop',
        application: 'my app',
        client: '10.1.1.1:5000',
        queryId: more === '' ? null : '-4611686018427387905',
        message: 'x, "y"\nz',
        detail: 'a "detail"',
        hint: null,
        context: 'in context',
        statement: 'select 1',
      },
    ])
  })

  test.each([1, 3, 50, 120])('reads the same when it is cut into pieces of %i bytes', (size) => {
    const text = `${record('"a\nb\nc"')}${record('"größe"')}${record('x')}`
    expect(read(text, { size })).toEqual(read(text))
    expect(read(text).entries.map(({ line }) => line)).toEqual([1, 4, 5])
  })

  test('finds back behind a record that was cut off', () => {
    const { entries, unreadable } = read(
      `rest of a text"\n${record('"a"')}${AT},"app","shop",13,"x",1.d,5,"SELECT",2026-11-22 00:00:00 UTC,3/45,0,ERROR,42P01,"never clo\n${record('"b"')}${record('"c"')}`,
    )
    expect(entries.map(({ message }) => message)).toEqual(['a', 'b', 'c'])
    expect(unreadable).toBeGreaterThan(0)
  })
})

describe('jsonlog', () => {
  test('reads documents, and keeps all digits of the query id', () => {
    const { entries, format } = read(
      `{"timestamp":"${AT}","user":"app","dbname":"shop","pid":13,"remote_host":"10.1.1.1","remote_port":5000,"error_severity":"ERROR","state_code":"42P01","message":"x\\ny","statement":"select 1","application_name":"api","query_id":-4611686018427387905}\n`,
    )
    expect(format).toBe('json')
    expect(entries).toMatchObject([
      { client: '10.1.1.1:5000', message: 'x\ny', queryId: '-4611686018427387905', sqlState: '42P01' },
    ])
  })

  test("reads CloudNativePG's wrapping", () => {
    const { entries } = read(
      `{"level":"info","logger":"postgres","msg":"record","record":{"log_time":"${AT}","user_name":"app","database_name":"shop","process_id":"13","error_severity":"LOG","sql_state_code":"00000","message":"hi","query_id":"0"}}\n`,
    )
    expect(entries).toMatchObject([
      { pid: 13, user: 'app', database: 'shop', message: 'hi', sqlState: null, queryId: null },
    ])
  })

  test('counts broken documents', () => {
    const good = `{"timestamp":"${AT}","pid":1,"error_severity":"LOG","message":"x"}\n`
    expect(read(`${good}{"timestamp":"2026\n${good}[]\n`)).toMatchObject({ unreadable: 2, lines: 4 })
  })
})

describe('envelopes', () => {
  test.each([
    [
      'syslog of PostgreSQL',
      (n: number, text: string) => `Nov 22 14:10:19 db postgres[13]: [5-${n}] ${text}`,
    ],
    [
      'syslog with ISO times',
      (n: number, text: string) => `2026-11-22T14:10:19.123456+01:00 db postgres[13]: [5-${n}] ${text}`,
    ],
    [
      'RFC 5424',
      (n: number, text: string) => `<134>1 2026-11-22T14:10:19.123Z db postgres 13 - - [5-${n}] ${text}`,
    ],
    ['journalctl', (_: number, text: string) => `Nov 22 14:10:19 db postgresql[13]: ${text}`],
    ['docker compose', (_: number, text: string) => `db-1  | ${text}`],
    ['Kubernetes', (_: number, text: string) => `2026-11-22T14:10:19.123456789Z stderr F ${text}`],
    [
      'Heroku',
      (n: number, text: string) =>
        `2026-11-22T14:10:19.123456+00:00 app[postgres.13]: [DATABASE] [5-${n}] ${text}`,
    ],
  ])('%s', (_, wrap) => {
    const lines = [
      `${AT} [13] a@b ERROR:  x`,
      `${AT} [13] a@b STATEMENT:  select *`,
      '#011from t',
      `${AT} [13] a@b LOG:  y`,
    ]
    const { entries, format, unreadable } = read(
      `${lines.map((line, at) => wrap(at + 1, line)).join('\n')}\n`,
    )
    expect(format).toContain('syslog stderr')
    expect(unreadable).toBe(0)
    expect(entries).toMatchObject([
      { message: 'x', statement: 'select *\nfrom t', pid: 13 },
      { message: 'y' },
    ])
  })

  test("has the envelope's time where the prefix has none, and its pid", () => {
    const wrap = (text: string) => `2026-11-22T15:10:19.123+01:00 db postgres[13]: [5-1] ${text}\n`
    const { entries } = read(`${wrap('app@shop LOG:  x')}${wrap('app@shop LOG:  y')}`, { prefix: '%q%u@%d ' })
    expect(entries[0]).toMatchObject({
      at: new Date('2026-11-22T14:10:19.123Z'),
      pid: 13,
      user: 'app',
      message: 'x',
    })
  })

  test('joins pieces of a line that was too long for syslog', () => {
    const { entries } = read(
      `Nov 22 14:10:19 db postgres[13]: [5-1] LOG:  a long l\nNov 22 14:10:19 db postgres[14]: [9-1] LOG:  other\nNov 22 14:10:19 db postgres[13]: [5-2] ine\n`,
      { prefix: '' },
    )
    expect(entries).toMatchObject([
      { message: 'a long line', pid: 13 },
      { message: 'other', pid: 14 },
    ])
  })
})

test('nothing is read of what is no log', () => {
  expect(read('hello\nworld\n')).toMatchObject({ entries: [], unreadable: 2 })
  expect(read('')).toMatchObject({ entries: [], lines: 0 })
})
