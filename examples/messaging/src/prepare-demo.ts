// Builds the demo database under a second name and renames it when it is complete: what bears the name is whole.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { hashPassword } from './app/passwords.ts'
import { plantWith, QUIETLY } from './apply-faults.ts'
import { DEMO_DATABASE, DEMO_PASSWORD } from './demo-settings.ts'
import type { SuperuserUrl } from './demo-url.ts'
import { type Migration, migration, recordMigrations, statementsOf } from './migrations.ts'
import { PLANTED_FAULTS } from './planted-faults.ts'
import { prepareRoles } from './prepare-roles.ts'
import { rehearse } from './start-application.ts'

export interface DemoProgress {
  readonly step: string
  readonly done: number
  readonly of: number
}

export interface PrepareOptions {
  /** 1 (default): about 1.35 million rows. */
  readonly scale?: number
  readonly onProgress?: (progress: DemoProgress) => void
  readonly signal?: AbortSignal
}

const BUILDING = `${DEMO_DATABASE}_building`
const MARKER = 'pgsteward demo'
/** Any number that no one else locks: one preparation at a time. */
const LOCK = 7_216_459

/** The two migrations that came later are missing: the fault `missing-composite-indexes`. */
const TABLES: Migration = migration('initial_tables')
const INDEXES: Migration = migration('base_indexes')

/** Independent of each other, all on top of people.sql; the longest first. */
const DATA = ['broadcasts', 'conversations', 'assessments', 'audit', 'billing'] as const

/**
 * Creates roles, database, data and faults. A finished database of this version and scale is left alone; any other demo database
 * is rebuilt; a database `messaging` that is not a demo is never touched (throws). The abort signal's reason is thrown.
 */
export async function prepareDemo(superuserUrl: SuperuserUrl, options: PrepareOptions = {}): Promise<void> {
  const { scale = 1, signal } = options
  signal?.throwIfAborted()
  const marker = `${MARKER} ${fingerprint()} scale ${scale}`
  const admin = await connect(superuserUrl())
  try {
    await admin.query('select pg_catalog.pg_advisory_lock($1)', [LOCK])
    await prepareRoles(admin, superuserUrl)
    const found = await findMarker(admin)
    if (found === marker) return
    if (found !== undefined && !found.startsWith(MARKER))
      throw new Error(`the server has a database "${DEMO_DATABASE}" that is not the demo's`)
    await admin.query(`drop database if exists ${BUILDING} with (force)`)
    await admin.query(`create database ${BUILDING}`)
    await build(superuserUrl, scale, options)
    await admin.query(`comment on database ${BUILDING} is ${pg.escapeLiteral(marker)}`)
    await admin.query(`drop database if exists ${DEMO_DATABASE} with (force)`)
    await admin.query(`alter database ${BUILDING} rename to ${DEMO_DATABASE}`)
  } finally {
    await admin.end()
  }
}

async function build(superuserUrl: SuperuserUrl, scale: number, options: PrepareOptions): Promise<void> {
  const { onProgress, signal } = options
  const lanes = await Promise.all([connect(superuserUrl(BUILDING)), connect(superuserUrl(BUILDING))])
  const [client] = lanes
  const cancel = () => void terminate(superuserUrl(), lanes)
  signal?.addEventListener('abort', cancel)
  const inParallel = (texts: readonly string[]) => runInParallel(lanes, texts)
  const steps: readonly (readonly [name: string, run: () => Promise<unknown>])[] = [
    ['schema', () => client.query(`${EXTENSIONS}; ${TABLES.sql}; ${read('generator')}`)],
    ['people', () => client.query(`${WITHOUT_INDEXES}; ${read('people')}`)],
    ['messages, payments and assessments', () => inParallel(DATA.map(read))],
    ['indexes', () => buildIndexes(client, inParallel)],
    [
      'statistics',
      async () => inParallel((await tables(client)).map((name) => `vacuum (freeze, analyze) ${name}`)),
    ],
    ['rights', () => grant(client)],
    ['faults', () => plantWith(client)],
    ['first statements', () => rehearse(superuserUrl, BUILDING)],
    ['checkpoint', () => client.query('checkpoint')],
  ]
  try {
    // one hash for all staff: a thousand of them would take a minute
    const passwordHash = pg.escapeLiteral(await hashPassword(DEMO_PASSWORD, Buffer.from('messaging demo')))
    const settings = `set demo.scale = ${scale}; set demo.password_hash = ${passwordHash}`
    for (const lane of lanes) await lane.query(`${settings}; ${QUIETLY}; ${UNCHECKED}`)
    for (const [done, [step, run]] of steps.entries()) {
      signal?.throwIfAborted()
      onProgress?.({ step, done, of: steps.length })
      await run()
    }
    signal?.throwIfAborted()
    onProgress?.({ step: 'done', done: steps.length, of: steps.length })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', cancel)
    await Promise.allSettled(lanes.map((lane) => lane.end()))
  }
}

/**
 * The primary and unique keys are marked as not ready, so that inserting passes them by; reindexing fills them and
 * marks them ready again. Halves the time to load.
 */
const WITHOUT_INDEXES = `
  update pg_catalog.pg_index set indisready = false, indisvalid = false
   where indrelid in (select oid from pg_catalog.pg_class where relnamespace = 'public'::pg_catalog.regnamespace)`

async function buildIndexes(client: pg.Client, inParallel: (texts: readonly string[]) => Promise<void>) {
  await inParallel((await tables(client)).map((name) => `reindex table ${name}`))
  await inParallel([read('finish'), ...statementsOf(INDEXES).filter((sql) => !isDroppedAgain(sql))])
}

/** Not built only to be dropped by a fault. */
function isDroppedAgain(createIndex: string): boolean {
  const name = /^create index (\w+)/.exec(createIndex)?.[1]
  return PLANTED_FAULTS.some((fault) => fault.plant.includes(`drop index if exists ${name}`))
}

async function grant(client: pg.Client): Promise<void> {
  await recordMigrations(client, [TABLES, INDEXES])
  await client.query(read('grants'))
}

/** Each text is run by the first session that is free. */
async function runInParallel(lanes: readonly pg.Client[], texts: readonly string[]): Promise<void> {
  const waiting = [...texts]
  const drain = async (lane: pg.Client) => {
    for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) await lane.query(text)
  }
  await Promise.all(lanes.map(drain))
}

/** The largest first, so that both sessions end at about the same time. */
async function tables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select oid::pg_catalog.regclass::text as name from pg_catalog.pg_class
      where relkind = 'r' and relnamespace = 'public'::pg_catalog.regnamespace order by pg_catalog.pg_relation_size(oid) desc`,
  )
  return rows.map((row) => row.name)
}

const EXTENSIONS = `
  create extension if not exists pg_stat_statements;
  create extension if not exists pgstattuple;`

/** The data is consistent by construction (a test holds it): no look-up for each foreign key of each row. */
const UNCHECKED = 'set session_replication_role = replica'

async function findMarker(admin: pg.Client): Promise<string | undefined> {
  const { rows } = await admin.query<{ marker: string | null }>(
    "select pg_catalog.shobj_description(oid, 'pg_database') as marker from pg_catalog.pg_database where datname = $1",
    [DEMO_DATABASE],
  )
  return rows[0] && (rows[0].marker ?? '')
}

/** Another text of schema, data or faults is another database. */
function fingerprint(): string {
  const hash = createHash('sha256').update(JSON.stringify(PLANTED_FAULTS))
  for (const { sql } of [TABLES, INDEXES]) hash.update(sql)
  for (const name of ['generator', 'people', ...DATA, 'finish', 'grants']) hash.update(read(name))
  return hash.digest('hex').slice(0, 12)
}

function read(name: string): string {
  return readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8')
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name: 'messaging-demo' })
  client.on('error', () => {}) // the query in flight rejects too, and that is enough
  await client.connect()
  return client
}

async function terminate(url: string, clients: readonly pg.Client[]): Promise<void> {
  const pids = clients.map((client) => (client as unknown as { processID: number }).processID)
  try {
    const admin = await connect(url)
    await admin.query('select pg_catalog.pg_terminate_backend(pid) from unnest($1::integer[]) pid', [pids])
    await admin.end()
  } catch {
    // the server is gone, and the statements with it
  }
}
