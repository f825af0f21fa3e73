// The contract of the migrations: Prisma's way and the demo's end in the same catalog, schema.prisma says the same, and failing is
// seen. Prisma runs with our schema engine (scripts/schema-engine.mjs), so this holds what it may rely on too.

import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../packages/pgsteward/test/postgres/database.ts'
import { readMigrations, statementsOf } from './migrations.ts'
import { CATALOG } from './testing/catalog.ts'
import { migrate } from './testing/test-app.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))
const scratch = mkdtempSync(join(folder, '.migrations-test-'))
let byPrisma: TestDatabase
let byDemo: TestDatabase

beforeAll(async () => {
  byPrisma = await createDatabase()
  byDemo = await createDatabase()
})
afterAll(async () => {
  rmSync(scratch, { recursive: true, force: true })
  await byPrisma.drop()
  await byDemo.drop()
})

interface Ended {
  readonly code: number
  readonly output: string
}

function prisma(database: TestDatabase, args: readonly string[], cwd = folder): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(cwd, 'scripts/migrate.mjs'), ...args],
      { env: { ...process.env, DATABASE_URL: database.url, NO_COLOR: '1' } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    )
  })
}

test('prisma migrate deploy and the demo make the same catalog, without a download', async () => {
  const { code, output } = await prisma(byPrisma, [])
  expect(code, output).toBe(0)
  expect(output).toContain('All migrations have been successfully applied')
  await migrate(byDemo.url)
  const made = await byPrisma.query(CATALOG)
  expect(made.length).toBeGreaterThan(200)
  expect(made).toEqual(await byDemo.query(CATALOG))
})

test('deploying again has nothing to do', async () => {
  const { code, output } = await prisma(byPrisma, ['deploy'])
  expect(code, output).toBe(0)
  expect(output).toContain('No pending migrations')
})

test('schema.prisma says what the migrations make', async () => {
  const diff = ['diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--exit-code']
  expect(await prisma(byPrisma, diff)).toMatchObject({ code: 0 })
  await byPrisma.run('alter table church add column denomination text')
  const { code, output } = await prisma(byPrisma, [...diff, '--script'])
  await byPrisma.run('alter table church drop column denomination')
  expect(code).toBe(2)
  expect(output).toContain('DROP COLUMN "denomination"')
})

test('the two migrations of the composite indexes are concurrent, and may run again', async () => {
  const later = readMigrations().slice(2)
  const statements = later.flatMap(statementsOf)
  expect(later).toHaveLength(2)
  expect(statements).toHaveLength(7)
  for (const sql of statements)
    expect(sql).toMatch(/^create index concurrently if not exists \w+\s+on \w+ \(\w+, /)
  await byDemo.run(...statements)
})

test('a migration that fails is an exit code other than 0, and so is a server that is not there', async () => {
  // a copy of the application's folder with a migration of its own
  for (const part of ['scripts', 'prisma', 'prisma.config.ts'])
    cpSync(join(folder, part), join(scratch, part), { recursive: true })
  const bad = join(scratch, 'prisma/migrations/20991231000000_bad')
  mkdirSync(bad)
  writeFileSync(join(bad, 'migration.sql'), 'select no_such_column from church;\n')
  const { code, output } = await prisma(byPrisma, [], scratch)
  expect(code).toBe(1)
  expect(output).toContain('no_such_column')
  const nowhere = { ...byPrisma, url: 'postgres://postgres:x@127.0.0.1:1/x' }
  expect((await prisma(nowhere, [])).code).toBe(1)
})
