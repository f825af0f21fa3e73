// advise --prisma through the command line: from a workload to migrations in a project, which deploy as they are.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXIT } from '../../src/model/error.ts'
import { run } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

let database: TestDatabase
let dir: string

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-advise-prisma-'))
  database = await createDatabase()
  await database.run(
    'create table "Parcel" (id integer primary key, "tenantId" integer not null, "sentAt" timestamptz not null)',
    `insert into "Parcel" select i, i % 500, timestamptz '2026-01-01' + i * interval '1 minute' from generate_series(1, 60000) i`,
    'create index "Parcel_old_idx" on "Parcel" ("tenantId")',
    'vacuum analyze',
  )
  writeFileSync(
    join(dir, 'workload.json'),
    JSON.stringify([
      {
        id: 'latest; of a tenant',
        sql: 'select * from "Parcel" where "tenantId" = 7 order by "sentAt" desc limit 5',
        callsPerMinute: 600,
      },
    ]),
  )
  mkdirSync(join(dir, 'project/prisma/migrations/20260101000000_start'), { recursive: true })
  writeFileSync(
    join(dir, 'project/prisma/schema.prisma'),
    'model Parcel {\n  id Int @id\n  tenantId Int\n  sentAt DateTime\n  @@index([tenantId], map: "Parcel_old_idx")\n}\n',
  )
  writeFileSync(
    join(dir, 'project/prisma/migrations/20260101000000_start/migration.sql'),
    `create table "Parcel" (id integer primary key, "tenantId" integer not null, "sentAt" timestamptz not null);
     create index "Parcel_old_idx" on "Parcel" ("tenantId");`,
  )
})
afterAll(async () => {
  await database?.drop()
  rmSync(dir, { recursive: true, force: true })
})

const advise = (...args: readonly string[]) =>
  run('advise', database.url, '--workload', join(dir, 'workload.json'), '--budget', '10MB', ...args)
const folders = (path: string) => readdirSync(join(dir, path)).filter((name) => /^\d{14}_/.test(name))

test('X4: writes what it advises into the project, with its reason, and with --drops what becomes superfluous', async () => {
  const { exitCode, out, note } = await advise('--prisma', join(dir, 'project'), '--drops', '--json')
  expect(exitCode, note).toBe(EXIT.clean)
  const report = JSON.parse(out)
  expect(report.indexes).toHaveLength(1)
  const [, added, dropped, ...more] = folders('project/prisma/migrations')
  expect([added, dropped, more]).toEqual([
    expect.stringMatching(/^\d{14}_add_index_parcel_tenantid_sentat_idx$/),
    expect.stringMatching(/^\d{14}_drop_index_parcel_old_idx$/),
    [],
  ])
  const text = readFileSync(join(dir, 'project/prisma/migrations', added!, 'migration.sql'), 'utf8')
  expect(text).toContain('latest, of a tenant: ')
  expect(text).toContain('@@index([tenantId, sentAt')
  expect(note).toContain('add to model Parcel in prisma/schema.prisma')
  await database.run(text, text)
  const drop = readFileSync(join(dir, 'project/prisma/migrations', dropped!, 'migration.sql'), 'utf8')
  expect(drop).toContain(
    '--     create index concurrently if not exists "Parcel_old_idx" on "Parcel" ("tenantId")',
  )
  const verified = await run('verify', database.url, '--prisma', join(dir, 'project'), '--json')
  expect(JSON.parse(verified.out).indexes.map((index: { status: string }) => index.status)).not.toContain(
    'missing',
  )
  await database.run(`drop index "${report.indexes[0].name}"`)
})

test('X4: what the project declares already is not written again', async () => {
  const before = folders('project/prisma/migrations')
  const { note } = await advise('--prisma', join(dir, 'project'))
  expect(note).toContain('the project declares an equal index already')
  expect(folders('project/prisma/migrations')).toEqual(before)
})

test('X4: a folder that does not exist becomes one of migrations; a file is refused before the search', async () => {
  const { note } = await advise('--prisma', join(dir, 'new/migrations'))
  expect(note).toContain('written to')
  expect(readdirSync(join(dir, 'new/migrations'))).toEqual([
    expect.stringMatching(/^\d{14}_add_index_parcel_tenantid_sentat_idx$/),
    'migration_lock.toml',
  ])
  const refused = await advise('--prisma', join(dir, 'workload.json'))
  expect(refused.exitCode).toBe(EXIT.usage)
  expect(refused.note).toContain('is no folder for migrations')
})
