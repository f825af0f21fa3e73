// What a fault stands on: a folder, servers and processes of its own, all of them gone when it is over, however it ends.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import {
  type LocalServer,
  type LocalServerOptions,
  startLocalServer,
} from '../../packages/pgsteward/src/postgres/local-server.ts'
import { NotRun } from './fault.ts'
import { Ledger } from './ledger.ts'
import { type ProxyTo, TcpProxy } from './tcp-proxy.ts'
import { type WatchOptions, WatchProcess } from './watch-process.ts'

export interface FaultServer {
  /** Changes when it is started again. */
  readonly server: () => LocalServer
  readonly stop: (mode: 'fast' | 'immediate') => Promise<void>
  readonly start: () => Promise<void>
  /** As superuser. */
  readonly url: (database?: string) => string
  /** As a role with pg_monitor alone. */
  readonly monitorUrl: (database?: string) => string
  readonly run: (...statements: readonly string[]) => Promise<pg.QueryResult>
}

const SETTINGS = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'all',
  max_connections: '50',
  shared_buffers: '64MB',
}

export class Ground {
  readonly dir = mkdtempSync(join(tmpdir(), 'pgsteward-fault-'))
  readonly #cleanUps: (() => unknown)[] = []
  readonly say: (text: string) => void

  constructor(say: (text: string) => void) {
    this.say = say
    this.later(() => rmSync(this.dir, { recursive: true, force: true }))
  }

  /** Done at the end, the latest first. */
  later(cleanUp: () => unknown): void {
    this.#cleanUps.push(cleanUp)
  }

  async end(): Promise<void> {
    for (const cleanUp of this.#cleanUps.reverse()) {
      try {
        await cleanUp()
      } catch (error) {
        this.say(`  not cleaned up: ${(error as Error).message}\n`)
      }
    }
  }

  folder(name: string): string {
    const path = join(this.dir, name)
    mkdirSync(path, { recursive: true })
    return path
  }

  /** A file system of its own, of a given size. */
  mount(name: string, megabytes: number): string {
    const path = this.folder(name)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], {
      encoding: 'utf8',
    })
    if (mounted.status !== 0)
      throw new NotRun(
        `no file system may be mounted here: ${mounted.error?.message ?? mounted.stderr.trim()}`,
      )
    this.later(() => {
      if (spawnSync('umount', [path]).status !== 0) spawnSync('umount', ['-l', path])
    })
    return path
  }

  /** PostgreSQL 18 with pg_stat_statements, a role `watcher` and a table `ledger`. */
  async server(
    name: string,
    more: Pick<LocalServerOptions, 'settings' | 'durable'> = {},
  ): Promise<FaultServer> {
    const options = {
      dir: this.folder(name),
      durable: more.durable ?? false,
      settings: { ...SETTINGS, ...more.settings },
    }
    let server = await startLocalServer(options)
    const { port } = server
    let isRunning = true
    this.later(async () => {
      if (isRunning) await server.stop('immediate')
      removeCluster(server)
    })
    const url = (database?: string) => server.url(database)
    const run = (...statements: readonly string[]) => runOn(url(), statements)
    await run(
      'create extension if not exists pg_stat_statements',
      "create role watcher login password 'watcher'",
      'grant pg_monitor to watcher',
      'create table ledger (n bigint)',
      'insert into ledger values (0)',
    )
    return {
      server: () => server,
      url,
      monitorUrl: (database) => url(database).replace(/\/\/[^@]+@/, '//watcher:watcher@'),
      run,
      stop: async (mode) => {
        isRunning = false
        await server.stop(mode)
      },
      start: async () => {
        server = await startLocalServer({ ...options, port })
        isRunning = true
      },
    }
  }

  async watch(options: Omit<WatchOptions, 'dir'> & { readonly dir?: string }): Promise<WatchProcess> {
    const started = WatchProcess.start({ dir: this.dir, ...options })
    this.later(() => started.kill())
    return started
  }

  async ledger(url: string): Promise<Ledger> {
    const ledger = new Ledger(url)
    this.later(() => ledger.stop())
    await ledger.start()
    return ledger
  }

  async proxy(to: ProxyTo): Promise<TcpProxy> {
    const proxy = await TcpProxy.start(to)
    this.later(() => proxy.close())
    return proxy
  }
}

/** As root a cluster lies elsewhere, in a folder that nobody else uses. */
export function removeCluster({ dir }: Pick<LocalServer, 'dir'>): void {
  rmSync(dir, { recursive: true, force: true })
  const above = dirname(dir)
  if (basename(above).startsWith('pgsteward-') && existsSync(above) && readdirSync(above).length === 0)
    rmdirSync(above)
}

/** One after the other, in a session of their own. Returns the last result. */
export async function runOn(url: string, statements: readonly string[]): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, application_name: 'faults' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    let result: pg.QueryResult | undefined
    for (const statement of statements) result = await client.query(statement)
    return result!
  } finally {
    await client.end()
  }
}

/** Resolves with the milliseconds that it took; null when it was not so within the limit. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  limitMs: number,
  pauseMs = 100,
): Promise<number | null> {
  const started = performance.now()
  for (;;) {
    if (await condition()) return performance.now() - started
    if (performance.now() - started > limitMs) return null
    await sleep(pauseMs)
  }
}
