// The statistics file: what PostgreSQL's planner knows of a database, as data, without any of its rows but the sampled values of
// pg_stats. A twin is built from it, on another machine and later if need be. docs/reference/statistics-file.md describes it.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { StewardError } from '../../model/error.ts'

export const STATISTICS_FORMAT = 'pgsteward-statistics'
/** Raised when a reader of the old form would misread the new one; fields that a reader may ignore do not raise it. */
export const STATISTICS_VERSION = 1

const finite = z.number()
const count = z.number().nonnegative()
/** PostgreSQL's own limit: block numbers have 32 bits. */
const blocks = count.max(2 ** 32 - 2)
const texts = z.array(z.string()).nullable()
const numbers = z.array(finite).nullable()

/** A row of pg_stats. Values are PostgreSQL's text forms, written with ISO dates in UTC. */
export const columnStatistics = z
  .object({
    /** attnum: the column's place in its table, or the key's place in its index. */
    number: z.int().positive(),
    /** True: over the table and its children. */
    inherited: z.boolean(),
    nullFraction: finite.min(0).max(1),
    averageWidth: count,
    /** Positive: a count of distinct values; negative: minus their share of the rows. */
    distinct: finite,
    mostCommonValues: texts,
    mostCommonFrequencies: numbers,
    histogram: texts,
    /** The column's real ends, where an index shows them; the histogram's are those of a sample. */
    lowest: z.string().nullable(),
    highest: z.string().nullable(),
    correlation: finite.nullable(),
    mostCommonElements: texts,
    mostCommonElementFrequencies: numbers,
    elementCountHistogram: numbers,
    rangeLengthHistogram: texts,
    rangeEmptyFraction: finite.nullable(),
    rangeBoundsHistogram: texts,
  })
  .refine((row) => row.mostCommonValues?.length === row.mostCommonFrequencies?.length, {
    error: 'as many mostCommonFrequencies as mostCommonValues',
  })

const ginPages = z.object({
  totalPages: count,
  entryPages: count,
  dataPages: count,
  entries: count,
  pendingPages: count,
})

const index = z.object({
  schema: z.string(),
  name: z.string(),
  method: z.string(),
  /** create index, or alter table ... add constraint where a constraint owns it. */
  sql: z.string(),
  isUnique: z.boolean(),
  isPrimary: z.boolean(),
  isConstraint: z.boolean(),
  isValid: z.boolean(),
  isPartial: z.boolean(),
  /** SQL of the predicate; null: a whole index. */
  where: z.string().nullable(),
  /** SQL of each key in order; `column` names it where it is a plain column. */
  keys: z.array(
    z.object({
      sql: z.string(),
      column: z.string().nullable(),
      /** As stored in the index; a domain's base type. */
      type: z.string(),
      isDescending: z.boolean(),
      isNullsFirst: z.boolean(),
      /** Qualified where it is not the type's default one; null: the default. */
      operatorClass: z.string().nullable(),
    }),
  ),
  include: z.array(z.string()),
  /** The partitioned index that this one belongs to. */
  parent: z.object({ schema: z.string(), name: z.string() }).nullable(),
  blocks,
  pages: z.number(),
  rows: z.number(),
  /** Since the target's statistics were reset; null: not known. */
  scans: count.nullable(),
  /** B-tree levels above the leaves; null: not a B-tree, or not known. */
  treeHeight: z.int().nonnegative().nullable(),
  /** How it is known: by pageinspect, by the costs of the target's own plans, or computed from size and key width. */
  treeHeightFrom: z.enum(['pageinspect', 'plan', 'computed']).nullable(),
  gin: ginPages.nullable(),
  /** BRIN only. */
  pagesPerRange: z.int().positive().nullable(),
  statistics: z.array(columnStatistics),
})

const column = z.object({
  name: z.string(),
  number: z.int().positive(),
  type: z.string(),
  isNotNull: z.boolean(),
  /** SQL of the default, or of the expression of a generated column. */
  default: z.string().nullable(),
  isGenerated: z.boolean(),
})

const table = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['table', 'partitioned', 'materialized-view']),
  isPartition: z.boolean(),
  parents: z.array(z.object({ schema: z.string(), name: z.string() })),
  /** Creates it; without its keys, indexes and place under a parent. */
  sql: z.string(),
  /** The same without defaults and checks, for where one of those can't be had. */
  plainSql: z.string(),
  /** Puts it under its parents. */
  attachSql: z.array(z.string()),
  columns: z.array(column),
  foreignKeys: z.array(
    z.object({
      name: z.string(),
      sql: z.string(),
      columns: z.array(z.string()),
      referenced: z.object({ schema: z.string(), name: z.string(), columns: z.array(z.string()) }),
      onDelete: z.string(),
      onUpdate: z.string(),
    }),
  ),
  /** Length of its file. */
  blocks,
  /** relpages, reltuples (-1: never analysed), relallvisible: as of the last vacuum or analyze. */
  pages: z.number(),
  rows: z.number(),
  allVisiblePages: z.number(),
  /** Cumulative, since the target's statistics were reset; null where they can't be read. */
  activity: z.object({ inserted: count, updated: count, hotUpdated: count, deleted: count }).nullable(),
  hasRowSecurity: z.boolean(),
  statistics: z.array(columnStatistics),
  indexes: z.array(index),
})

const extendedStatistics = z.object({
  schema: z.string(),
  name: z.string(),
  table: z.object({ schema: z.string(), name: z.string() }),
  sql: z.string(),
  data: z.array(
    z.object({
      inherited: z.boolean(),
      distinct: z.array(z.object({ attributes: z.array(z.int()), count: finite })).nullable(),
      dependencies: z.array(z.object({ from: z.array(z.int()), to: z.int(), degree: finite })).nullable(),
      mostCommon: z
        .object({
          /** SQL types of the columns, the first dimensions; those of expressions follow and are found when a twin is built. */
          types: z.array(z.string()),
          values: z.array(z.array(z.string().nullable())),
          frequencies: z.array(finite),
          baseFrequencies: z.array(finite),
        })
        .nullable(),
      expressions: z.array(columnStatistics.and(z.object({ expression: z.string() }))),
    }),
  ),
})

export const statisticsFile = z.object({
  format: z.literal(STATISTICS_FORMAT),
  version: z.literal(STATISTICS_VERSION),
  /** Of all else, as checksumOf computes it; who edits a file by hand takes it out. */
  checksum: z.string().optional(),
  takenAt: z.iso.datetime(),
  /** surrogate: every value of a row was replaced by another of the same order (--redact). */
  values: z.enum(['literal', 'surrogate']),
  server: z.object({
    versionNum: z.int(),
    version: z.string(),
    database: z.string(),
    blockSize: z.literal(8192),
    encoding: z.string(),
    localeProvider: z.enum(['libc', 'icu', 'builtin']),
    collate: z.string(),
    ctype: z.string(),
    locale: z.string().nullable(),
  }),
  /** What the planner and the reading of literals depend on, as a new session of the reading role has it. */
  settings: z.record(z.string(), z.string()),
  /** alter role / alter database ... set: `name=value` each. */
  settingOverrides: z.array(
    z.object({ role: z.string().nullable(), database: z.string().nullable(), settings: z.array(z.string()) }),
  ),
  extensions: z.array(z.object({ name: z.string(), version: z.string(), schema: z.string() })),
  schemas: z.array(z.string()),
  /** Types, sequences, functions, views and rules, in an order that mostly works: what fails is tried again. */
  objects: z.array(z.object({ kind: z.string(), schema: z.string(), name: z.string(), sql: z.string() })),
  tables: z.array(table),
  extendedStatistics: z.array(extendedStatistics),
  /** Names that a migration tool recorded in its own table; null or absent: there is none, or the role may not read it. */
  appliedMigrations: z.array(z.string()).nullable().optional(),
  /** What the reading could not represent. */
  leftOut: z.array(z.object({ kind: z.string(), name: z.string(), because: z.string() })),
})

export type StatisticsFile = z.infer<typeof statisticsFile>
export type TableStatistics = z.infer<typeof table>
export type IndexStatistics = z.infer<typeof index>
export type ColumnStatistics = z.infer<typeof columnStatistics>
export type ExtendedStatistics = z.infer<typeof extendedStatistics>
export type LeftOut = StatisticsFile['leftOut'][number]

/** The file as text, with its checksum. */
export function statisticsText(file: StatisticsFile): string {
  const { format, version, checksum: _, ...rest } = file
  const checksum = checksumOf({ format, version, ...rest })
  return `${JSON.stringify({ format, version, checksum, ...rest }, null, 1)}\n`
}

/** Over the JSON text without white space and without the checksum itself. */
function checksumOf(file: object): string {
  const { checksum: _, ...rest } = file as { checksum?: unknown }
  return `sha256:${createHash('sha256').update(JSON.stringify(rest)).digest('hex')}`
}

/** `origin` names the file in errors. Throws StewardError 'statistics-file' saying which part is wrong. */
export function parseStatisticsFile(text: string, origin: string): StatisticsFile {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new StewardError('statistics-file', `${origin} is not a statistics file`, {
      detail: `It is not JSON: ${(cause as Error).message}`,
      hint: 'pgsteward stats export URL --out FILE writes one.',
      cause,
    })
  }
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown }
  if (format !== STATISTICS_FORMAT) {
    throw new StewardError('statistics-file', `${origin} is not a statistics file`, {
      detail: `Its "format" is ${JSON.stringify(format)}, not "${STATISTICS_FORMAT}".`,
      hint: 'pgsteward stats export URL --out FILE writes one.',
    })
  }
  if (version !== STATISTICS_VERSION) {
    throw new StewardError('statistics-file', `${origin} has version ${JSON.stringify(version)}`, {
      detail: `This pgsteward reads version ${STATISTICS_VERSION}.`,
      hint: 'Export it again with this version of pgsteward, or use the version that wrote it.',
    })
  }
  const { checksum } = value as { checksum?: unknown }
  if (checksum !== undefined && checksum !== checksumOf(value as object)) {
    throw new StewardError('statistics-file', `${origin} is damaged`, {
      detail: 'Its checksum is not that of its contents.',
      hint: 'Export it again, or, if it was edited on purpose, remove "checksum" from it.',
    })
  }
  const parsed = statisticsFile.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new StewardError('statistics-file', `${origin} is damaged`, {
    detail: `${issues.join('; ')}${parsed.error.issues.length > 3 ? ` and ${parsed.error.issues.length - 3} more` : ''}`,
    hint: 'Export it again.',
  })
}
