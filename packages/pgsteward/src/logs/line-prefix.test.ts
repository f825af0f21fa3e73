// log_line_prefix turned round: every escape, padding, names that hold what the prefix has behind them; and prefixes found out.

import { describe, expect, test } from 'vitest'
import { detectFormat } from './detect-format.ts'
import { KNOWN_PREFIXES } from './known-prefixes.ts'
import { LinePrefix } from './line-prefix.ts'

const VALUES: Readonly<Record<string, string>> = {
  a: 'my app',
  u: 'alice',
  d: 'shop',
  r: '10.0.0.1(51234)',
  h: '10.0.0.1',
  L: '10.0.0.2',
  b: 'client backend',
  p: '4711',
  P: '',
  t: '2026-11-22 14:10:19 UTC',
  m: '2026-11-22 14:10:19.123 UTC',
  n: '1795356619.123',
  i: 'idle in transaction',
  e: '42P01',
  c: '6743a1b2.1267',
  l: '17',
  s: '2026-11-22 14:00:00 UTC',
  v: '3/45',
  x: '0',
  Q: '-4611686018427387905',
  q: '',
  '%': '%',
}

/** As PostgreSQL writes it. */
function written(prefix: string, values: Readonly<Record<string, string>> = VALUES): string {
  return prefix.replace(/%(-?\d+)?([a-zA-Z%])/g, (_, padding: string | undefined, letter: string) => {
    const value = values[letter]!
    const width = Number(padding ?? 0)
    return width < 0 ? value.padEnd(-width) : value.padStart(width)
  })
}

function matched(template: string, line: string): LinePrefix | null {
  const prefix = new LinePrefix(template)
  return prefix.match(line, 0, line.length) ? prefix : null
}

const AT_MS = Date.UTC(2026, 10, 22, 14, 10, 19)

describe.each(KNOWN_PREFIXES.filter((prefix) => prefix !== ''))('%s', (template) => {
  test('is read', () => {
    // Where a space ends it, a name with a space in it can't be told from two.
    const application = template.includes('%a %') ? 'api' : 'my app'
    const line = `${written(template, { ...VALUES, a: application })}ERROR:  relation "x" does not exist`
    const prefix = matched(template, line)!
    expect(prefix, line).not.toBeNull()
    expect(line.slice(prefix.textStart)).toBe('relation "x" does not exist')
    if (template.includes('%u')) expect(prefix.user).toBe('alice')
    if (template.includes('%d')) expect(prefix.database).toBe('shop')
    if (template.includes('%a')) expect(prefix.application).toBe(application)
    if (/%[pc]/.test(template)) expect(prefix.pid).toBe(4711)
    if (template.includes('%m')) expect(prefix.atMs).toBe(AT_MS + 123)
    else if (template.includes('%t')) expect(prefix.atMs).toBe(AT_MS)
  })

  test('is read of a process without a session', () => {
    const none = { ...VALUES, a: '', u: '', d: '', r: '', h: '', i: '', v: '' }
    const line = `${written(template.split('%q')[0]!, none)}LOG:  checkpoint starting: time`
    const prefix = matched(template, line)!
    expect(prefix, line).not.toBeNull()
    expect(prefix.user).toBeNull()
    expect(prefix.database).toBeNull()
  })

  test('is found out', () => {
    const lines = Array.from(
      { length: 5 },
      (_, at) => `${written(template, { ...VALUES, a: 'api' })}LOG:  duration: ${at} ms`,
    )
    const found = detectFormat(`${lines.join('\n')}\n`, 'auto', undefined)!
    const prefix = matched(found.prefix, lines[0]!)!
    const wanted = matched(template, lines[0]!)!
    expect(prefix, found.prefix).not.toBeNull()
    for (const field of ['pid', 'user', 'database', 'application', 'client'] as const)
      expect([found.prefix, prefix[field] ?? wanted[field]]).toEqual([found.prefix, wanted[field]])
  })
})

test('every escape', () => {
  const template = Object.keys(VALUES)
    .filter((letter) => letter !== 'q')
    .map((letter) => `%${letter}`)
    .join('|')
  const prefix = matched(template, `${written(template)}LOG:  x`)!
  expect(prefix).toMatchObject({
    user: 'alice',
    database: 'shop',
    application: 'my app',
    pid: 4711,
    sqlState: '42P01',
    queryId: '-4611686018427387905',
  })
})

test.each([
  ['%-10u %d ', 'alice'],
  ['%10u %d ', 'alice'],
  ['%3u %d ', 'alice'],
  ['%-10u%d ', 'alice'],
  ['[%8p] %u ', 'alice'],
])('padding: %s', (template, user) => {
  expect(matched(template, `${written(template)}LOG:  x`)).toMatchObject({ user })
  expect(matched('%10u %d ', `${' '.repeat(10)} shop LOG:  x`)).toMatchObject({
    user: null,
    database: 'shop',
  })
})

test.each([
  ['%m [%p] %u@%d,app=%a ', 'a, b LOG of c'],
  ['[%a] ', 'x] [y'],
])('names that hold what the prefix has behind them: %s', (template, application) => {
  expect(matched(template, `${written(template, { ...VALUES, a: application })}LOG:  x`)).toMatchObject({
    application,
  })
})

test('[unknown] is nobody', () => {
  expect(matched('%u@%d ', '[unknown]@[unknown] LOG:  x')).toMatchObject({ user: null, database: null })
})

test.each([
  ['2026-11-22 14:10:19.123 CET', AT_MS + 123 - 3_600_000],
  ['2026-11-22 14:10:19.123 +0530', AT_MS + 123 - 330 * 60_000],
  ['2026-11-22 14:10:19.123 -03', AT_MS + 123 + 180 * 60_000],
  ['2026-11-22 14:10:19.123 XYZT', AT_MS + 123],
])('time %s', (time, atMs) => {
  expect(matched('%m ', `${time} LOG:  x`)?.atMs).toBe(atMs)
})

test('escapes that PostgreSQL does not have are refused', () => {
  expect(() => new LinePrefix('%z ')).toThrow(RangeError)
})

test('a hostile name costs little', () => {
  const prefix = new LinePrefix('%a,%u,%d,%h,%r,%i [%p] ')
  const line = `${','.repeat(5000)} LOG:  x`
  for (let count = 0; count < 200; count++) expect(prefix.match(line, 0, line.length)).toBe(false)
})

test.each([
  [
    '<2026-11-22 14:10:19 UTC|sess=6743a1b2.1267|usr=bob|db=shop> LOG:  x',
    { pid: 4711, user: 'bob', database: 'shop' },
  ],
  ['2026-11-22 14:10:19.123 UTC 4711 LOG:  x', {}],
  ['pid=4711 db=shop user=bob app=api client=10.0.0.1 LOG:  x', { pid: 4711, database: 'shop', user: 'bob' }],
  ['2026-11-22 14:10:19.123 UTC|bob@shop|(4711)|LOG:  x', { pid: 4711, database: 'shop', user: 'bob' }],
  ['anything else: LOG:  x', {}],
])('a prefix that nobody knows is derived: %s', (line, fields) => {
  const found = detectFormat(`${line}\n${line}\n${line}\n`, 'auto', undefined)
  expect(found).not.toBeNull()
  expect(matched(found!.prefix, line)).toMatchObject(fields)
})
