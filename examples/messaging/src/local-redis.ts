// A private Redis on this machine, for tests, the demo and benchmarks: loopback only, bounded in memory, nothing on disk. It ends with
// the process that started it, even by kill -9.

import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface LocalRedis {
  readonly url: string
  readonly port: number
  /** Stands still without closing a connection, as behind a network that swallows packets; and goes on. */
  readonly pause: (on: boolean) => void
  /** At once, as when it is killed. Harmless twice. */
  readonly stop: () => Promise<void>
}

export interface LocalRedisOptions {
  /** Redis's own words, `8mb`. Its own needs come to about a megabyte of it. */
  readonly maxMemory?: string
  /** Default: a free one. */
  readonly port?: number
  /** Default: made up. Given again, a second one takes the first one's place for its clients. */
  readonly password?: string
}

/** Where scripts/bootstrap.mjs unpacks Debian's package when there is no other. */
const UNPACKED = fileURLToPath(new URL('../../../node_modules/.cache/redis', import.meta.url))
const STARTS_WITHIN_MS = 20_000
const TRIES = 3

/** Null where there is none, with what it needs to run. */
export function findRedis(path: string | undefined = process.env.PATH): RedisBinary | null {
  for (const folder of (path ?? '').split(delimiter)) {
    const file = join(folder, 'redis-server')
    if (folder !== '' && existsSync(file)) return { file, environment: {} }
  }
  const file = join(UNPACKED, 'usr/bin/redis-server')
  if (!existsSync(file)) return null
  const folders = ['usr/lib', 'lib']
    .map((path) => join(UNPACKED, path))
    .filter((path) => existsSync(path))
    .flatMap((path) => [path, ...readdirSync(path).map((name) => join(path, name))])
  return { file, environment: { LD_LIBRARY_PATH: folders.join(':') } }
}

export interface RedisBinary {
  readonly file: string
  readonly environment: Readonly<Record<string, string>>
}

/** Rejects with what to do where there is no redis-server. */
export async function startLocalRedis(options: LocalRedisOptions = {}): Promise<LocalRedis> {
  const binary = findRedis()
  if (binary === null)
    throw new Error(
      'there is no redis-server: install it (Debian: apt-get install redis-server) or run node scripts/bootstrap.mjs --for-tests',
    )
  const password = options.password ?? randomBytes(16).toString('hex')
  for (let attempt = 1; ; attempt++) {
    // between asking for a free port and listening on it another process may have taken it
    const port = options.port ?? (await freePort())
    const { child, watchdog } = launch(binary, port, password, options.maxMemory ?? '16mb')
    try {
      await untilReady(child)
      return toLocalRedis(child, watchdog, port, password)
    } catch (error) {
      watchdog.kill()
      child.kill('SIGKILL')
      if (attempt === TRIES || options.port !== undefined) throw error
    }
  }
}

function launch({ file, environment }: RedisBinary, port: number, password: string, maxMemory: string) {
  // from standard input: arguments can be read by everybody on this machine
  const child = spawn(file, ['-'], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  child.stdin.on('error', () => {}) // it ended before it had read everything; untilReady says why
  child.stdin.end(`
    bind 127.0.0.1
    port ${port}
    requirepass ${password}
    maxmemory ${maxMemory}
    maxmemory-policy allkeys-lru
    save ""
    appendonly no
    dir /tmp
  `)
  child.unref()
  // Its standard input closes when this process ends, however it ends.
  const watchdog = spawn('sh', ['-c', `read _; kill -KILL ${child.pid}`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watchdog.unref()
  return { child, watchdog }
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    const fail = (why: string) => {
      clearTimeout(timer)
      reject(new Error(`the local Redis did not start: ${why} ${output.slice(-1000)}`))
    }
    const timer = setTimeout(() => fail('it said nothing in time.'), STARTS_WITHIN_MS)
    child.once('error', (error) => fail(String(error)))
    child.once('exit', (code) => fail(`it ended with exit code ${code}.`))
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-4000)
        if (!output.includes('Ready to accept connections')) return
        clearTimeout(timer)
        child.removeAllListeners('exit')
        resolve()
      })
  })
}

function toLocalRedis(
  child: ChildProcess,
  watchdog: ChildProcess,
  port: number,
  password: string,
): LocalRedis {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    port,
    url: `redis://:${password}@127.0.0.1:${port}`,
    pause: (on) => void child.kill(on ? 'SIGSTOP' : 'SIGCONT'),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.ref()
        child.kill('SIGKILL')
        await gone
      }
      watchdog.kill()
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('the system gave no port')
  return address.port
}
