// Bad input of every kind, through the real command line: it is named and counted, and the rest goes on.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdviceReport } from '../../src/model/advice.ts'
import { EXIT } from '../../src/model/error.ts'
import { run } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

let database: TestDatabase
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-bad-'))
const file = (name: string, content: unknown): string => {
  const path = join(dir, name)
  const isRaw = typeof content === 'string' || content instanceof Uint8Array
  writeFileSync(path, isRaw ? content : JSON.stringify(content))
  return path
}

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    'create table parcel (id bigint primary key, sender integer not null, label text not null, weight numeric)',
    `insert into parcel select i, i % 900, 'label ' || i, i % 30 from generate_series(1, 20000) i`,
    'create table secret (id bigint primary key, owner integer not null)',
    'insert into secret select i, i % 500 from generate_series(1, 20000) i',
    'create schema closed',
    'create table closed.thing as select i as id from generate_series(1, 5000) i',
    'vacuum analyze',
    'grant select on parcel to test_monitor',
  )
}, 60_000)
afterAll(async () => {
  await database?.drop()
  rmSync(dir, { recursive: true, force: true })
})

const GOOD = { id: 'good', sql: 'select label from parcel where sender = 77', callsPerMinute: 10 }
/** As pg_stat_activity cuts it: 1,023 bytes, in the middle of a list. */
const CUT_OFF =
  `select * from parcel where id in (${Array.from({ length: 400 }, (_, n) => n).join(', ')}`.slice(0, 1023)
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `$${n + 1}`).join(', ')

/** Each bad entry, what advise says of it, and what twin explain says. */
const BAD: readonly (readonly [entry: unknown, advise: RegExp, explain: RegExp])[] = [
  [{ id: 'no sql', sql: 'selec 1 from parcel' }, /syntax error at or near "selec"/, /syntax error/],
  [{ id: 'cut name', sql: 'select * from parcel where send' }, /column "send" does not exist/, /"send"/],
  [{ id: 'cut string', sql: `select * from parcel where label = 'lab` }, /unterminated/, /unterminated/],
  [{ id: 'cut off', sql: CUT_OFF }, /cut off after 1,023 bytes.*syntax error at/, /syntax error at end/],
  [{ id: 'no table', sql: 'select * from nowhere' }, /no table nowhere/, /"nowhere" does not exist/],
  [{ id: 'no column', sql: 'select * from parcel where nope = 1' }, /"nope" does not exist/, /"nope"/],
  [{ id: 'ddl', sql: 'drop table parcel' }, /no SELECT, INSERT/, /syntax error/],
  [{ id: 'set', sql: "set work_mem = '1GB'" }, /no SELECT, INSERT/, /syntax error/],
  [{ id: 'two', sql: 'select 1 from parcel; drop table parcel' }, /more than one/, /more than one/],
  [{ id: 'NUL', sql: `select * from parcel where label = 'a\0b'` }, /holds a NUL/, /holds a NUL/],
  [{ id: 'surrogate', sql: `select * from parcel where label = '\ud800'` }, /not UTF-8/, /not UTF-8/],
  [{ id: 'nothing' }, /neither sql nor template/, /neither sql nor template/],
  [{ id: 'number', sql: 7 }, /^sql: .*string/, /neither sql nor template/],
  [{ id: 'hidden text', sql: '<insufficient privilege>' }, /syntax error/, /syntax error/],
  [3, /it is a number/, /neither sql/],
  [null, /it is null/, /neither sql/],
  [['select 1'], /it is a list/, /neither sql/],
]
/** Bad for advise alone, since only it reads calls and variants. */
const BAD_FIGURES: readonly (readonly [entry: object, because: RegExp])[] = [
  [{ id: 'negative', sql: GOOD.sql, callsPerMinute: -5 }, /^callsPerMinute: .*>=0/],
  [{ id: 'NaN', sql: GOOD.sql, callsPerMinute: 'NaN' }, /^callsPerMinute: /],
  [{ id: 'often', sql: GOOD.sql, callsPerMinute: 'often' }, /^callsPerMinute: /],
  [{ id: 'variants', template: 'select * from parcel where id = $1', variants: '7' }, /^variants: /],
]
const idsOf = (entries: readonly unknown[], from: number) =>
  entries.map((entry, place) => (entry as { id?: string } | null)?.id ?? `statement ${from + place}`)

describe('a workload of which much is bad', () => {
  test('advise names and counts each bad statement, and advises for the others', async () => {
    const bad = BAD.map(([entry]) => entry)
    const figures = BAD_FIGURES.map(([entry]) => entry)
    const others = [
      GOOD,
      { id: 'many parameters', template: `select * from parcel where id in (${numbered(300)})` },
      { id: 'twice', sql: 'select * from parcel where id = 7', callsPerMinute: null },
      { id: 'twice', sql: 'select * from parcel where id = 8', callsPerMinute: '3' },
    ]
    const workload = file('mixed.json', [...bad, ...figures, ...others])
    const { exitCode, out, note } = await run('advise', database.url, '--workload', workload, '--json')
    expect(exitCode, note).toBe(EXIT.clean)
    const report: AdviceReport = JSON.parse(out)
    const reasons = new Map(report.leftOut.map(({ id, because }) => [id, because]))
    const expected = [...BAD.map(([, because]) => because), ...BAD_FIGURES.map(([, because]) => because)]
    for (const [place, id] of idsOf([...bad, ...figures], 1).entries())
      expect(reasons.get(id), id).toMatch(expected[place]!)
    expect(report.leftOut).toHaveLength(expected.length)
    expect(report.statements.map(({ id }) => id)).toEqual(['good', 'many parameters', 'twice', 'twice (2)'])
    expect(report.indexes.map(({ definition }) => definition).join()).toMatch(/\(sender/)
  })

  test('twin explain gives each bad statement an error in its place, and the others their plans', async () => {
    const entries = [GOOD, ...BAD.map(([entry]) => entry), { ...GOOD, id: 'last' }]
    const workload = file('explain.json', entries)
    const { exitCode, out, note } = await run(
      'twin',
      'explain',
      database.url,
      '--workload',
      workload,
      '--json',
    )
    expect(exitCode, note).toBe(EXIT.clean)
    const plans: { id: string; plan: object | null; error?: string }[] = JSON.parse(out)
    expect(plans.map(({ id }) => id)).toEqual(idsOf(entries, 1))
    for (const [place, [, , error]] of BAD.entries()) {
      expect(plans[place + 1]!.plan).toBeNull()
      expect(plans[place + 1]!.error, plans[place + 1]!.id).toMatch(error)
    }
    expect(plans[0]!.plan).toMatchObject({ 'Node Type': 'Seq Scan' })
    expect(plans.at(-1)!.plan).toEqual(plans[0]!.plan)
    expect(note).toMatch(/2 of 2 shapes, 2 of 2 costs.*; 3 could not be planned/)
  })
})

describe('a workload file that is none', () => {
  test.each([
    ['an empty file', ''],
    ['an empty list', '[]'],
    ['only comments', '-- nothing\n ;; /* here */'],
    ['JSON that is cut off', '[{ "id": "a", "sql": "select 1'],
    ['JSON of another kind', '{ "a": 1 }'],
    ['brackets without end', '['.repeat(50_000)],
    ['bytes', Uint8Array.from({ length: 3000 }, (_, n) => (n * 7919) % 256)],
    ['statements of which none can be read', 'selec 1; selec 2;'],
  ])('%s: advise says what it is, by name', async (_, content) => {
    const workload = file('none', content)
    const { exitCode, note, out } = await run('advise', database.url, '--workload', workload)
    expect([exitCode, out]).toEqual([EXIT.usage, ''])
    expect(note).toContain(workload)
  })

  test('a byte order mark and UTF-16 are read, and bytes that are no text fail with their statement', async () => {
    const json = JSON.stringify([GOOD])
    const files = [
      file('bom.json', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(json)])),
      file('utf16.json', Buffer.from(`\ufeff${json}`, 'utf16le')),
    ]
    for (const workload of files) {
      const { out, note } = await run('twin', 'explain', database.url, '--workload', workload, '--json')
      expect(JSON.parse(out), note).toEqual([{ id: 'good', plan: expect.any(Object) }])
    }
    const latin1 = file(
      'latin1.sql',
      Buffer.from(`${GOOD.sql};\nselect * from parcel where label = 'Nö';`, 'latin1'),
    )
    const { out } = await run('advise', database.url, '--workload', latin1, '--json')
    expect((JSON.parse(out) as AdviceReport).leftOut).toEqual([
      { id: 'statement 2', because: expect.stringContaining('not UTF-8') },
    ])
  })
})

test('100,000 statements are told together by shape, with a note, and planned in bounds', async () => {
  const statements = Array.from({ length: 100_000 }, (_, n) => ({
    id: `s${n}`,
    sql:
      n % 2 === 0
        ? `select * from parcel where id = ${n}`
        : `select label from parcel where sender = ${n % 900}`,
  }))
  const workload = file('huge.json', statements)
  const { exitCode, out, note } = await run('advise', database.url, '--workload', workload, '--json')
  expect(exitCode, note).toBe(EXIT.clean)
  const report: AdviceReport = JSON.parse(out)
  expect(report.statements.length).toBeLessThanOrEqual(10)
  expect(report.statements.reduce((sum, { callsPerMinute }) => sum + callsPerMinute, 0)).toBeCloseTo(100_000)
  expect(report.notes.join('\n')).toContain('100,000 statements have 2 shapes')
  expect(report.indexes.map(({ definition }) => definition).join()).toMatch(/\(sender/)
}, 60_000)

describe('a role that may not see everything', () => {
  test('statistics that it cannot read are named by table, by every command, and the rest goes on', async () => {
    const workload = file(
      'both.sql',
      'select * from secret where owner = 5; select * from parcel where sender = 5;',
    )
    const exported = await run('stats', 'export', database.monitorUrl, '--out', join(dir, 'partial.json'))
    const explained = await run('twin', 'explain', database.monitorUrl, '--workload', workload)
    const built = await run('twin', 'build', database.monitorUrl, '--out', join(dir, 'partial-twin'))
    for (const { exitCode, note } of [exported, explained, built]) {
      expect(exitCode, note).toBe(EXIT.clean)
      expect(note).toMatch(/left out: statistics public\.secret: .*may not select/)
      expect(note).not.toMatch(/statistics public\.parcel/)
    }
    expect(explained.out).toMatch(/statement 1: cost .*\nstatement 2: cost /)
    const advised = await run('advise', database.monitorUrl, '--workload', workload, '--json')
    const report: AdviceReport = JSON.parse(advised.out)
    expect(report.notes.join('\n')).toMatch(/No statistics for .*public\.secret/)
    expect(report.indexes.map(({ table }) => table)).toContain('parcel')
  })
})

describe('a statistics file that is damaged', () => {
  let text: string
  beforeAll(async () => {
    const out = join(dir, 'whole.json')
    const { exitCode, note } = await run('stats', 'export', database.url, '--out', out)
    expect(exitCode, note).toBe(EXIT.clean)
    text = readFileSync(out, 'utf8')
  })
  const edited = (change: (file: Record<string, never> & { tables: Record<string, unknown>[] }) => void) => {
    const parsed = JSON.parse(text)
    delete parsed.checksum
    change(parsed)
    return JSON.stringify(parsed)
  }
  const tableIn = (parsed: { tables: Record<string, unknown>[] }, name = 'parcel') =>
    parsed.tables.find((table) => table.name === name)!

  test.each<[what: string, damage: () => string | Uint8Array, words: RegExp]>([
    ['nothing in it', () => '', /is not a statistics file/],
    ['cut off', () => text.slice(0, text.length / 2), /is not a statistics file\s+It is not JSON/],
    ['bytes', () => Uint8Array.from({ length: 500 }, (_, n) => n % 256), /It is not JSON/],
    ['other JSON', () => '[1, 2]', /"format" is undefined/],
    ['an older version', () => edited((parsed) => Object.assign(parsed, { version: 0 })), /has version 0/],
    ['a newer version', () => edited((parsed) => Object.assign(parsed, { version: 99 })), /has version 99/],
    ['a value changed', () => text.replace('"label ', '"lebal '), /damaged\s+Its checksum/],
    [
      'a wrong field',
      () => edited((parsed) => Object.assign(tableIn(parsed), { rows: 'many' })),
      /damaged\s+tables\.\d+\.rows: .*number/,
    ],
    [
      'a missing field',
      () => edited((parsed) => Object.assign(tableIn(parsed), { columns: undefined })),
      /damaged\s+tables\.\d+\.columns/,
    ],
    [
      'more blocks than a table can have',
      () => edited((parsed) => Object.assign(tableIn(parsed), { blocks: 1e18 })),
      /damaged\s+tables\.\d+\.blocks/,
    ],
  ])('%s: twin explain, twin build and stats export refuse it by name', async (what, damage, words) => {
    const path = file(`${what}.json`, damage())
    const workload = file('one.sql', GOOD.sql)
    for (const args of [
      ['twin', 'explain', path, '--workload', workload],
      ['twin', 'build', path, '--out', join(dir, 'never')],
      ['stats', 'export', path, '--out', join(dir, 'never.json'), '--redact'],
    ]) {
      const { exitCode, note, out } = await run(...args)
      expect([exitCode, out], note).toEqual([EXIT.usage, ''])
      expect(note).toContain(path)
      expect(note).toMatch(words)
    }
  })

  test('one table that cannot be rebuilt and statistics that do not fit are left out by name', async () => {
    const path = file(
      'odd.json',
      edited((parsed) => {
        Object.assign(tableIn(parsed, 'secret'), {
          sql: 'create table broken (',
          plainSql: 'create table broken (',
        })
        const statistics = tableIn(parsed).statistics as { histogram: unknown; number: number }[]
        statistics.find(({ histogram }) => histogram !== null)!.histogram = ['x', 'y', 'z']
      }),
    )
    const workload = file('odd.sql', `${GOOD.sql}; select * from secret;`)
    const { exitCode, note, out } = await run('twin', 'explain', path, '--workload', workload)
    expect(exitCode, note).toBe(EXIT.clean)
    expect(note).toContain('left out: table public.secret')
    expect(note).toMatch(/left out: statistics column \d of public\.parcel/)
    expect(out).toMatch(
      /statement 1: cost .*\nstatement 2: cannot be planned: relation "secret" does not exist/,
    )
  })
})
