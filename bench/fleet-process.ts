// `pgsteward watch` over many targets as a process of its own: what it takes, and how fast it answers meanwhile. Linux only: /proc.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Spread, spreadOf } from './measure.ts'

export interface Measured {
  /** Of one core: 0.5 is half of it. */
  readonly cpuShare: number
  readonly residentBytes: Spread
  readonly healthMs: Spread
}

export interface WatchedFleet {
  /** Where the dashboard is. */
  readonly address: string
  /** Over the next milliseconds. */
  readonly measure: (forMs: number) => Promise<Measured>
  readonly health: () => Promise<{
    readonly status: string
    readonly targets: Readonly<Record<string, string>>
  }>
  /** As Ctrl-C does. */
  readonly stop: () => Promise<number | null>
  /** kill -9; nothing where it has ended. */
  readonly kill: () => void
}

const PGSTEWARD = resolve(import.meta.dirname, '../packages/pgsteward/bin/pgsteward.js')
const LISTENS_WITHIN_MS = 60_000
/** USER_HZ, which is 100 wherever Linux runs. */
const TICKS_PER_SECOND = 100

export async function startWatch(options: {
  readonly dir: string
  readonly targets: Readonly<Record<string, string>>
  readonly storeUrl: string
  /** More of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>
}): Promise<WatchedFleet> {
  const { dir, targets, storeUrl } = options
  mkdirSync(dir, { recursive: true })
  const file = join(dir, 'pgsteward.config.mjs')
  const config = {
    targets: Object.entries(targets).map(([id, url]) => ({ id, url })),
    store: { url: storeUrl },
    server: { port: 0 },
    ...options.config,
  }
  writeFileSync(file, `export default ${JSON.stringify(config)}\n`)
  const child = spawn(process.execPath, ['--max-semi-space-size=2', PGSTEWARD, 'watch', '--config', file], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  })
  const ended = once(child, 'exit')
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      output = (output + data).slice(0, 20_000)
    })
  const isRunning = () => child.exitCode === null && child.signalCode === null
  const until = performance.now() + LISTENS_WITHIN_MS
  let address: string | undefined
  while (address === undefined) {
    if (!isRunning() || performance.now() > until) throw new Error(`it does not listen:\n${output}`)
    await sleep(200)
    address = /dashboard\s+(http:\/\/\S+)/.exec(output)?.[1]
  }
  const health = async () => (await fetch(`${address}/health`)).json() as ReturnType<WatchedFleet['health']>
  return {
    address,
    measure: async (forMs) => {
      const started = performance.now()
      const cpuBefore = cpuSeconds(child.pid!)
      const resident: number[] = []
      const answers: number[] = []
      while (performance.now() - started < forMs) {
        const asked = performance.now()
        await health()
        answers.push(performance.now() - asked)
        resident.push(residentBytes(child.pid!))
        await sleep(1_000)
      }
      const seconds = (performance.now() - started) / 1_000
      return {
        cpuShare: (cpuSeconds(child.pid!) - cpuBefore) / seconds,
        residentBytes: spreadOf(resident),
        healthMs: spreadOf(answers),
      }
    },
    health,
    stop: async () => {
      if (isRunning()) child.kill('SIGINT')
      await ended
      return child.exitCode
    },
    kill: () => {
      if (isRunning()) child.kill('SIGKILL')
    },
  }
}

/** User and system, of /proc/PID/stat; the name before them may hold spaces. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1_024
}
