// The fixed contract of `pgsteward check URL --json`, on real servers.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { type CheckReport, checkReportSchema } from '../../src/model/check-report.ts'
import { EXIT } from '../../src/model/error.ts'
import { createDatabase, startTestServer, type TestDatabase } from '../postgres/database.ts'
import { run } from './run.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    'create table parcel (id bigint primary key, weight int)',
    'insert into parcel select i, 1 from generate_series(1, 10) i',
    'create table twice (id int)',
    'insert into twice values (1), (1)',
  )
  await expect(database.run('create unique index concurrently twice_id on twice (id)')).rejects.toThrow()
})
afterAll(() => database.drop())

async function check(url: string, ...args: string[]): Promise<CheckReport> {
  const { out, exitCode, note } = await run('check', url, '--json', '--fail-on', 'never', ...args)
  expect(exitCode, note).toBe(EXIT.clean)
  return checkReportSchema.parse(JSON.parse(out))
}

test('one shot obeys the schema, with one outcome for every check', async () => {
  const report = await check(database.monitorUrl)
  expect(report.outcomes.map((outcome) => outcome.checkId)).toEqual(ALL_CHECKS.map((each) => each.id).sort())
  expect(report.outcomes.filter((outcome) => outcome.status === 'failed')).toEqual([])
  expect(report.target).not.toContain('monitor:')
  const invalid = report.findings.find((finding) => finding.checkId === 'invalid-index')
  expect(invalid).toMatchObject({
    area: 'index',
    subject: { kind: 'index', schema: 'public', name: 'twice_id' },
    evidence: expect.arrayContaining([expect.objectContaining({ label: expect.any(String) })]),
    remedy: { sql: [expect.stringContaining('twice_id')] },
  })
})

test('a short watch judges rates, and its own statements are in nothing that it reports', async () => {
  const report = await check(database.monitorUrl, '--for', '3s', '--every', '1s')
  expect(report.watchedSeconds).toBeGreaterThanOrEqual(3)
  const because = report.outcomes.map((outcome) => outcome.because ?? '')
  expect(because.filter((text) => text.includes('needs two readings'))).toEqual([])
  expect(JSON.stringify(report.findings)).not.toMatch(/pgsteward:|pg_stat_|pg_catalog\.pg_class/)
})

test('the gate decides the exit code', async () => {
  const only = ['--only', 'invalid-index']
  expect((await run('check', database.monitorUrl, ...only, '--fail-on', 'critical')).exitCode).toBe(
    EXIT.clean,
  )
  expect((await run('check', database.monitorUrl, ...only, '--fail-on', 'warning')).exitCode).toBe(EXIT.gate)
})

test.each(['text', 'markdown', 'sarif', 'junit'])('--format %s names the finding', async (format) => {
  const { out, exitCode } = await run(
    'check',
    database.monitorUrl,
    '--only',
    'invalid-index',
    '--format',
    format,
  )
  expect(exitCode).toBe(EXIT.clean)
  // Markdown escapes the underscore
  expect(out.replaceAll('\\', '')).toContain('twice_id')
})

test('a role without pg_monitor sees less, and is told so', async () => {
  await database.run(
    "do $$ begin create role test_plain login password 'plain'; exception when duplicate_object then null; end $$",
  )
  const url = database.url.replace(/\/\/[^@]+@/, '//test_plain:plain@')
  const report = await check(url)
  expect(report.outcomes.filter((outcome) => outcome.status === 'failed')).toEqual([])
  const { out, exitCode } = await run('doctor', url)
  expect(exitCode).toBe(EXIT.gate)
  expect(out).toContain('grant pg_monitor to test_plain;')
})

test('a plain PostgreSQL 15 with nothing but pg_monitor is judged as far as it goes', async () => {
  const server = await startTestServer(15)
  try {
    const plain = await createDatabase(server.url())
    const report = await check(plain.monitorUrl, '--for', '2s', '--every', '1s')
    expect(report.server).toMatchObject({ role: 'primary', version: expect.stringMatching(/^15\./) })
    expect(report.outcomes.filter((outcome) => outcome.status === 'failed')).toEqual([])
    const slow = report.outcomes.find((outcome) => outcome.checkId === 'slow-statement')
    expect(slow).toMatchObject({ status: 'skipped', because: expect.stringContaining('pg_stat_statements') })
    const { out } = await run('doctor', plain.monitorUrl)
    expect(out).toContain("alter system set shared_preload_libraries = 'pg_stat_statements';")
    await plain.drop()
  } finally {
    await server.stop('immediate')
  }
})

test('a PostgreSQL that is too old is refused with one message', async () => {
  const server = await startTestServer(13)
  try {
    const { exitCode, out, note } = await run('check', server.url())
    expect(exitCode).toBe(EXIT.unreachable)
    expect(out).toBe('')
    expect(note).toMatch(/^error: PostgreSQL 13\.\d+ is not supported\n/)
  } finally {
    await server.stop('immediate')
  }
})
