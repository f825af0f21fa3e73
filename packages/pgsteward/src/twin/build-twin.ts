// Builds a planner twin: a PostgreSQL with a target's schema and planner statistics and none of its rows. It only EXPLAINs.

import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { StewardError } from '../model/error.ts'
import type { Milliseconds } from '../model/units.ts'
import type { PostgresMajor } from '../postgres/local-binaries.ts'
import { literal } from '../sql/quote.ts'
import { endTuples } from './end-tuples.ts'
import { CLUSTER_VERSION } from './hosts/cluster.ts'
import { rowsOf, type TwinHost } from './hosts/host.ts'
import { nativeLocales, pgliteLocale } from './hosts/locale.ts'
import { startNativeHost } from './hosts/native-host.ts'
import { startPgliteHost } from './hosts/pglite-host.ts'
import { TwinPlanner } from './planner.ts'
import { buildSchema } from './schema/build-schema.ts'
import { loadExtendedStatistics } from './statistics/load-extended.ts'
import { type RelationSize, type SizeWriter, sizeWriter } from './statistics/load-sizes.ts'
import { loadColumnStatistics, prepareColumnStatistics } from './statistics/load-statistics.ts'
import type { LeftOut, StatisticsFile } from './statistics/statistics-file.ts'

export interface TwinOptions {
  /** Private (0700) and of this twin alone; made, and not removed: it belongs to the caller. */
  readonly dir: string
  /** Keeps prepared clusters between twins. */
  readonly cacheDir: string
  /** native: a server of the target's own major version, whose binaries must be installed. Default pglite (PostgreSQL 18). */
  readonly host?: 'pglite' | 'native'
  /** Settings on top of the target's. */
  readonly settings?: Readonly<Record<string, string>>
  /**
   * Called when the schema stands, its tables empty and without statistics: may change it by any DDL, and returns the file whose
   * statistics and sizes are to be loaded. So a migration runs without scanning anything. The schema must then be made by real DDL.
   */
  readonly onSchema?: (host: TwinHost, file: StatisticsFile) => Promise<StatisticsFile>
  readonly onProgress?: (step: string) => void
}

export interface BuiltTwin {
  readonly planner: TwinPlanner
  readonly host: TwinHost
  /** For what came to be since the statistics were taken, such as a migration's indexes. */
  readonly sizes: SizeWriter
  /** What the twin lacks: from the reading, and what the host refused. */
  readonly leftOut: readonly LeftOut[]
  readonly tookMs: Milliseconds
}

/** Throws StewardError 'twin-unavailable' (or 'demo-unavailable' for missing binaries) when no host starts. */
export async function buildTwin(given: StatisticsFile, options: TwinOptions): Promise<BuiltTwin> {
  const startedAt = performance.now()
  const progress = options.onProgress ?? (() => undefined)
  makePrivate(options.dir)
  progress('starting the twin')
  const starting = startHost(given, options)
  starting.catch(() => undefined)
  // while the host starts; what a change makes of the file is not known yet
  const early = options.onSchema === undefined ? prepareColumnStatistics(given) : null
  const host = await starting
  try {
    progress(`rebuilding ${given.tables.length} tables`)
    const sizes = await sizeWriter(host)
    const isForChange = options.onSchema !== undefined
    const leftOut = [...given.leftOut, ...(await buildSchema(host, given, { isForChange }))]
    const file = options.onSchema === undefined ? given : await options.onSchema(host, given)
    progress('loading statistics')
    const loading = loadColumnStatistics(host, early ?? prepareColumnStatistics(file))
    loading.catch(() => undefined)
    // while the host loads
    const prepared = sizes.prepare(sizesOf(file))
    leftOut.push(...(await loading))
    leftOut.push(...(await loadExtendedStatistics(host, file.extendedStatistics)))
    await sizes.place(prepared)
    await hideInvalid(host, file)
    await applySettings(host, { ...file.settings, ...options.settings })
    const planner = await TwinPlanner.over(host, sizes, file)
    return { planner, host, sizes, leftOut, tookMs: performance.now() - startedAt }
  } catch (error) {
    await host.close()
    throw error
  }
}

function makePrivate(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    // statistics hold values of users' rows
    chmodSync(dir, 0o700)
  } catch (cause) {
    throw new StewardError('twin-unavailable', `the folder ${dir} cannot be made`, {
      detail: (cause as Error).message,
      hint: 'Name a folder that this user can write to.',
      cause,
    })
  }
}

async function startHost(file: StatisticsFile, options: TwinOptions): Promise<TwinHost> {
  const { server } = file
  if (options.host === 'native') {
    const major = Math.floor(server.versionNum / 10_000) as PostgresMajor
    return startNativeHost({
      dir: options.dir,
      major,
      locales: nativeLocales(server),
      cacheDir: options.cacheDir,
    })
  }
  const locale = pgliteLocale(server)
  mkdirSync(options.cacheDir, { recursive: true, mode: 0o700 })
  return startPgliteHost({
    dataDir: join(options.dir, 'data'),
    preparedDir: join(options.cacheDir, `pglite-0.5.16-${locale}-${CLUSTER_VERSION}`),
    locale,
    extensions: file.extensions.map((extension) => extension.name),
  })
}

export function sizesOf(file: StatisticsFile): RelationSize[] {
  return file.tables.flatMap((table) => [
    {
      schema: table.schema,
      name: table.name,
      blocks: table.blocks,
      pages: table.pages,
      rows: table.rows,
      allVisiblePages: table.allVisiblePages,
      index: null,
      tableBlocks: table.blocks,
    },
    ...table.indexes.map((index) => ({
      schema: index.schema,
      name: index.name,
      blocks: index.blocks,
      pages: index.pages,
      rows: index.rows,
      allVisiblePages: 0,
      index: table.kind === 'partitioned' ? null : { ...index, ends: endTuples(index, table) },
      tableBlocks: table.blocks,
    })),
  ])
}

/** What is invalid on the target is invalid here; a partitioned table's index is valid once its partitions' are attached. */
async function hideInvalid(host: TwinHost, file: StatisticsFile): Promise<void> {
  const invalid = file.tables.flatMap((table) => table.indexes.filter((index) => !index.isValid))
  if (invalid.length === 0) return
  const names = JSON.stringify(invalid.map(({ schema, name }) => ({ schema, name })))
  await rowsOf(
    host,
    `update pg_catalog.pg_index x set indisvalid = false
       from pg_catalog.json_to_recordset(${literal(names)}) as v(schema text, name text)
       join pg_catalog.pg_namespace n on n.nspname = v.schema
       join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = v.name
      where x.indexrelid = c.oid`,
  )
}

/** Settings that the host does not know (another major version, another build) are passed over. */
async function applySettings(host: TwinHost, settings: Readonly<Record<string, string>>): Promise<void> {
  const given = JSON.stringify(Object.entries(settings).map(([name, value]) => ({ name, value })))
  const { rows } = await host.ask(
    `select v.name, v.value from pg_catalog.json_to_recordset(${literal(given)}) as v(name text, value text)
       join pg_catalog.pg_settings s on s.name = v.name where s.context in ('user', 'superuser')`,
  )
  // one session where there is but one
  for (const send of new Set([host.ask, host.plan])) {
    const all = rows.map(
      ([name, value]) => `pg_catalog.set_config(${literal(name!)}, ${literal(value!)}, false)`,
    )
    const { error } = all.length === 0 ? { error: null } : await send(`select ${all.join(', ')}`)
    if (error === null) continue
    for (const one of all) await send(`select ${one}`)
  }
}
