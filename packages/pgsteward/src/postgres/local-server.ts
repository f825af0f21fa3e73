// A private PostgreSQL server on this machine: for the demo, the tests and native twins. It dies with the process that started
// it, even by kill -9, and a left-over one is stopped first.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import {
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { StewardError } from '../model/error.ts'
import {
  findLocalBinaries,
  type LocalBinaries,
  type Owner,
  type PostgresMajor,
  reachableFolder,
  unprivilegedOwner,
} from './local-binaries.ts'

const execFileAsync = promisify(execFile)

export interface LocalServerOptions {
  readonly major?: PostgresMajor
  /** The cluster's folder; created when missing. As root it may lie elsewhere, see reachableFolder. */
  readonly dir: string
  /** Default: a free one. */
  readonly port?: number
  readonly settings?: Readonly<Record<string, string>>
  /** false is faster and unsafe: for throw-away servers. */
  readonly durable?: boolean
  /** More options of initdb, for a cluster that is to be made. */
  readonly initdb?: readonly string[]
}

export interface LocalServer {
  readonly port: number
  readonly major: PostgresMajor
  /** Where the cluster lies. */
  readonly dir: string
  /** URL of the superuser `postgres`, for the given database (default `postgres`). */
  readonly url: (database?: string) => string
  /** Stops the server (fast: open transactions roll back). `immediate` skips the checkpoint, as a crash does. */
  readonly stop: (mode?: 'fast' | 'immediate') => Promise<void>
}

/** The server listens on loopback only. */
const PASSWORD = 'pgsteward'

/** Starts a server; half a second, two more the first time (initdb). Throws 'demo-unavailable' with the reason. */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const major = options.major ?? 18
  const owner = await unprivilegedOwner()
  const binaries = await findLocalBinaries(major, owner)
  const dir = owner === undefined ? options.dir : reachableFolder(options.dir)
  const dataDir = join(dir, 'data')
  await stopLeftOver(binaries, dataDir, owner)
  if (!existsSync(join(dataDir, 'PG_VERSION'))) await initialise(binaries, dir, owner, options.initdb)
  const port = options.port ?? (await freePort())
  const { child, watchdog } = launch(binaries, dir, port, options, owner)
  await waitUntilReady(child, port)
  return {
    port,
    major,
    dir,
    url: (database = 'postgres') => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${database}`,
    stop: async (mode = 'fast') => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((resolve) => child.once('exit', resolve))
        child.ref()
        child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
        await gone
      }
      watchdog.kill()
    },
  }
}

async function initialise(
  binaries: LocalBinaries,
  dir: string,
  owner: Owner | undefined,
  more: readonly string[] = [],
): Promise<void> {
  mkdirSync(dir, { recursive: true })
  const fresh = join(dir, 'data.new')
  const passwordFile = join(dir, 'password')
  rmSync(fresh, { recursive: true, force: true })
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 })
  if (owner !== undefined) for (const path of [dir, passwordFile]) chownSync(path, owner.uid, owner.gid)
  const flags = [
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    ...more,
  ]
  try {
    await execFileAsync(binaries.initdb, [...flags, '-D', fresh], { ...owner, cwd: dir })
  } catch (error) {
    throw new StewardError('demo-unavailable', `a local PostgreSQL could not be initialised in ${dir}`, {
      detail: (error as { stderr?: string }).stderr?.trim() || String(error),
      hint: 'Is the folder writable, and is there room on the disk?',
      cause: error,
    })
  } finally {
    rmSync(passwordFile, { force: true })
  }
  // made beside and renamed: a kill during initdb leaves no half cluster behind
  renameSync(fresh, join(dir, 'data'))
}

/**
 * Stops a server whose process outlived its starter, and waits for one that its watchdog is just stopping: its file may go, and
 * pg_ctl find nobody, a moment before the process does.
 */
async function stopLeftOver(
  binaries: LocalBinaries,
  dataDir: string,
  owner: Owner | undefined,
): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid')
  const pid = pidIn(pidFile)
  if (pid === null) return
  const stop = ['stop', '-m', 'fast', '-w', '-t', '60', '-D', dataDir]
  // it fails where nobody is behind a stale file; PostgreSQL recognises such a file by itself and recovers
  await execFileAsync(binaries.pg_ctl, stop, { ...owner, cwd: dataDir }).catch(() => undefined)
  const deadline = Date.now() + 10_000
  while (pidIn(pidFile) === pid && isRunning(pid)) {
    if (Date.now() > deadline) {
      throw new StewardError(
        'demo-unavailable',
        `process ${pid} still runs PostgreSQL in ${dataDir} and does not stop`,
        {
          hint: `End that process, then try again.`,
        },
      )
    }
    await sleep(50)
  }
}

/** Null when there is no such file (any more). */
function pidIn(pidFile: string): number | null {
  try {
    return Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  } catch {
    return null
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function launch(
  binaries: LocalBinaries,
  dir: string,
  port: number,
  options: LocalServerOptions,
  owner: Owner | undefined,
) {
  const settings: Readonly<Record<string, string>> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...(options.durable === false
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
      : {}),
    ...options.settings,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // detached: Ctrl-C in the terminal reaches us alone, and we stop the server in order
  const child = spawn(binaries.postgres, ['-D', join(dir, 'data'), '-p', String(port), ...flags], {
    ...owner,
    cwd: dir,
    detached: true,
    stdio: ['ignore', 'ignore', openSync(join(dir, 'server.log'), 'w', 0o600)],
  })
  child.unref()
  // Its standard input closes when this process ends, however it ends; then the server gets its fast-shutdown signal.
  const watchdog = spawn('sh', ['-c', `read _; kill -INT ${child.pid}`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watchdog.unref()
  return { child, watchdog }
}

async function waitUntilReady(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + 60_000
  let last: unknown
  while (Date.now() < deadline && child.exitCode === null) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: PASSWORD,
      database: 'postgres',
    })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      last = error
      await sleep(20)
    }
  }
  throw new StewardError('demo-unavailable', 'the local PostgreSQL did not start', {
    detail: child.exitCode === null ? String(last) : `it ended with exit code ${child.exitCode}`,
    hint: 'Its server.log, in the folder of the cluster, says why.',
    cause: last,
  })
}

/** A TCP port of the loopback that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('the system gave no port')
  return address.port
}
