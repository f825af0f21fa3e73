// Reads a target into a statistics file's form, in one read-only session. Catalogs and statistics views only; no table is scanned.

import type { RawRow } from '../../model/fact.ts'
import type { Session } from '../../postgres/connect.ts'
import { qualified } from '../../sql/quote.ts'
import { readAppliedMigrations } from './applied-migrations.ts'
import { DATABASE_SQL, EXTENSIONS_SQL, OVERRIDES_SQL, SCHEMAS_SQL, SETTINGS_SQL } from './catalog-sql.ts'
import { readColumnEnds } from './column-ends.ts'
import { readGinPages } from './gin-pages.ts'
import { readSchema, type SchemaReading } from './read-schema.ts'
import { readStatistics } from './read-statistics.ts'
import {
  type LeftOut,
  STATISTICS_FORMAT,
  STATISTICS_VERSION,
  type StatisticsFile,
} from './statistics-file.ts'
import { readTreeHeights } from './tree-heights.ts'

export interface ReadTargetOptions {
  readonly takenAt: Date
  readonly onProgress?: (step: string) => void
}

/**
 * About twenty catalog queries, then at most one EXPLAIN a B-tree. The session's search_path is emptied on the way and set back at
 * the end. Throws PostgreSQL's own error where even the catalogs can't be read.
 */
export async function readTarget(session: Session, options: ReadTargetOptions): Promise<StatisticsFile> {
  const progress = options.onProgress ?? (() => undefined)
  const ask = async (sql: string) => (await session.query('twin', sql)).rows
  const [before] = await ask(`select pg_catalog.current_setting('search_path') as search_path`)
  // names come qualified, and values in one form whatever the role's settings
  await ask(
    `select pg_catalog.set_config('search_path', '', false), pg_catalog.set_config('extra_float_digits', '1', false),
            pg_catalog.set_config('bytea_output', 'hex', false), pg_catalog.set_config('quote_all_identifiers', 'off', false)`,
  )
  try {
    const [database] = await ask(DATABASE_SQL)
    const settings = await ask(SETTINGS_SQL)
    const planned = new Set(settings.map((row) => String(row.name).toLowerCase()))
    progress('reading the schema')
    const schema = await readSchema(session)
    progress('reading the statistics')
    const extendedStatistics = await readStatistics(session, schema)
    const leftOut = [...schema.leftOut, ...missingStatistics(schema)]
    progress('reading the heights of indexes')
    await readTreeHeights(session, schema.tables.values())
    progress('reading the ends of columns')
    await readColumnEnds(session, schema.tables.values(), (index) => (index.scans ?? 0) > 0)
    await readGinPages(session, schema.tables.values())
    return {
      format: STATISTICS_FORMAT,
      version: STATISTICS_VERSION,
      takenAt: options.takenAt.toISOString(),
      values: 'literal',
      server: serverOf(session, database!),
      settings: Object.fromEntries(settings.map((row) => [String(row.name), String(row.value)])),
      settingOverrides: (await ask(OVERRIDES_SQL)).map((row) => ({
        role: row.role === null ? null : String(row.role),
        database: row.database === null ? null : String(row.database),
        // others may hold what is no business of a planner's
        settings: (row.settings as string[]).filter((each) =>
          planned.has(each.slice(0, each.indexOf('=')).toLowerCase()),
        ),
      })),
      extensions: (await ask(EXTENSIONS_SQL)).map((row) => ({
        name: String(row.name),
        version: String(row.version),
        schema: String(row.schema),
      })),
      schemas: (await ask(SCHEMAS_SQL)).map((row) => String(row.name)),
      objects: [...schema.objects],
      tables: [...schema.tables.values()],
      extendedStatistics,
      appliedMigrations: await readAppliedMigrations(session),
      leftOut,
    }
  } finally {
    await session
      .query('twin', `select pg_catalog.set_config('search_path', $1, false)`, [before!.search_path])
      .catch(() => undefined)
  }
}

const PROVIDERS: Readonly<Record<string, 'libc' | 'icu' | 'builtin'>> = { c: 'libc', i: 'icu', b: 'builtin' }

function serverOf(session: Session, database: RawRow): StatisticsFile['server'] {
  return {
    versionNum: session.server.versionNum,
    version: session.server.version,
    database: String(database.name),
    // another block size is refused by the file's schema: every page of a twin has 8 kB
    blockSize: Number(database.block_size) as 8192,
    encoding: String(database.encoding),
    localeProvider: PROVIDERS[String(database.provider ?? 'c')] ?? 'libc',
    collate: String(database.collate),
    ctype: String(database.ctype),
    locale: database.locale === null ? null : String(database.locale),
  }
}

/** pg_monitor and pg_read_all_stats do not change this. */
export const HIDDEN =
  'the role may not select from it, so pg_stats hides its columns: the planner guesses (pgsteward doctor shows what to grant)'

/** Tables that were analysed and yet show no statistics: the role may not select from them. */
function missingStatistics(schema: SchemaReading): LeftOut[] {
  return [...schema.unreadable]
    .map((oid) => schema.tables.get(oid)!)
    .filter((table) => table !== undefined && table.rows > 0 && table.statistics.length === 0)
    .map((table) => ({
      kind: 'statistics',
      name: qualified(table.schema, table.name),
      because: HIDDEN,
    }))
}
