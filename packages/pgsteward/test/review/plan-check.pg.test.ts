// plan-check end to end: production with rows, a developer's database without any, and pull requests as folders of migrations; all
// through the command line (V3).

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXIT } from '../../src/model/error.ts'
import type { PlanCheckReport } from '../../src/model/plan-check.ts'
import { readMigrationFiles } from '../../src/prisma/read-migration-files.ts'
import { fingerprintOf } from '../../src/sql/fingerprint.ts'
import { splitScript } from '../../src/sql/parse/split-script.ts'
import { run } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const MIGRATIONS = join(import.meta.dirname, '../../../../examples/messaging/prisma/migrations')
const THREAD_INDEX = 'conversation_message_conversation_id_sent_at_id_idx'

/** What the application sends, as pg_stat_statements writes it. */
const THREAD =
  'select id, body from conversation_message where conversation_id = $1 order by sent_at desc, id desc limit $2'
const INBOX =
  'select id from conversation where church_id = $1 order by last_message_at desc, id desc limit $2'
const MEMBER = 'select id, first_name from member where church_id = $1 and phone = $2'

let dir: string
let production: TestDatabase
let developer: TestDatabase
const path = (...names: readonly string[]) => join(dir, ...names)

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-plan-check-'))
  production = await createDatabase()
  developer = await createDatabase()
  await migrate(production, MIGRATIONS)
  await production.run(
    'create extension if not exists pg_stat_statements',
    "insert into church (name, slug) select 'Church ' || i, 'church-' || i from generate_series(1, 40) i",
    `insert into member (church_id, first_name, last_name, phone, email, joined_on)
       select 1 + i % 40, 'First ' || i, 'Last ' || i % 900, '+1555' || 1000000 + i, 'member' || i || '@example.org', date '2020-01-01' + i % 900
         from generate_series(1, 20000) i`,
    `insert into conversation (church_id, member_id, last_message_at)
       select 1 + i % 40, i, timestamptz '2026-01-01' + i * interval '1 minute' from generate_series(1, 20000) i`,
    `insert into conversation_message (conversation_id, direction, body, carrier_message_id, sent_at)
       select 1 + i % 20000, 'INBOUND', repeat('word ', 12), 'carrier-' || i, timestamptz '2026-01-01' + i * interval '20 seconds'
         from generate_series(1, 100000) i`,
    'vacuum analyze',
    `create table _prisma_migrations (id text, migration_name text not null, finished_at timestamptz, rolled_back_at timestamptz)`,
    ...(await readMigrationFiles(MIGRATIONS)).texts.map(
      ({ name }) => `insert into _prisma_migrations (migration_name, finished_at) values ('${name}', now())`,
    ),
  )
  for (const sql of [THREAD, INBOX, MEMBER]) await execute(production, sql)
  expect(
    (await run('stats', 'export', production.url, '--out', path('statistics.json'), '--redact')).exitCode,
  ).toBe(0)
  expect((await run('workload', 'export', production.url, '--out', path('workload.json'))).exitCode).toBe(0)
}, 240_000)

afterAll(async () => {
  await production?.drop()
  await developer?.drop()
  rmSync(dir, { recursive: true, force: true })
})

test('workload export writes what was asked, without values (V3)', () => {
  const workload: { id: string; template: string; callsPerMinute: number }[] = JSON.parse(
    readFileSync(path('workload.json'), 'utf8'),
  )
  expect(workload.map(({ template }) => template)).toEqual(expect.arrayContaining([THREAD, INBOX, MEMBER]))
  // an id is the text's own, so that a waiver holds in every database
  expect(workload.find(({ template }) => template === MEMBER)!.id).toBe(fingerprintOf(MEMBER))
  for (const { template, callsPerMinute } of workload) {
    expect(template).not.toContain('+1555')
    expect(callsPerMinute).toBeGreaterThan(0)
  }
})

test('a pull request that drops a needed index fails, and names the statement (V3)', async () => {
  const migrations = pullRequest('drop', `set lock_timeout = '2s';\ndrop index ${THREAD_INDEX};\n`)
  const before = await touches()
  const forms = ['--markdown', path('out/comment.md'), '--junit', path('out/junit.xml')]
  const { exitCode, report } = await check(migrations, ...forms)
  // production saw no session, no scan, no statement of it
  const after = await touches()
  // texts of others are evicted from the server's pg_stat_statements meanwhile; none came
  expect(before.statements).toEqual(expect.arrayContaining([...after.statements]))
  expect({ ...after, statements: [] }).toEqual({ ...before, statements: [] })
  expect(exitCode).toBe(EXIT.gate)
  expect(report.migrations).toMatchObject({ knownBy: 'recorded', pending: ['20270101000000_drop'] })
  expect(failed(report)).toEqual(['cost-increase', 'index-lost', 'new-sequential-scan'])
  const lost = report.conditions.find(({ id }) => id === 'index-lost')!.violations[0]!
  expect(lost.subject).toBe(`public.${THREAD_INDEX}`)
  const thread = report.review.plans!.find(({ sql }) => sql === THREAD)!
  expect(thread.before!.indexes).toEqual([THREAD_INDEX])
  expect(thread.after!.cost).toBeGreaterThan(100 * thread.before!.cost)
  expect(readFileSync(path('out/comment.md'), 'utf8')).toMatch(/^## Plan check\n\n\*\*FAIL/)
  expect(readFileSync(path('out/junit.xml'), 'utf8')).toMatch(/<failure message="1 of index-lost">/)
})

test('a query that would scan a large table fails, though the developer’s own database is empty (V3)', async () => {
  const search = 'select id, first_name from member where email = $1'
  const sent = await sentByTests(MIGRATIONS, [THREAD, INBOX, search])
  const { exitCode, report } = await check(MIGRATIONS, '--workload', sent, '--known', path('workload.json'))
  expect(exitCode).toBe(EXIT.gate)
  expect(report.migrations.pending).toEqual([])
  expect(report.statements.new).toBe(1)
  expect(failed(report)).toEqual(['new-sequential-scan'])
  const [violation] = report.conditions.find(({ id }) => id === 'new-sequential-scan')!.violations
  expect(violation!.summary).toContain('public.member')
  expect(violation!.evidence).toContainEqual({ label: 'rows', value: 20_000, unit: 'count' })

  // with the index that it needs, the same query passes
  const migrations = pullRequest('email', 'create index concurrently member_email_idx on member (email);\n')
  const mended = await check(migrations, '--workload', sent, '--known', path('workload.json'))
  expect(failed(mended.report)).toEqual([])
  expect(mended.exitCode).toBe(EXIT.clean)
})

test('a harmless pull request passes, with its new table and column in use (V3)', async () => {
  const migrations = pullRequest(
    'notes',
    `set lock_timeout = '2s';
     alter table member add column note text;
     create table member_note (id bigint generated by default as identity primary key, member_id bigint not null references member, body text);
     create index member_note_member_id_idx on member_note (member_id);\n`,
  )
  const sent = await sentByTests(migrations, [
    THREAD,
    INBOX,
    'select note from member where id = $1',
    'select body from member_note where member_id = $1',
  ])
  const { exitCode, report } = await check(migrations, '--workload', sent, '--known', path('workload.json'))
  expect(failed(report)).toEqual([])
  expect(exitCode).toBe(EXIT.clean)
  expect(report.statements.new).toBe(2)
})

test('a waiver lets a statement pass (V3)', async () => {
  const queries = path('report.sql')
  writeFileSync(queries, '-- name: yearly-report\nselect max(length(body)) from conversation_message;\n')
  writeFileSync(
    path('policy.json'),
    `{ "waivers": [ // once a year
         { "statement": "yearly-report", "reason": "runs once a year", "expires": "2999-01-01" }, ] }`,
  )
  const { exitCode, report } = await check(MIGRATIONS, '--queries', queries, '--policy', path('policy.json'))
  expect(exitCode).toBe(EXIT.clean)
  expect(report.conditions.find(({ id }) => id === 'new-sequential-scan')).toMatchObject({
    status: 'ok',
    violations: [{ statement: 'yearly-report', waivedBecause: 'runs once a year (until 2999-01-01)' }],
  })
})

test('what is missing or not understood is named', async () => {
  const refused = async (...args: readonly string[]) => {
    const { exitCode, note } = await run('plan-check', ...args)
    expect(exitCode).toBe(EXIT.usage)
    return note
  }
  expect(await refused(production.url)).toContain('connects to nothing')
  expect(await refused('--stats', path('statistics.json'))).toContain('--migrations is missing')
  const all = [
    '--stats',
    path('statistics.json'),
    '--migrations',
    MIGRATIONS,
    '--workload',
    path('workload.json'),
  ]
  expect(await refused(...all, '--since', 'never')).toContain('--since never')
  writeFileSync(path('broken.json'), '{ "conditions": { "cost-increased": "off" } }')
  expect(await refused(...all, '--policy', path('broken.json'))).toContain('cost-increased')
})

async function check(migrations: string, ...args: readonly string[]) {
  const workload = args.includes('--workload') ? [] : ['--workload', path('workload.json')]
  const { exitCode, out, note } = await run(
    'plan-check',
    ...['--stats', path('statistics.json'), '--migrations', migrations, ...workload, ...args, '--json'],
  )
  if (out === '') throw new Error(note)
  return { exitCode, report: JSON.parse(out) as PlanCheckReport }
}

function failed({ conditions }: PlanCheckReport): readonly string[] {
  return conditions.flatMap(({ id, status }) => (status === 'fail' ? id : [])).toSorted()
}

/** The repository's migrations and one more. */
function pullRequest(name: string, sql: string): string {
  const folder = path('requests', name)
  cpSync(MIGRATIONS, folder, { recursive: true })
  mkdirSync(join(folder, `20270101000000_${name}`))
  writeFileSync(join(folder, `20270101000000_${name}`, 'migration.sql'), sql)
  return folder
}

/** What CI does: an empty database with the pull request's migrations, its tests, and what they sent. */
async function sentByTests(migrations: string, statements: readonly string[]): Promise<string> {
  await developer.run(
    'drop schema public cascade',
    'create schema public',
    'create extension pg_stat_statements',
  )
  await migrate(developer, migrations)
  await developer.run(
    'select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()))',
  )
  for (const sql of statements) await execute(developer, sql)
  const out = path('sent.json')
  expect((await run('workload', 'export', developer.url, '--out', out)).exitCode).toBe(0)
  return out
}

async function migrate(database: TestDatabase, folder: string): Promise<void> {
  const { texts } = await readMigrationFiles(folder)
  for (const { text } of texts) await database.run(...splitScript(text).map(({ sql }) => sql))
}

/** As drivers send it: $n with values. */
async function execute(database: TestDatabase, sql: string): Promise<void> {
  const values = sql.includes('phone = $2')
    ? [7, '+15551000007']
    : sql.includes('$2')
      ? [7, 20]
      : sql.includes('email')
        ? ['a@b.c']
        : [7]
  await (await database.connect()).query(sql, values)
}

async function touches(): Promise<{ sessions: string; scans: string; statements: readonly string[] }> {
  await production.flushStatistics()
  const [row] = await production.query(
    `select (select sessions from pg_stat_database where datname = current_database()) as sessions,
            (select sum(seq_scan + coalesce(idx_scan, 0) + n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables) as scans,
            array(select distinct s.queryid::text from pg_stat_statements s join pg_database d on d.oid = s.dbid
                   where d.datname = current_database() and s.query ~* 'explain|pgsteward') as statements`,
  )
  return row as Awaited<ReturnType<typeof touches>>
}
