// What @pgsteward/instrument costs a query of node-postgres, beside nothing and beside OpenTelemetry's instrumentation, and the memory
// it takes. CPU time of the application's process, rounds alternating between processes that live as long as the run.

import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import type { Path, Variant } from './instrument-pg-worker.ts'
import { show, spreadOf, writeResults } from './measure.ts'

const execFileAsync = promisify(execFile)
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5)
const QUERIES: Readonly<Record<Path, number>> = {
  client: 100_000,
  fresh: 100_000,
  pool: 50_000,
  server: 20_000,
}
const SCALE = Number(process.env.BENCH_SCALE ?? 1)
const TITLES: Readonly<Record<Path, string>> = {
  client: 'client.query, stub below the wrapping, the same 200 texts',
  fresh: 'client.query, stub, each text built anew, as ORMs do',
  pool: 'pool.query, stub',
  server: 'pool.query, real PostgreSQL 18 on this machine, named statement, 4 at a time',
}
const VARIANTS: Readonly<Record<Variant, string>> = {
  nothing: 'nothing',
  ours: '@pgsteward/instrument, everything on',
  otel: 'OpenTelemetry pg, batch processor, no-op exporter',
  'otel-metrics': 'OpenTelemetry pg with metrics too',
}

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-instrument-'))
  const server = await startLocalServer({ dir, durable: false })
  try {
    const stub = await costs(['client', 'fresh', 'pool'], server.url(), true)
    const real = await costs(['server'], server.url(), false)
    const memory = await memoryRows()
    writeResults(
      'instrument-pg',
      'Cost of @pgsteward/instrument per query of node-postgres',
      `CPU microseconds a query, user and system time of the application's process, ${ROUNDS} alternating rounds. Statements of 330 bytes, ten queries a request, four requests at a time; ours with request context, statistics by route, N+1, sampled callers and pool watch, and a drain within the measured time. Load average of the machine meanwhile: ${loadavg()[2]!.toFixed(1)}.\n\n${[...stub, ...real].join('\n\n')}\n\n## Memory after a million queries\n\nGrowth of heap and external memory, statements active since the last drain included; in brackets with the code that V8 compiled meanwhile, which does not grow with statements and differs from run to run. Aim: under 100 kB with 200 statements, under 2 MB with 5,000. Texts that the application holds itself (constants in its source) are not counted twice; those that an ORM builds anew must be kept, 346 bytes each.\n\n| Distinct statements | texts held by the application, kB | texts built anew, kB |\n|---|---|---|\n${memory}`,
    )
  } finally {
    await server.stop('immediate')
    rmSync(dir, { recursive: true, force: true })
  }
}

async function costs(paths: readonly Path[], url: string, isStub: boolean): Promise<string[]> {
  const variants = Object.keys(VARIANTS) as Variant[]
  const workers = new Map<Variant, ChildProcess>()
  for (const variant of variants) {
    const worker = fork(join(import.meta.dirname, 'instrument-pg-worker.ts'), [variant], {
      execArgv: ['--expose-gc'],
    })
    worker.send(isStub)
    await once(worker, 'message')
    workers.set(variant, worker)
  }
  const tables: string[] = []
  for (const path of paths) {
    const figures = new Map<Variant, number[]>(variants.map((variant) => [variant, []]))
    for (let round = 0; round < ROUNDS; round++)
      for (const variant of variants) {
        const worker = workers.get(variant)!
        worker.send({ path, queries: QUERIES[path] * SCALE, url })
        const [microseconds] = (await once(worker, 'message')) as [number]
        figures.get(variant)!.push(microseconds)
      }
    tables.push(tableOf(path, figures))
  }
  for (const worker of workers.values()) worker.kill()
  return tables
}

function tableOf(path: Path, figures: ReadonlyMap<Variant, readonly number[]>): string {
  const added = (variant: Variant): number =>
    spreadOf(figures.get(variant)!).median - spreadOf(figures.get('nothing')!).median
  const rows = [...figures].map(([variant, values]) => {
    const more = added(variant)
    const beside = variant === 'nothing' ? '' : more.toFixed(2)
    const share = variant === 'nothing' ? '' : (more / added('otel')).toFixed(2)
    return `| ${VARIANTS[variant]} | ${show(spreadOf(values), 2)} | ${beside} | ${share} |`
  })
  return `## ${TITLES[path]}\n\n${QUERIES[path] * SCALE} queries a round.\n\n| What | CPU µs a query | added | of what OpenTelemetry adds |\n|---|---|---|---|\n${rows.join('\n')}`
}

async function memoryRows(): Promise<string> {
  const rows: string[] = []
  for (const statements of [200, 5000]) {
    const cells: string[] = []
    for (const texts of ['held', 'fresh']) {
      const file = join(import.meta.dirname, 'instrument-pg-memory.ts')
      const { stdout } = await execFileAsync(process.execPath, [
        '--expose-gc',
        file,
        String(statements),
        texts,
      ])
      const [data, all] = stdout
        .trim()
        .split(' ')
        .map((bytes) => (Number(bytes) / 1000).toFixed(0))
      cells.push(`${data} (${all})`)
    }
    rows.push(`| ${statements} | ${cells.join(' | ')} |`)
  }
  return rows.join('\n')
}
