// twin and stats as commands: the fixed contract of their output, and what they say of bad input.

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXIT } from '../../src/model/error.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { run } from './run.ts'

let database: TestDatabase
let dir: string
const path = (name: string) => join(dir, name)

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-cli-twin-'))
  database = await createDatabase()
  await database.run(
    'create table patient (id integer primary key, name text not null, born date not null)',
    `insert into patient select i, 'Secret Name ' || i % 900, date '1950-01-01' + i % 9000 from generate_series(1, 20000) i`,
    'create index patient_born_idx on patient (born)',
    'vacuum analyze patient',
  )
  writeFileSync(
    path('workload.json'),
    JSON.stringify([
      { id: 'by key', sql: 'select * from patient where id = 7', callsPerMinute: 9 },
      {
        id: 'by birth',
        template: 'select * from patient where born > $1 order by born limit 5',
        calls_per_minute: 1,
      },
      { id: 'broken', sql: 'selec * from patient' },
      { id: 'gone', sql: 'select * from nowhere' },
      { id: 'empty' },
    ]),
  )
})
afterAll(async () => {
  await database?.drop()
  rmSync(dir, { recursive: true, force: true })
})

test('twin explain prints a plan or an error for each statement, in order, and the agreement beside it', async () => {
  const { exitCode, out, note } = await run(
    'twin',
    'explain',
    database.url,
    '--workload',
    path('workload.json'),
    '--json',
  )
  expect(exitCode).toBe(EXIT.clean)
  expect(JSON.parse(out)).toEqual([
    { id: 'by key', plan: expect.objectContaining({ 'Index Name': 'patient_pkey' }) },
    { id: 'by birth', plan: expect.objectContaining({ 'Node Type': 'Limit' }) },
    { id: 'broken', plan: null, error: expect.stringContaining('syntax error') },
    { id: 'gone', plan: null, error: expect.stringContaining('nowhere') },
    { id: 'empty', plan: null, error: expect.any(String) },
  ])
  expect(note).toContain('as the target plans: 2 of 2 shapes, 2 of 2 costs')
})

test('a statistics file serves in place of the target, and another file does not', async () => {
  expect((await run('stats', 'export', database.url, '--out', path('stats.json'))).exitCode).toBe(EXIT.clean)
  expect(statSync(path('stats.json')).mode & 0o777).toBe(0o600)
  const { out } = await run(
    'twin',
    'explain',
    path('stats.json'),
    '--workload',
    path('workload.json'),
    '--json',
  )
  expect(JSON.parse(out)[0]).toMatchObject({ plan: { 'Index Name': 'patient_pkey' } })
  const refused = await run('twin', 'explain', path('workload.json'), '--workload', path('workload.json'))
  expect(refused.exitCode).toBe(EXIT.usage)
  expect(refused.note).toContain('is not a statistics file')
})

test('with --redact no value of a row is in the file, and generic plans stay', async () => {
  const { out } = await run(
    'stats',
    'export',
    database.url,
    '--out',
    path('redacted.json'),
    '--redact',
    '--json',
  )
  expect(JSON.parse(out)).toMatchObject({ values: 'surrogate', tables: 1, columnsWithStatistics: 3 })
  const text = readFileSync(path('redacted.json'), 'utf8')
  expect(text).not.toContain('Secret Name')
  expect(text).not.toContain('1950-')
  const plans = await Promise.all(
    ['stats.json', 'redacted.json'].map(async (file) => {
      await run('stats', 'export', database.url, '--out', path('stats.json'))
      return JSON.parse(
        (await run('twin', 'explain', path(file), '--workload', path('workload.json'), '--json')).out,
      )[1]
    }),
  )
  expect(plans[0]).toEqual(plans[1])
})

test('twin build makes a private folder that explain takes, and refuses one that is in use', async () => {
  const { out } = await run('twin', 'build', database.url, '--out', path('twin'), '--json')
  expect(JSON.parse(out)).toMatchObject({ tables: 1, indexes: 2, host: 'pglite', leftOut: [] })
  expect(statSync(path('twin')).mode & 0o777).toBe(0o700)
  expect(existsSync(path('twin/data/PG_VERSION'))).toBe(true)
  const explained = await run('twin', 'explain', path('twin'), '--workload', path('workload.json'))
  expect(explained.out).toContain('by key: cost')
  const again = await run('twin', 'build', database.url, '--out', path('twin'))
  expect(again.exitCode).toBe(EXIT.usage)
  expect(again.note).toContain('is not empty')
})

test('a role that may not select from a table is told which statistics it lacks', async () => {
  const { exitCode, note } = await run('stats', 'export', database.monitorUrl, '--out', path('little.json'))
  expect(exitCode).toBe(EXIT.clean)
  expect(note).toContain('statistics public.patient: the role may not select from it')
})

test.each([
  [['twin'], 'build or explain?'],
  [['twin', 'explian', 'x'], 'Did you mean "pgsteward twin explain"?'],
  [['twin', 'explain', 'postgres://a/b'], 'which statements?'],
  [['twin', 'explain', 'postgres://a/b', '--workload', 'nowhere.sql'], 'cannot be read'],
  [['twin', 'build', 'postgres://a/b'], 'in which folder?'],
  [['twin', 'build', 'postgres://a/b', '--out', 'x', '--host', 'nativ'], 'Did you mean --host native?'],
  [['stats', 'export', 'postgres://a/b'], 'into which file?'],
  [['stats'], 'export?'],
])('%j is a usage error', async (args, words) => {
  const { exitCode, note } = await run(...args)
  expect(exitCode).toBe(EXIT.usage)
  expect(note).toContain(words)
})
