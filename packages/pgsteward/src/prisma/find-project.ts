// Where a Prisma project keeps its schema and its migrations. Configuration is read as text, never run.

import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { StewardError } from '../model/error.ts'
import type { SchemaFile } from './schema-blocks.ts'

export interface PrismaProject {
  /** Where `prisma` is run. */
  readonly dir: string
  /** Paths relative to `dir`. */
  readonly schema: readonly SchemaFile[]
  /** Absolute; it may not exist yet. */
  readonly migrationsDir: string
  readonly hasMigrations: boolean
}

const CONFIGURATIONS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].flatMap((ext) => [
  `prisma.config.${ext}`,
  `.config/prisma.${ext}`,
])

/** `dir` is the project, its prisma folder, or a schema file. Throws 'usage' where there is no schema. */
export async function findPrismaProject(dir: string): Promise<PrismaProject> {
  const given = await kindOf(dir)
  if (given === null)
    throw new StewardError('usage', `there is no ${dir}`, { hint: 'Give the folder of a Prisma project.' })
  const root = given === 'file' ? dirname(dir) : dir
  const configured = given === 'file' ? {} : await readConfiguration(root)
  const candidates = [
    ...(given === 'file' ? [dir] : []),
    ...(configured.schema === undefined ? [] : [inside(root, configured.schema)]),
    ...['prisma/schema.prisma', 'schema.prisma', 'prisma/schema', 'schema', 'prisma', 'db/schema.prisma'].map(
      (path) => join(root, path),
    ),
  ]
  // a folder of schema files; not of a project, which would be searched through
  const isSchemaFolder = (await readdir(root)).some((name) => name.endsWith('.prisma'))
  for (const path of [...candidates, ...(isSchemaFolder ? [root] : [])]) {
    const files = await schemaFilesAt(path)
    if (files.length === 0) continue
    const schema = await Promise.all(
      files.map(async (file) => ({ path: relative(root, file), text: await readFile(file, 'utf8') })),
    )
    const main =
      schema.find(({ text }) => /^\s*datasource\s+\w+\s*\{/m.test(text))?.path ?? relative(root, files[0]!)
    const migrationsDir = inside(root, configured.migrations ?? join(dirname(main), 'migrations'))
    return { dir: root, schema, migrationsDir, hasMigrations: (await kindOf(migrationsDir)) === 'folder' }
  }
  throw new StewardError('usage', `${dir} holds no Prisma schema`, {
    detail: `looked for prisma.config.ts, prisma/schema.prisma, schema.prisma and prisma/schema/*.prisma`,
    hint: 'Give the folder in which `prisma` is run, or the schema file itself.',
  })
}

interface Configured {
  readonly schema?: string
  readonly migrations?: string
}

async function readConfiguration(root: string): Promise<Configured> {
  for (const name of CONFIGURATIONS) {
    const text = await readFile(join(root, name), 'utf8').catch(() => null)
    if (text === null) continue
    const code = text.replace(
      /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
      '$1',
    )
    // the last string of the value: path.join('a', 'b') is beyond reading as text, join("prisma", "schema.prisma") is not
    const schema = pathOf(/\bschema\s*:\s*([^\n]+)/.exec(code)?.[1])
    const migrations = pathOf(/\bmigrations\s*:\s*\{[^}]*?\bpath\s*:\s*([^\n}]+)/.exec(code)?.[1])
    return { ...(schema === null ? {} : { schema }), ...(migrations === null ? {} : { migrations }) }
  }
  const text = await readFile(join(root, 'package.json'), 'utf8').catch(() => null)
  if (text === null) return {}
  try {
    const { prisma } = JSON.parse(text) as { prisma?: { schema?: unknown } }
    return typeof prisma?.schema === 'string' ? { schema: prisma.schema } : {}
  } catch {
    return {}
  }
}

/** The strings of an expression such as 'a/b' or path.join('a', 'b'), joined; null where there is none. */
function pathOf(expression: string | undefined): string | null {
  if (expression === undefined) return null
  const isJoin = /^[\w.]*(join|resolve)\(/.test(expression)
  const strings = [...expression.matchAll(/(["'`])(.*?)\1/g)].map((match) => match[2]!)
  const wanted = isJoin ? strings : strings.slice(0, 1)
  return wanted.length === 0 ? null : join(...wanted)
}

function inside(root: string, path: string): string {
  return isAbsolute(path) ? path : join(root, path)
}

/** The file, or every .prisma file below the folder, in a fixed order. */
async function schemaFilesAt(path: string): Promise<readonly string[]> {
  const kind = await kindOf(path)
  if (kind === 'file') return path.endsWith('.prisma') ? [path] : []
  if (kind === null) return []
  const entries = await readdir(path, { recursive: true })
  return entries
    .filter((entry) => entry.endsWith('.prisma') && !entry.split(/[/\\]/).includes('node_modules'))
    .sort()
    .map((entry) => join(path, entry))
}

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  return stat(path).then(
    (found) => (found.isDirectory() ? 'folder' : 'file'),
    () => null,
  )
}
