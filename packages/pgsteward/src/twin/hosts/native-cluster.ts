// The cluster of a native twin before a target's schema comes: made once for a major version and locale, then copied, as PGlite's is.

import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import {
  type Owner,
  type PostgresMajor,
  reachableFolder,
  unprivilegedOwner,
} from '../../postgres/local-binaries.ts'
import { startLocalServer } from '../../postgres/local-server.ts'
import { openPrivateSession } from '../../postgres/private-session.ts'
import { literal } from '../../sql/quote.ts'
import { CLUSTER_VERSION, WHOLE_PROTOTYPE, WITHOUT_TOAST } from './cluster.ts'

export interface NativeCluster {
  readonly major: PostgresMajor
  /** `create database` clauses for the target's encoding and collation, the most faithful first; the first that works is taken. */
  readonly locales: readonly string[]
  /** Keeps prepared clusters. */
  readonly cacheDir: string
}

/** The twin's database. */
export const DATABASE = 'twin'
/** Plans are made by a role that can read and write every table and do nothing to the machine. */
export const PLANNER = 'pgsteward_planner'

/** 18 has checksums by default, and the pages that we write have none. The log is most of what is copied for each twin. */
function initdbOptions(major: PostgresMajor): readonly string[] {
  return [...(major >= 18 ? ['--no-data-checksums'] : []), '--wal-segsize=1']
}

/** Puts a copy of the prepared cluster where startLocalServer finds it for `dir`; two seconds more the first time. Gives the folder. */
export async function copyNativeCluster(dir: string, cluster: NativeCluster): Promise<string> {
  const prepared = await preparedCluster(cluster)
  const owner = await unprivilegedOwner()
  const reachable = owner === undefined ? dir : reachableFolder(dir)
  // its user must get through the folder above, where that is one of ours
  if (reachable !== resolve(dir)) {
    mkdirSync(dirname(reachable), { recursive: true })
    chmodSync(dirname(reachable), 0o755)
  }
  mkdirSync(reachable, { recursive: true, mode: 0o700 })
  const data = join(reachable, 'data')
  cpSync(prepared, data, { recursive: true, mode: constants.COPYFILE_FICLONE })
  // PostgreSQL refuses a folder that others may enter, and the copy's mode is the process's own
  chmodSync(data, 0o700)
  if (owner !== undefined) giveTo(owner, reachable)
  return reachable
}

/** As root a cluster lies in a folder of its own that its user can reach; the caller knows only the one it named. */
export function removeElsewhere(dir: string, wanted: string): void {
  if (resolve(dir) !== resolve(wanted)) rmSync(dirname(dir), { recursive: true, force: true })
}

function giveTo(owner: Owner, folder: string): void {
  chownSync(folder, owner.uid, owner.gid)
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    chownSync(join(entry.parentPath, entry.name), owner.uid, owner.gid)
}

async function preparedCluster({ major, locales, cacheDir }: NativeCluster): Promise<string> {
  const digest = createHash('sha256').update(locales.join('\n')).digest('hex').slice(0, 12)
  const prepared = join(cacheDir, `native-${major}-${digest}-${CLUSTER_VERSION}`)
  if (existsSync(prepared)) return prepared
  mkdirSync(cacheDir, { recursive: true, mode: 0o700 })
  const fresh = mkdtempSync(`${prepared}.`)
  try {
    const made = await makeCluster(fresh, major, locales)
    // as root it was made elsewhere, where its user can reach it
    const data = join(fresh, 'prepared')
    cpSync(join(made, 'data'), data, { recursive: true })
    removeElsewhere(made, fresh)
    // beside and renamed: a kill leaves no half cluster, and of two processes the first one's serves
    if (!existsSync(prepared)) renameSync(data, prepared)
  } catch (error) {
    if (!existsSync(prepared)) throw error
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return prepared
}

async function makeCluster(dir: string, major: PostgresMajor, locales: readonly string[]): Promise<string> {
  const settings = { autovacuum: 'off', wal_level: 'minimal', max_wal_senders: '0' }
  const server = await startLocalServer({
    dir,
    major,
    durable: false,
    settings,
    initdb: initdbOptions(major),
  })
  try {
    const admin = await openPrivateSession(server.url())
    const password = literal(new URL(server.url()).password)
    await admin.ask(
      `create role ${PLANNER} login bypassrls in role pg_read_all_data, pg_write_all_data password ${password}`,
    )
    for (const locale of locales) {
      const { error } = await admin.ask(`create database ${DATABASE} template template0 ${locale}`)
      if (error === null) break
    }
    const twin = await openPrivateSession(server.url(DATABASE))
    for (const sql of [WITHOUT_TOAST, WHOLE_PROTOTYPE, 'vacuum analyze']) await twin.ask(sql)
    await twin.close()
    // one database less is a third of the files to copy
    for (const sql of [
      'update pg_catalog.pg_database set datistemplate = false, datallowconn = true',
      'drop database template0',
      'drop database template1',
    ])
      await admin.ask(sql)
    await admin.close()
    return server.dir
  } finally {
    await server.stop('fast')
  }
}
