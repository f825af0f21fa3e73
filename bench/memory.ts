// Resident memory of `pgsteward watch` with an embedded and with a server store, on the demo's database under traffic.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { DEMO_SETTINGS, monitorUrl, prepareDemo, startApplication } from '../examples/messaging/src/index.ts'
import { startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { type Spread, show, spreadOf, writeResults } from './measure.ts'

const SECONDS = 120
const WARM_UP_SECONDS = 20
const MB = 1024 ** 2
/** As the command's first line has them. */
const FLAGS = ['--max-semi-space-size=2']

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-memory-'))
  const server = await startLocalServer({ dir, durable: false, settings: DEMO_SETTINGS })
  try {
    await prepareDemo(server.url, { scale: 0.1 })
    const client = new pg.Client({ connectionString: server.url() })
    await client.connect()
    await client.query('create database history')
    await client.end()
    const application = await startApplication(server.url, { faults: true })
    const target = monitorUrl(server.url)
    const embedded = await watched(dir, target, { dir: join(dir, 'store') })
    const onServer = await watched(dir, target, { url: server.url('history') })
    const bare = await residentOf(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']), 5)
    await application.stop()
    const row = (name: string, { median, min, max }: Spread) =>
      `| ${name} | ${show({ median: median / MB, min: min / MB, max: max / MB }, 0)} |`
    writeResults(
      'memory',
      'Resident memory of `pgsteward watch`',
      [
        '| What | MB resident |',
        '|---|---|',
        row('watch, embedded store (PGlite in the same process)', embedded),
        row('watch, store on a PostgreSQL server', onServer),
        row('bare Node, for comparison', bare),
        '',
        `Sampled once a second over ${SECONDS - WARM_UP_SECONDS} s after ${WARM_UP_SECONDS} s of warming up, reading every 10 s (6 times as often as by default), the demo's database at a tenth of its size under traffic, no dashboard open. Aims: under 400 MB embedded, under 150 MB with a server store.`,
      ].join('\n'),
    )
  } finally {
    await server.stop('immediate')
    rmSync(dir, { recursive: true, force: true })
  }
}

async function watched(dir: string, url: string, store: object): Promise<Spread> {
  const config = join(dir, `memory-${Object.keys(store)[0]}.config.mjs`)
  writeFileSync(
    config,
    `export default ${JSON.stringify({ targets: [{ id: 'bench', url }], store, server: { port: 0 }, collect: { every: '10s' } })}`,
  )
  const command = resolve(import.meta.dirname, '../packages/pgsteward/bin/pgsteward.js')
  return residentOf(
    spawn(process.execPath, [...FLAGS, command, 'watch', '--config', config], { cwd: dir, stdio: 'ignore' }),
    SECONDS,
  )
}

async function residentOf(child: ChildProcess, seconds: number): Promise<Spread> {
  const samples: number[] = []
  for (let second = 0; second < seconds; second++) {
    await sleep(1000)
    if (child.exitCode !== null) throw new Error(`it ended with exit code ${child.exitCode}`)
    if (second >= Math.min(WARM_UP_SECONDS, seconds - 3)) samples.push(residentBytes(child.pid!))
  }
  child.kill('SIGINT')
  await new Promise((ended) => (child.exitCode === null ? child.once('exit', ended) : ended(null)))
  return spreadOf(samples)
}

/** Linux only: VmRSS of /proc. */
function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}

if (import.meta.main) await run()
