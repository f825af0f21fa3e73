import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findPrismaProject } from './find-project.ts'
import { readMigrationFiles } from './read-migration-files.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-prisma-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(dir, dirname(path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
}

const MODEL = 'model M {\n  id Int @id\n}\n'
const SOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'

test.each<
  [what: string, files: Readonly<Record<string, string>>, schema: readonly string[], migrations: string]
>([
  ['the usual place', { 'prisma/schema.prisma': MODEL }, ['prisma/schema.prisma'], 'prisma/migrations'],
  ['the folder itself', { 'schema.prisma': MODEL }, ['schema.prisma'], 'migrations'],
  [
    'package.json',
    {
      'package.json': '{ "prisma": { "schema": "db/x.prisma" } }',
      'db/x.prisma': MODEL,
      'schema.prisma': MODEL,
    },
    ['db/x.prisma'],
    'db/migrations',
  ],
  [
    'prisma.config.ts',
    {
      'prisma.config.ts': `// schema: 'no.prisma'
        export default defineConfig({ schema: 'db/schema.prisma', migrations: { seed: 'x', path: "db/steps" } })`,
      'db/schema.prisma': MODEL,
    },
    ['db/schema.prisma'],
    'db/steps',
  ],
  [
    'a configuration that joins paths',
    {
      'prisma.config.ts': "export default { schema: path.join('db', 'all') }",
      'db/all/a.prisma': MODEL,
      'db/all/main.prisma': SOURCE,
    },
    ['db/all/a.prisma', 'db/all/main.prisma'],
    'db/all/migrations',
  ],
  [
    'several files in folders',
    { 'prisma/schema/models/m.prisma': MODEL, 'prisma/schema/main.prisma': SOURCE },
    ['prisma/schema/main.prisma', 'prisma/schema/models/m.prisma'],
    'prisma/schema/migrations',
  ],
  [
    'a folder of schema files',
    { 'a.prisma': MODEL, 'b/c.prisma': SOURCE },
    ['a.prisma', 'b/c.prisma'],
    'b/migrations',
  ],
])('X4: finds the schema by %s', async (_, files, schema, migrations) => {
  write(files)
  const project = await findPrismaProject(dir)
  expect(project.schema.map(({ path }) => path)).toEqual(schema)
  expect(relative(dir, project.migrationsDir)).toBe(migrations)
  expect(project.hasMigrations).toBe(false)
})

test('takes the schema file itself, and says where it looked when there is none', async () => {
  write({ 'a/b.prisma': MODEL })
  expect((await findPrismaProject(join(dir, 'a/b.prisma'))).schema[0]?.text).toBe(MODEL)
  rmSync(join(dir, 'a'), { recursive: true })
  await expect(findPrismaProject(dir)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('no Prisma schema'),
  })
  await expect(findPrismaProject(join(dir, 'gone'))).rejects.toMatchObject({ code: 'usage' })
})

test('reads migrations by name, 2 before 10, of folders and files, without those that undo', async () => {
  write({
    '20260102000000_b/migration.sql': 'b',
    '20260101000000_a/migration.sql': 'a',
    '20260101000000_a/down.sql': 'no',
    '003_c.sql': 'c',
    '003_c.down.sql': 'no',
    '10_e.sql': 'e',
    '2_d.sql': 'd',
    'U10__e.sql': 'no',
    'migration_lock.toml': 'provider = "postgresql"',
    'empty/readme.md': '',
  })
  expect((await readMigrationFiles(dir)).texts.map(({ name, text }) => `${name} ${text}`)).toEqual([
    '2_d.sql d',
    '003_c.sql c',
    '10_e.sql e',
    '20260101000000_a a',
    '20260102000000_b b',
  ])
})
