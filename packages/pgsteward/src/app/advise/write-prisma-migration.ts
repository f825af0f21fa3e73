// Writes advised indexes into a Prisma project as migrations, one folder each. Nothing that is there is ever overwritten.

import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { AdviceReport, AdvisedIndex, RedundantIndex } from '../../model/advice.ts'
import { StewardError } from '../../model/error.ts'
import type { Declared } from '../../prisma/declared-index.ts'
import { findPrismaProject } from '../../prisma/find-project.ts'
import type { WantedIndex } from '../../prisma/index-migration.ts'
import { migrationIndexes } from '../../prisma/migration-indexes.ts'
import { type MigrationFiles, prismaMigrations } from '../../prisma/prisma-migrations.ts'
import { type PrismaModel, readPrismaModels } from '../../prisma/prisma-models.ts'
import { readMigrationFiles } from '../../prisma/read-migration-files.ts'
import { formatBytes } from '../../report/format.ts'
import { definitionText } from '../../sql/index-definition.ts'
import { loadParser } from '../../sql/parse/parse-statements.ts'
import { loadScriptReader } from '../../sql/parse/read-script.ts'
import { readDeclaredIndexes } from '../verify/declared-indexes.ts'

export interface WriteMigrationRequest {
  /** A Prisma project, its prisma folder, or a folder of migrations; what does not exist is made as the latter. */
  readonly dir: string
  /** In front of the index's name in the folder's; `add_index` and `drop_index` without it. */
  readonly name?: string
  readonly now: Date
  readonly indexes: readonly WantedIndex[]
}

export interface WrittenMigrations extends MigrationFiles {
  /** Where the folders are. */
  readonly migrationsDir: string
  readonly notes: readonly string[]
}

/** All or nothing is not possible with files: what was written before an error stays. */
export async function writePrismaMigration(request: WriteMigrationRequest): Promise<WrittenMigrations> {
  const place = await placeOf(request.dir)
  const made = prismaMigrations({
    wanted: request.indexes.map((index) => withKnownDefinition(index, place.declared)),
    ...(request.name === undefined ? {} : { name: request.name }),
    now: request.now,
    existing: place.existing,
    declared: place.declared.indexes,
    models: place.models,
    parse: await loadParser(),
  })
  if (made.files.length > 0) await write(place, made)
  return { ...made, migrationsDir: place.migrationsDir, notes: made.files.length === 0 ? [] : place.notes }
}

/** Throws as writePrismaMigration would for this folder: before a long search for what to write there. */
export async function checkMigrationPlace(dir: string): Promise<void> {
  await placeOf(dir)
}

/** As files, without a project: for a script that someone downloads. */
export async function prismaMigrationFiles(
  indexes: readonly WantedIndex[],
  now: Date,
): Promise<MigrationFiles> {
  const parse = await loadParser()
  return prismaMigrations({ wanted: indexes, now, existing: [], declared: [], models: [], parse })
}

interface Place {
  readonly migrationsDir: string
  readonly existing: readonly string[]
  readonly declared: Declared
  readonly models: readonly PrismaModel[]
  readonly notes: readonly string[]
}

async function placeOf(dir: string): Promise<Place> {
  const entries = await readdir(dir).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [] as string[]
    throw new StewardError('usage', `${dir} is no folder for migrations`, { detail: cause.message, cause })
  })
  const isMigrations =
    entries.includes('migration_lock.toml') ||
    entries.some((name) => /^\d{14}_/.test(name)) ||
    (basename(dir) === 'migrations' && !entries.some((name) => name.endsWith('.prisma')))
  if (entries.length === 0 || isMigrations) {
    const declared: Declared =
      entries.length === 0 || !entries.some((name) => /^\d{14}/.test(name))
        ? { indexes: [], problems: [] }
        : migrationIndexes((await readMigrationFiles(dir)).texts, await loadScriptReader())
    // the usual place of the schema beside its migrations gives the lines to add to it
    const project = await findPrismaProject(dirname(dir)).catch(() => null)
    const models = project === null ? [] : readPrismaModels(project.schema).models
    return { migrationsDir: dir, existing: entries, declared, models, notes: [] }
  }
  const project = await findPrismaProject(dir)
  const { models } = readPrismaModels(project.schema)
  const existing = await readdir(project.migrationsDir).catch(() => [] as string[])
  const declared = await readDeclaredIndexes({ kind: 'prisma', dir })
  const notes = existing.some((name) => /^\d{14}/.test(name))
    ? []
    : [
        'The project has no migrations yet: before `prisma migrate deploy`, baseline the database as Prisma documents it (P3005).',
      ]
  return { migrationsDir: project.migrationsDir, existing, declared, models, notes }
}

async function write({ migrationsDir, existing }: Place, { files }: MigrationFiles): Promise<void> {
  try {
    await mkdir(migrationsDir, { recursive: true })
    if (!existing.includes('migration_lock.toml'))
      await writeFile(join(migrationsDir, 'migration_lock.toml'), LOCK, { flag: 'wx' })
    for (const { path, text } of files) {
      // fails where the folder is there: it may have been applied
      await mkdir(join(migrationsDir, dirname(path)))
      await writeFile(join(migrationsDir, path), text, { flag: 'wx' })
    }
  } catch (cause) {
    throw new StewardError('usage', `the migration can't be written to ${migrationsDir}`, {
      detail: (cause as Error).message,
      cause,
    })
  }
}

const LOCK = `# Please do not edit this file manually
# It should be added in your version-control system (e.g., Git)
provider = "postgresql"
`

function withKnownDefinition(index: WantedIndex, { indexes }: Declared): WantedIndex {
  if (index.definition !== null) return index
  const known = indexes.find(({ name, table }) => name === index.name && table === index.table)
  return known === undefined ? index : { ...index, definition: definitionText(known) }
}

/** What a migration says of an advised index: for which statements, how much, and by whose prediction. */
export function wantedOf(index: AdvisedIndex, { planner }: Pick<AdviceReport, 'planner'>): WantedIndex {
  const { schema, table, name, definition, statements, sizeBytes } = index
  const count = statements.length === 1 ? '1 statement' : `${statements.length} statements`
  return {
    kind: 'create',
    schema,
    table,
    name,
    definition,
    because: [
      `Advised by pgsteward for ${count}, about ${formatBytes(sizeBytes)}:`,
      ...statements.slice(0, MOST_STATEMENTS).map(servedLine),
      ...(statements.length > MOST_STATEMENTS ? [`  and ${statements.length - MOST_STATEMENTS} more`] : []),
      `Costs are the planner's units a call, predicted by ${plannerWords(planner)}.`,
      ...index.cautions,
    ],
  }
}

export function unwantedOf({ schema, table, name, sizeBytes, because }: RedundantIndex): WantedIndex {
  return {
    kind: 'drop',
    schema,
    table,
    name,
    definition: null,
    because: [`Advised by pgsteward: ${because}. It frees ${formatBytes(sizeBytes)}.`],
  }
}

const MOST_STATEMENTS = 5

/** Without the statement's text where it has a name of its own: texts may hold values of users' rows. */
function servedLine(statement: AdvisedIndex['statements'][number]): string {
  const { id, sql, callsPerMinute, costBefore, costAfter, scanBefore, scanAfter } = statement
  const name = /^-?\d{9,}$/.test(id) && !/'/.test(sql) ? shortened(sql) : id
  const scans =
    scanBefore === null || scanBefore === scanAfter ? scanAfter : `${scanBefore} becomes ${scanAfter}`
  return `  ${name}: ${figure(costBefore)} to ${figure(costAfter)}, ${figure(callsPerMinute)} calls a minute (${scans})`
}

function shortened(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`
}

function figure(value: number): string {
  return Number(value.toFixed(Math.abs(value) < 10 ? 1 : 0)).toLocaleString('en-US')
}

function plannerWords({ kind, versionNum, agreement }: AdviceReport['planner']): string {
  const who =
    kind === 'hypopg'
      ? 'HypoPG on the target'
      : `a planner twin (PostgreSQL ${Math.floor(versionNum / 10_000)})`
  return agreement === null
    ? who
    : `${who} that agrees with the target on ${agreement.sameShape} of ${agreement.statements} plans`
}
