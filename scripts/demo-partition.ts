// npm run demo:partition: the audit log of the reference application, ten million rows, is divided by month while the application runs;
// then that is taken back. Who felt it, and whether a row was lost, is counted. [--rows N] [--write bench/results/partition.md]

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { APPLICATION_ROLE, roleUrl } from '../examples/messaging/src/demo-url.ts'
import { DEMO_SETTINGS, mendFaults, prepareDemo, startApplication } from '../examples/messaging/src/index.ts'
import { startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { type DemoReport, demoReport, readingOf } from './partition/demo-report.ts'
import { fillAuditLog } from './partition/fill-audit-log.ts'
import { type Felt, watchTraffic } from './partition/watch-traffic.ts'

const ROOT = resolve(import.meta.dirname, '..')
const PGSTEWARD = join(ROOT, 'packages/pgsteward/bin/pgsteward.js')
/** Of the demo beside the audit log. */
const SCALE = 0.5
const CALM_MS = 30_000
/** Table, indexes, the copy of both, and WAL. */
const BYTES_PER_ROW = 800

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '10000000' }, write: { type: 'string' } },
})
const rows = Number(values.rows)
const say = (text: string) => process.stdout.write(text)
const headline = (text: string) => say(`\n== ${text}\n\n`)

const disk = statfsSync(tmpdir())
const freeBytes = disk.bavail * disk.bsize
if (!Number.isSafeInteger(rows) || rows < 1_000)
  throw new Error(`--rows ${values.rows} is not a number of rows`)
if (freeBytes < rows * BYTES_PER_ROW + 3e9)
  throw new Error(`${tmpdir()} has ${Math.round(freeBytes / 1e9)} GB left: take fewer --rows`)

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-partition-'))
const server = await startLocalServer({ dir: join(dir, 'postgres'), settings: DEMO_SETTINGS })
const databaseUrl = server.url('messaging')

/** The real command. Its last line of JSON is its result. */
async function pgsteward<Result>(...args: readonly string[]): Promise<Result & { readonly tookMs: number }> {
  say(`$ pgsteward ${args.map((arg) => (arg === databaseUrl ? '$MAINTENANCE_URL' : arg)).join(' ')}\n`)
  const started = performance.now()
  const child = spawn(process.execPath, [PGSTEWARD, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (data) => {
    out += data
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`pgsteward ${args[1]} ended with ${code}: ${out}`)
  return { ...(JSON.parse(out) as Result), tookMs: performance.now() - started }
}

const admin = new pg.Client({ connectionString: databaseUrl })
try {
  headline('A database of the reference application')
  await prepareDemo(server.url, { scale: SCALE, onProgress: ({ step }) => say(`${step}\n`) })
  await mendFaults(server.url)
  await admin.connect()
  headline(`Its audit log, extended to ${rows.toLocaleString('en-US')} rows over 24 months`)
  await fillAuditLog(admin, rows, (done) => say(`${done.toLocaleString('en-US')} rows\n`))

  const application = await startApplication(server.url, { faults: false, requestsPerSecond: 10 })
  const watch = await watchTraffic(roleUrl(server.url, APPLICATION_ROLE), server.url('messaging'), (origin) =>
    origin.startsWith(new URL(application.url).origin),
  )
  try {
    const felt: [string, Felt][] = []
    const calm = async (name: string) => {
      await sleep(CALM_MS)
      felt.push([name, watch.felt()])
    }
    const lost = async () => {
      const asked = [...watch.written]
      const { rows: found } = await admin.query(
        'select count(*)::int as n from audit_log where id = any($1::bigint[])',
        [asked],
      )
      return asked.length - found[0].n
    }
    const design = ['public.audit_log', '--key', 'created_at', '--every', 'month']
    await sleep(5_000)
    watch.felt()
    headline('Before')
    await calm('before')
    const before = await readingOf(admin)
    const size = await admin.query(`select pg_total_relation_size('audit_log')::float8 as bytes`)
    headline('Partitioned')
    const run = await pgsteward<DemoReport['run']>(
      'partition',
      'run',
      databaseUrl,
      ...design,
      '--reason',
      'demo',
    )
    felt.push(['while it was partitioned', watch.felt()])
    const lostBySwap = await lost()
    await calm('partitioned')
    const after = await readingOf(admin)
    headline('Taken back')
    const undo = await pgsteward<DemoReport['undo']>(
      'partition',
      'undo',
      databaseUrl,
      'public.audit_log',
      '--reason',
      'demo',
    )
    felt.push(['while that was taken back', watch.felt()])
    const lostByUndo = await lost()
    await calm('as before')
    const report: DemoReport = {
      rows,
      sizeBytes: size.rows[0].bytes,
      run,
      undo,
      felt,
      written: watch.written.length,
      lost: lostBySwap + lostByUndo,
      before,
      after,
      errors: [
        ...watch.errors,
        ...(application.counts().lastError === null ? [] : [application.counts().lastError!]),
      ],
      applicationErrors: application.counts().errors,
      load: loadavg()[0]!,
      cores: cpus().length,
    }
    const text = demoReport(report)
    say(`\n${text}`)
    if (values.write !== undefined) writeFileSync(resolve(values.write), text)
  } finally {
    await watch.stop()
    await application.stop()
  }
} finally {
  await admin.end()
  await server.stop('immediate')
  // as root the cluster lies elsewhere
  for (const each of [dir, server.dir]) rmSync(each, { recursive: true, force: true })
}
