// How good the advice is, on two case sets that lie beside the repository (their texts and data stay there): a support desk with a
// shop, scored by really building and running, and TPC-H, by the planner's costs with the indexes really built.

import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import type { AdviceReport } from '../packages/pgsteward/src/model/advice.ts'
import type { PostgresMajor } from '../packages/pgsteward/src/postgres/local-binaries.ts'
import { startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { writeResults } from './measure.ts'
import { costBuilt, TPCH_SETTINGS, tpchQueries } from './tpch-case.ts'

const execFileAsync = promisify(execFile)
const CASES = resolve(import.meta.dirname, '../../shared/data')
const PGSTEWARD = resolve(import.meta.dirname, '../packages/pgsteward/bin/pgsteward.js')
const BUDGETS = ['25%', '50%', '100%']

export async function run(): Promise<void> {
  if (!existsSync(CASES)) {
    process.stderr.write(`the case sets are not at ${CASES}: nothing measured\n`)
    return
  }
  // below the dependencies, so that the scorer finds its driver
  const cache = resolve(import.meta.dirname, '../node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const dir = mkdtempSync(join(cache, 'bench-advise-'))
  try {
    const sections: string[] = []
    const write = () => writeResults('advise', 'Index advice on two case sets', sections.join('\n\n'))
    sections.push(await tpch(dir))
    write()
    sections.push(await oltp(dir, 15))
    write()
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function serverIn<T>(
  dir: string,
  major: PostgresMajor,
  work: (url: (database?: string) => string) => Promise<T>,
): Promise<T> {
  const folder = join(dir, `server-${major}`)
  const settings = { autovacuum: 'off', shared_buffers: '512MB' }
  const server = await startLocalServer({ dir: folder, major, durable: false, settings })
  try {
    return await work(server.url)
  } finally {
    await server.stop('immediate')
    for (const path of [folder, server.dir]) rmSync(path, { recursive: true, force: true })
  }
}

async function advise(url: string, workload: string, budget: string, out: string): Promise<AdviceReport> {
  const args = [
    PGSTEWARD,
    'advise',
    url,
    '--workload',
    workload,
    '--budget',
    budget,
    '--time',
    '5m',
    '--sql',
    out,
    '--json',
  ]
  const { stdout } = await execFileAsync(process.execPath, args, { maxBuffer: 64 * 1024 ** 2 })
  return JSON.parse(stdout)
}

interface Score {
  readonly ratio_to_expert: number
  readonly kblocks_per_min: number
  readonly wal_kb_per_min: number
  readonly new_indexes: number
  readonly index_bytes: number
  readonly expected_covered: string
  readonly traps_hit: number
}

async function oltp(dir: string, major: PostgresMajor): Promise<string> {
  const folder = join(dir, 'oltp')
  cpSync(join(CASES, 'advice-oltp'), folder, { recursive: true })
  return serverIn(dir, major, async (url) => {
    const score = async (file: string): Promise<{ expert: Score; given: Score }> => {
      const args = [join(folder, 'score.mjs'), url(), file, '--runs', '9']
      const { stdout } = await execFileAsync(process.execPath, args, { maxBuffer: 64 * 1024 ** 2 })
      return JSON.parse(stdout.slice(0, stdout.indexOf('\n}\n') + 2))
    }
    const rows: string[] = []
    // builds the base database, too
    const first = await score(join(folder, 'expert.sql'))
    rows.push(scoreRow('the expert, twice', first.given, first.expert, null))
    const spec = JSON.parse(readFileSync(join(folder, 'queries.json'), 'utf8')) as {
      queries: Record<string, unknown>[]
    }
    const forms = {
      'templates and samples': ['id', 'template', 'calls_per_minute', 'variants'],
      'one literal text each': ['id', 'sql', 'calls_per_minute'],
      'templates alone': ['id', 'template', 'calls_per_minute'],
    }
    for (const [form, fields] of Object.entries(forms)) {
      const workload = join(folder, 'workload.json')
      writeFileSync(
        workload,
        JSON.stringify(
          spec.queries.map((query) => Object.fromEntries(fields.map((field) => [field, query[field]]))),
        ),
      )
      for (const budget of form === 'templates and samples' ? ['25%', '100%'] : ['100%']) {
        const out = join(folder, 'advised.sql')
        const report = await advise(url('devset_base_200000'), workload, budget, out)
        const { given, expert } = await score(out)
        rows.push(scoreRow(`${form}, ${budget}`, given, expert, report))
        process.stderr.write(`${rows.at(-1)}\n`)
      }
    }
    return [
      `## A support desk with a shop, PostgreSQL ${major}`,
      '',
      'Scored by real execution against the indexes of an expert: time, pages touched and WAL a minute, as ratios (1 is as good).',
      'Medians of nine executions each. By how far the first row is from 1, times that differ by less say nothing.',
      '',
      '| workload given as, budget | time | pages | WAL | indexes | MB | expected | traps | plans asked | search s |',
      '|---|---|---|---|---|---|---|---|---|---|',
      ...rows,
    ].join('\n')
  })
}

function scoreRow(name: string, given: Score, expert: Score, report: AdviceReport | null): string {
  const ratio = (of: (score: Score) => number) => (of(given) / of(expert)).toFixed(2)
  const cells = [
    name,
    given.ratio_to_expert.toFixed(2),
    ratio((score) => score.kblocks_per_min),
    ratio((score) => score.wal_kb_per_min),
    given.new_indexes,
    (given.index_bytes / 1e6).toFixed(1),
    given.expected_covered,
    given.traps_hit,
    report === null ? '-' : report.search.explains,
    report === null ? '-' : (report.search.tookMs / 1000).toFixed(1),
  ]
  return `| ${cells.join(' | ')} |`
}

async function tpch(dir: string): Promise<string> {
  const folder = join(dir, 'tpch')
  cpSync(join(CASES, 'advice-tpch'), folder, { recursive: true })
  const queries = tpchQueries()
  const workload = join(folder, 'workload.json')
  writeFileSync(workload, JSON.stringify(queries))
  return serverIn(dir, 18, async (url) => {
    const none = join(folder, 'none.sql')
    writeFileSync(none, 'select 1')
    // loads the data; it ends with an error where HypoPG is missing, which is not needed here
    const args = [join(folder, 'score.mjs'), url(), none, '--data', join(folder, 'data'), '--estimate-only']
    await execFileAsync(process.execPath, args).catch(() => undefined)
    await query(
      url(),
      Object.entries(TPCH_SETTINGS).map(
        ([name, value]) => `alter database tpch_base set ${name} = '${value}'`,
      ),
    )
    const rows: string[] = []
    for (const budget of BUDGETS) {
      const out = join(folder, 'advised.sql')
      const report = await advise(url('tpch_base'), workload, budget, out)
      const built = await costBuilt(
        url('tpch_base'),
        readFileSync(out, 'utf8').split(';\n').filter(Boolean),
        queries,
      )
      const predicted = report.cost.afterPerMinute / report.cost.beforePerMinute
      const cells = [
        budget,
        report.indexes.length,
        (report.sizeBytes / 1e6).toFixed(1),
        (built.bytes / 1e6).toFixed(1),
        ((100 * built.bytes) / report.tableBytes).toFixed(1),
        predicted.toFixed(4),
        (built.after / built.before).toFixed(4),
        report.search.explains,
        (report.search.tookMs / 1000).toFixed(1),
      ]
      rows.push(`| ${cells.join(' | ')} |`)
      process.stderr.write(`${rows.at(-1)}\n`)
    }
    return [
      '## TPC-H, scale 0.05, 19 queries (without Q2, Q17, Q20), PostgreSQL 18',
      '',
      "Cost: the planner's, with the advised indexes to without, as the twin predicts and with the indexes really built. Budgets are in real bytes, of the tables' bytes.",
      '',
      '| budget | indexes | MB predicted | MB built | % of tables | cost predicted | cost built | plans asked | search s |',
      '|---|---|---|---|---|---|---|---|---|',
      ...rows,
    ].join('\n')
  })
}

async function query(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

if (import.meta.main) await run()
