// Our migrations in the hands of the real prisma command, on a real server: deployed, deployed again, and no difference left between
// database, migrations and schema once the lines that we name are in it.

import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type WrittenMigrations, writePrismaMigration } from '../../src/app/advise/write-prisma-migration.ts'
import { readDeclaredIndexes } from '../../src/app/verify/declared-indexes.ts'
import type { WantedIndex } from '../../src/prisma/index-migration.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const example = resolve(import.meta.dirname, '../../../../examples/messaging')
// within the example, so that node finds what it has installed
const project = mkdtempSync(join(example, '.migrations-test-'))
const migrationsDir = join(project, 'prisma/migrations')
const NOW = new Date('2026-11-22T10:45:00Z')
let database: TestDatabase
let written: WrittenMigrations

const wanted = (name: string, table: string, definition: string): WantedIndex => ({
  kind: 'create',
  schema: 'public',
  table,
  name,
  definition,
  because: [`For a statement; with a semicolon, and "quotes" -- ${name}`],
})

const INDEXES = [
  wanted('message_status_created_at_idx', 'message', '(status, created_at desc)'),
  wanted('member_lower_email_idx', 'member', '(lower(email), church_id)'),
  wanted('delivery_failed_part_idx', 'delivery', "(church_id, updated_at desc) where status = 'FAILED'"),
  wanted('Conversation Öffnung', 'conversation', '(church_id, status) include (assigned_user_id)'),
  wanted('audit_log_details_gin_idx', 'audit_log', 'using gin (details jsonb_path_ops)'),
  wanted('audit_log_created_at_brin_idx', 'audit_log', 'using brin (created_at)'),
  wanted('payment_paid_at_idx', 'payment', '(paid_at desc nulls last)'),
  wanted('church_name_idx', 'church', '(name text_pattern_ops)'),
]

beforeAll(async () => {
  for (const part of ['scripts', 'prisma', 'prisma.config.ts'])
    cpSync(join(example, part), join(project, part), { recursive: true })
  database = await createDatabase()
  expect((await prisma('deploy')).code).toBe(0)
  written = await writePrismaMigration({ dir: project, now: NOW, indexes: INDEXES })
})
afterAll(async () => {
  rmSync(project, { recursive: true, force: true })
  await database.drop()
})

interface Ended {
  readonly code: number
  readonly output: string
}

function prisma(...args: readonly string[]): Promise<Ended> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [join(project, 'scripts/migrate.mjs'), ...args],
      { env: { ...process.env, DATABASE_URL: database.url, NO_COLOR: '1' } },
      (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    )
  })
}

const DIFF = ['diff', '--from-config-datasource', '--to-schema', join(project, 'prisma/schema.prisma')]

// each start of the prisma command takes seconds, and several at a busy machine
describe('X4: migrations that pgsteward writes', { timeout: 300_000 }, () => {
  test('are one folder an index, behind the others, with a statement each and no semicolon in a comment', () => {
    expect(written.refused).toEqual([])
    expect(written.files.map(({ path }) => path)).toEqual([
      '20261122104500_add_index_message_status_created_at_idx/migration.sql',
      '20261122104501_add_index_member_lower_email_idx/migration.sql',
      '20261122104502_add_index_delivery_failed_part_idx/migration.sql',
      '20261122104503_add_index_conversation_ffnung/migration.sql',
      '20261122104504_add_index_audit_log_details_gin_idx/migration.sql',
      '20261122104505_add_index_audit_log_created_at_brin_idx/migration.sql',
      '20261122104506_add_index_payment_paid_at_idx/migration.sql',
      '20261122104507_add_index_church_name_idx/migration.sql',
    ])
    for (const { path } of written.files) {
      const text = readFileSync(join(migrationsDir, path), 'utf8')
      expect(text.match(/;/g)).toHaveLength(1)
      expect(text).toMatch(/\ncreate index concurrently if not exists .*\n {4}on .*;\n$/)
      expect(text).toContain('-- Undo:\n--     drop index concurrently if exists')
      expect(text).toContain('prisma migrate resolve --rolled-back 2026112210450')
    }
  })

  test('are deployed by prisma, and again there is nothing to do', async () => {
    const first = await prisma('deploy')
    expect(first.code, first.output).toBe(0)
    expect(first.output).toContain('20261122104507_add_index_church_name_idx')
    const valid = await database.query<{ name: string }>(
      `select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
        where i.indisvalid and c.relname in (${INDEXES.map(({ name }) => `'${name}'`).join(', ')})`,
    )
    expect(valid).toHaveLength(INDEXES.length)
    const again = await prisma('deploy')
    expect(again.code, again.output).toBe(0)
    expect(again.output).toContain('No pending migrations')
    expect((await prisma('status')).output).toContain('Database schema is up to date')
  })

  test('are idempotent: each statement may run again', async () => {
    for (const { path } of written.files) await database.run(readFileSync(join(migrationsDir, path), 'utf8'))
  })

  test('leave Prisma nothing to drop once the lines that they name are in the schema', async () => {
    const before = await prisma(...DIFF, '--script')
    const seen = written.files.filter(({ line }) => line.kind === 'line').map(({ index }) => index.name)
    expect(seen).toHaveLength(6)
    for (const name of seen) expect(before.output).toContain(`DROP INDEX "${name}"`)
    // partial and on an expression: Prisma does not see them
    expect(before.output).not.toContain('delivery_failed_part_idx')
    expect(before.output).not.toContain('member_lower_email_idx')
    const path = join(project, 'prisma/schema.prisma')
    let schema = readFileSync(path, 'utf8')
    for (const { line } of written.files) {
      if (line.kind !== 'line') continue
      expect(line.path).toBe('prisma/schema.prisma')
      schema = schema.replace(
        new RegExp(`(\\nmodel ${line.model} \\{[\\s\\S]*?)\\n\\}`),
        `$1\n  ${line.text}\n}`,
      )
    }
    writeFileSync(path, schema)
    const after = await prisma(...DIFF, '--exit-code')
    expect(after.code, after.output).toBe(0)
  })

  test('are not written where the project declares an equal index, or another of that name', async () => {
    const before = readdirSync(migrationsDir)
    const { files, refused } = await writePrismaMigration({
      dir: project,
      now: NOW,
      indexes: [
        wanted('another_name', 'message', '(status, created_at desc)'),
        wanted('member_other', 'member', '(lower((email)::text), church_id)'),
        wanted('payment_paid_at_idx', 'payment', '(amount_cents)'),
        wanted('broken', 'payment', '(amount_cents'),
      ],
    })
    expect(files).toEqual([])
    expect(readdirSync(migrationsDir)).toEqual(before)
    expect(refused.map(({ name, because }) => `${name}: ${because.split(/[,(]/)[0]?.trim()}`)).toEqual([
      'another_name: the project declares an equal index already',
      'member_other: the project declares an equal index already',
      'payment_paid_at_idx: the project has another index of this name',
      'broken: its definition does not parse',
    ])
  })

  test('drop an index with its definition for the undo, and refuse to drop that of a constraint', async () => {
    const drop = (name: string, table: string): WantedIndex => ({
      kind: 'drop',
      schema: 'public',
      table,
      name,
      definition: null,
      because: ['no longer needed'],
    })
    const { files, refused } = await writePrismaMigration({
      dir: project,
      now: NOW,
      indexes: [drop('message_author_id_idx', 'message'), drop('member_church_id_phone_key', 'member')],
    })
    expect(refused.map(({ name }) => name)).toEqual(['member_church_id_phone_key'])
    expect(files[0]?.path).toBe('20261122104508_drop_index_message_author_id_idx/migration.sql')
    expect(files[0]?.text).toContain(
      'create index concurrently if not exists message_author_id_idx on message (author_id)',
    )
    expect(files[0]?.text).toContain('prisma/schema.prisma:')
    expect((await prisma('deploy')).code).toBe(0)
    const declared = await readDeclaredIndexes({ kind: 'migrations', dir: migrationsDir })
    expect(declared.indexes.map(({ name }) => name)).not.toContain('message_author_id_idx')
    expect(await database.query(`select 1 from pg_class where relname = 'message_author_id_idx'`)).toEqual([])
  })
})
