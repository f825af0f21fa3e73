// Generates a Prisma client for tests, in plain JavaScript so that Node 20 runs it, with no download: generating never uses the
// schema engine, but Prisma wants one to exist.

import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

const require = createRequire(import.meta.url)
const SCHEMA = join(import.meta.dirname, 'host/schema.prisma')
const FOLDER = join(import.meta.dirname, '../../../node_modules/.cache/pgsteward-instrument-prisma')

export const TABLES = [
  'create table church (id serial primary key, name text not null)',
  'create table member (id serial primary key, name text not null, church_id int not null references church)',
  `insert into church (name) select 'church ' || i from generate_series(1, 3) i`,
  `insert into member (name, church_id) select 'member ' || i, 1 + i % 3 from generate_series(1, 100) i`,
]

/** The path of the generated client. Once for a version and schema, then it is there. */
export async function generatePrismaClient(): Promise<string> {
  const manifest = require.resolve('prisma/package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'))
  const made = `${version} ${readFileSync(SCHEMA, 'utf8')}`
  const stamp = join(FOLDER, 'made-of')
  const client = join(FOLDER, 'client/index.js')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === made && existsSync(client)) return client
  mkdirSync(FOLDER, { recursive: true })
  copyFileSync(SCHEMA, join(FOLDER, 'schema.prisma'))
  await promisify(execFile)(
    process.execPath,
    [join(manifest, '../build/index.js'), 'generate', '--schema', join(FOLDER, 'schema.prisma')],
    {
      cwd: FOLDER,
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: manifest,
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      },
    },
  )
  writeFileSync(stamp, made)
  return client
}
