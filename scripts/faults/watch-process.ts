// `pgsteward watch` as its users run it: a process of its own, asked over HTTP, ended by signals.

import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TargetWire } from '../../packages/pgsteward/src/model/wire.ts'

const PGSTEWARD = resolve(import.meta.dirname, '../../packages/pgsteward/bin/pgsteward.js')
const TOKEN = 'a-token-of-the-faults'

export interface WatchOptions {
  readonly dir: string
  /** By id. */
  readonly targets: Readonly<Record<string, string>>
  readonly store?: { readonly dir?: string; readonly url?: string }
  /** Beside these, as in a configuration file. */
  readonly config?: object
  /** Modules that are loaded before the program. */
  readonly preload?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Health {
  readonly status: 'ok' | 'failing' | 'no answer'
  readonly because?: string
  readonly targets: Readonly<Record<string, string>>
}

/** Read every second: sixty times as often as by default, so that there is always something under way. */
export const EVERY = '1s'

const STORE_DIR = 'store'

/** What opening the store took has been given back by then. */
const SETTLED_MS = 10_000

export class WatchProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<number | null>
  #output = ''
  #listensAt: number | null = null
  #openingMb = 0
  #peakMb = 0

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#ended = new Promise((resolve) =>
      child.once('exit', (code) => {
        clearInterval(watching)
        resolve(code)
      }),
    )
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (data) => {
        this.#output += data
      })
    const watching = setInterval(() => {
      const nowMb = residentMb(child.pid!)
      if (this.address !== null) this.#listensAt ??= performance.now()
      const isSettled = performance.now() - (this.#listensAt ?? Number.POSITIVE_INFINITY) > SETTLED_MS
      if (!isSettled) this.#openingMb = Math.max(this.#openingMb, nowMb)
      else this.#peakMb = Math.max(this.#peakMb, nowMb)
    }, 500)
    watching.unref()
  }

  static start({ dir, targets, store, config, preload = [], env }: WatchOptions): WatchProcess {
    const file = join(dir, 'pgsteward.config.mjs')
    const content = {
      targets: Object.entries(targets).map(([id, url]) => ({ id, url })),
      store: store ?? { dir: join(dir, STORE_DIR) },
      server: { port: 0, adminToken: TOKEN },
      collect: { every: EVERY },
      ...config,
    }
    writeFileSync(file, `export default ${JSON.stringify(content)}\n`)
    const loaded = preload.flatMap((each) => ['--import', each])
    const child = spawn(
      process.execPath,
      [...loaded, '--max-semi-space-size=2', PGSTEWARD, 'watch', '--config', file],
      { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1', ...env } },
    )
    return new WatchProcess(child)
  }

  get output(): string {
    return this.#output
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** The most that was resident from 10 s after it listened on, in MB, as sampled twice a second. */
  get peakMb(): number {
    return this.#peakMb
  }

  /** The same until then: opening an embedded store takes more, making one most. */
  get openingMb(): number {
    return this.#openingMb
  }

  /** Null until it listens. */
  get address(): string | null {
    return /dashboard\s+(http:\S+)/.exec(this.#output)?.[1] ?? null
  }

  async listening(limitMs = 60_000): Promise<void> {
    const deadline = performance.now() + limitMs
    while (this.address === null) {
      if (!this.isRunning || performance.now() > deadline)
        throw new Error(`pgsteward does not listen:\n${this.#output}`)
      await sleep(50)
    }
  }

  async get(path: string, timeoutMs = 10_000): Promise<Response> {
    return await fetch(`${this.address}${path}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
      signal: AbortSignal.timeout(timeoutMs),
    })
  }

  async json<T>(path: string, timeoutMs?: number): Promise<T> {
    const answer = await this.get(path, timeoutMs)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  async health(timeoutMs?: number): Promise<Health> {
    const noAnswer: Health = { status: 'no answer', targets: {} }
    if (this.address === null) return noAnswer
    return await this.get('/health', timeoutMs).then(
      async (answer) => (await answer.json()) as Health,
      () => noAnswer,
    )
  }

  /** Null while it does not tell. */
  async target(id: string): Promise<TargetWire | null> {
    if (this.address === null) return null
    const targets = await this.json<TargetWire[]>('/api/v1/targets', 5_000).catch(() => [])
    return targets.find((each) => each.id === id) ?? null
  }

  /** Whether a reading that began after this moment is kept. */
  async hasReadSince(id: string, moment: number): Promise<boolean> {
    const at = (await this.target(id))?.lastReadAt
    return at != null && Date.parse(at) > moment
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** In order; its exit code. */
  async stop(limitMs = 60_000): Promise<number | null> {
    this.#child.kill('SIGTERM')
    const late = sleep(limitMs, 'late' as const, { ref: false })
    const code = await Promise.race([this.#ended, late])
    if (code === 'late') {
      await this.kill()
      throw new Error(`pgsteward did not stop within ${limitMs / 1000} s:\n${this.#output}`)
    }
    return code
  }

  /** kill -9, unless it has ended. */
  async kill(): Promise<void> {
    if (this.isRunning) this.#child.kill('SIGKILL')
    await this.#ended
  }

  /** Its exit code, when it ends by itself. */
  get ended(): Promise<number | null> {
    return this.#ended
  }
}

/** 0 where the system does not tell, or the process is gone. */
function residentMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
