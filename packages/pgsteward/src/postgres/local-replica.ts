// A streaming replica of a local server, for tests, benchmarks and failover drills. npm's server comes without pg_basebackup: the files
// are copied between pg_backup_start and pg_backup_stop, which is what a base backup is. It dies with its starter, as the server does.

import { type BigIntStats, constants, rmSync } from 'node:fs'
import { appendFile, chown, copyFile, lstat, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { StewardError } from '../model/error.ts'
import { type Owner, reachableFolder, unprivilegedOwner } from './local-binaries.ts'
import { type LocalServer, startLocalServer } from './local-server.ts'

export interface LocalReplicaOptions {
  /** The replica's own folder, empty or missing. As root it may lie elsewhere, see reachableFolder. */
  readonly dir: string
  /** Default: a free one. */
  readonly port?: number
  /** Beside those that the primary was started with. */
  readonly settings?: Readonly<Record<string, string>>
  /** Of its slot, and what synchronous_standby_names calls it. Letters, digits and underscores. Default pgsteward_replica. */
  readonly name?: string
}

export interface LocalReplica extends LocalServer {
  /** Ends recovery: from then on it takes writes, and follows nobody. Resolves when it does. */
  readonly promote: () => Promise<void>
  /** Resolves when it has replayed all that the primary has committed by now. */
  readonly caughtUp: () => Promise<void>
}

const WAITS_MS = 60_000
const ASKED_EVERY_MS = 10

/**
 * Copies the primary (its pages are read at the speed of the disk, its users are not held up) and starts the copy as its hot standby, with
 * a slot, so that the primary keeps what the replica has not received. Stopping the replica drops the slot where the primary still
 * answers. Throws 'demo-unavailable' with the reason.
 */
export async function startLocalReplica(
  primary: LocalServer,
  { dir: wanted, port, settings = {}, name = 'pgsteward_replica' }: LocalReplicaOptions,
): Promise<LocalReplica> {
  const owner = await unprivilegedOwner()
  const dir = owner === undefined ? wanted : reachableFolder(wanted)
  const admin = await connect(primary.url())
  try {
    await takeBackup(admin, primary, { dir, name, owner })
    const started = await startLocalServer({
      dir,
      major: primary.major,
      ...(port === undefined ? {} : { port }),
      settings: { ...(await startSettings(admin)), ...settings },
    })
    return toReplica(primary, started, name)
  } catch (error) {
    await dropSlot(admin, name).catch(() => {}) // the primary went away: the first error says so
    rmSync(join(dir, 'data'), { recursive: true, force: true })
    if (error instanceof StewardError) throw error
    throw new StewardError('demo-unavailable', 'the replica could not be made', {
      detail: error instanceof Error ? error.message : String(error),
      hint: 'Does the primary run, with wal_level replica or logical and a replication slot to spare?',
      cause: error,
    })
  } finally {
    await admin.end().catch(() => {})
  }
}

interface Backup {
  readonly dir: string
  readonly name: string
  readonly owner: Owner | undefined
}

async function takeBackup(
  admin: pg.Client,
  primary: LocalServer,
  { dir, name, owner }: Backup,
): Promise<void> {
  const { rows: others } = await admin.query(
    "select from pg_catalog.pg_tablespace where spcname not in ('pg_default', 'pg_global')",
  )
  if (others.length > 0) throw new Error('the primary has tablespaces, which are not copied')
  await dropSlot(admin, name)
  await admin.query('select pg_catalog.pg_create_physical_replication_slot($1, true)', [name])
  const [start, stop] =
    primary.major < 15
      ? ['pg_start_backup($1, true, false)', 'pg_stop_backup(false, false)']
      : ['pg_backup_start($1, true)', 'pg_backup_stop(false)']
  const data = join(dir, 'data')
  // the folders above are to be entered by the server's user: the mode is for the last alone
  await mkdir(dir, { recursive: true })
  await mkdir(data, { recursive: true, mode: 0o700 })
  if (owner !== undefined) for (const path of [dir, data]) await chown(path, owner.uid, owner.gid)
  // the same session has to begin and end it
  await admin.query(`select pg_catalog.${start}`, ['pgsteward replica'])
  await copyCluster(join(primary.dir, 'data'), data, owner)
  const { rows } = await admin.query<{ labelfile: string }>(`select labelfile from pg_catalog.${stop}`)
  const own = async (file: string, text: string, write: typeof writeFile | typeof appendFile) => {
    await write(join(data, file), text, { mode: 0o600 })
    if (owner !== undefined) await chown(join(data, file), owner.uid, owner.gid)
  }
  await own('backup_label', rows[0]!.labelfile, writeFile)
  await own('standby.signal', '', writeFile)
  const { hostname, port, username, password } = new URL(primary.url())
  const conninfo = `host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)} application_name=${name}`
  const lines = `primary_conninfo = '${conninfo.replaceAll("'", "''")}'\nprimary_slot_name = '${name}'\n`
  await own('postgresql.auto.conf', lines, appendFile)
}

/** What a running server has for itself: of no use in a copy, or wrong. Their folders are needed, and empty. */
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
])
const LEFT_OUT =
  /^(postmaster\.(pid|opts)|standby\.signal|recovery\.signal|backup_label.*|pg_internal\.init.*|pgsql_tmp.*)$/

/**
 * Pages may change while they are read: the log that is replayed makes them whole. Files may vanish: then they are not needed. The
 * control file comes last, as pg_basebackup does it.
 */
async function copyCluster(from: string, to: string, owner: Owner | undefined): Promise<void> {
  const control = join('global', 'pg_control')
  const copyOne = async (path: string) => {
    await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE)
    if (owner !== undefined) await chown(join(to, path), owner.uid, owner.gid)
  }
  const folder = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(from, path))) {
      const each = join(path, entry)
      if (LEFT_OUT.test(entry) || each === control) continue
      const found: BigIntStats | null = await lstat(join(from, each), { bigint: true }).catch(onlyGone)
      if (found === null) continue
      if (!found.isDirectory()) {
        await copyOne(each).catch(onlyGone)
        continue
      }
      await mkdir(join(to, each), { mode: 0o700 })
      if (owner !== undefined) await chown(join(to, each), owner.uid, owner.gid)
      if (path !== '' || !EMPTIED.has(entry)) await folder(each)
    }
  }
  await folder('')
  await copyOne(control)
}

function onlyGone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

/** What the primary was told when it started, its port and address aside: a standby must not have fewer connections than it. */
async function startSettings(admin: pg.Client): Promise<Record<string, string>> {
  const { rows } = await admin.query<{ name: string; value: string }>(
    `select name, pg_catalog.current_setting(name) as value from pg_catalog.pg_settings
      where source = 'command line' and name <> all ($1)`,
    [['port', 'listen_addresses', 'unix_socket_directories', 'synchronous_standby_names']],
  )
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

function toReplica(primary: LocalServer, server: LocalServer, name: string): LocalReplica {
  const ask = async <Row extends pg.QueryResultRow>(url: string, sql: string, values: unknown[] = []) => {
    const client = await connect(url)
    try {
      return (await client.query<Row>(sql, values)).rows[0]!
    } finally {
      await client.end().catch(() => {})
    }
  }
  return {
    ...server,
    promote: async () => {
      const { promoted } = await ask<{ promoted: boolean }>(
        server.url(),
        'select pg_catalog.pg_promote(true, 60) as promoted',
      )
      if (!promoted)
        throw new StewardError('demo-unavailable', 'the replica could not be promoted within a minute', {
          hint: 'Its server.log, in the folder of the cluster, says why.',
        })
    },
    caughtUp: async () => {
      // a transaction that waits for its log also writes that of those which did not wait (synchronous_commit off)
      await ask(
        primary.url(),
        `select pg_catalog.set_config('synchronous_commit', 'local', false),
                pg_catalog.pg_logical_emit_message(true, 'pgsteward', '')`,
      )
      const { lsn } = await ask<{ lsn: string }>(
        primary.url(),
        'select pg_catalog.pg_current_wal_flush_lsn()::text as lsn',
      )
      const client = await connect(server.url())
      try {
        for (const since = performance.now(); performance.now() - since < WAITS_MS; ) {
          const { rows } = await client.query<{ isThere: boolean }>(
            'select pg_catalog.pg_last_wal_replay_lsn() >= $1::pg_lsn as "isThere"',
            [lsn],
          )
          if (rows[0]?.isThere === true) return
          await sleep(ASKED_EVERY_MS)
        }
      } finally {
        await client.end().catch(() => {})
      }
      throw new StewardError('demo-unavailable', `the replica did not come to ${lsn} within a minute`, {
        hint: 'Its server.log, in the folder of the cluster, says why.',
      })
    },
    stop: async (mode) => {
      await server.stop(mode)
      await connect(primary.url())
        .then((admin) => dropSlot(admin, name).finally(() => admin.end()))
        .catch(() => {}) // the primary is gone, and its slots with it
    },
  }
}

/** Waits a moment for a sender whose standby has just gone. */
async function dropSlot(admin: pg.Client, name: string): Promise<void> {
  for (const since = performance.now(); ; await sleep(ASKED_EVERY_MS)) {
    const { rows } = await admin.query<{ active: boolean }>(
      'select active from pg_catalog.pg_replication_slots where slot_name = $1',
      [name],
    )
    if (rows.length === 0) return
    if (rows[0]!.active && performance.now() - since < 5_000) continue
    await admin.query('select pg_catalog.pg_drop_replication_slot($1)', [name])
    return
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {}) // the statement in flight rejects too, and that is enough
  await client.connect()
  return client
}
