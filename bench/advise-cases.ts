// How good the advice is on the project's own cases (packages/pgsteward/test/advise/cases/), which were written before the advice on
// them was seen: built and run for real, beside the indexes of an expert.

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { AdviceReport } from '../packages/pgsteward/src/model/advice.ts'
import { startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { CASES, CASES_FOLDER } from '../packages/pgsteward/test/advise/cases/all-cases.ts'
import { buildCase, type Score, scoreSet } from '../packages/pgsteward/test/advise/cases/score-case.ts'
import { FORMS, workloadOf } from '../packages/pgsteward/test/advise/cases/workload-of.ts'
import { writeResults } from './measure.ts'

const execFileAsync = promisify(execFile)
const PGSTEWARD = resolve(import.meta.dirname, '../packages/pgsteward/bin/pgsteward.js')
const ROWS = 200_000
const RUNS = 5
const BUDGETS = ['25%', '50%', '100%']

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-cases-'))
  const settings = { autovacuum: 'off', shared_buffers: '512MB', full_page_writes: 'off' }
  const server = await startLocalServer({ dir: join(dir, 'server'), durable: false, settings })
  try {
    const sections: string[] = []
    for (const name of Object.keys(CASES)) {
      sections.push(await section(name, server.url(), dir))
      writeResults(
        'advise-cases',
        'Index advice on cases of our own',
        [INTRODUCTION, ...sections].join('\n\n'),
      )
    }
  } finally {
    await server.stop('immediate')
    rmSync(server.dir, { recursive: true, force: true })
    rmSync(dir, { recursive: true, force: true })
  }
}

const INTRODUCTION = [
  `Each case has a schema, ${ROWS.toLocaleString('en-US')} rows in its largest tables, some forty statements with their calls a minute, the indexes of`,
  'an expert, and traps. Everything is built and run on PostgreSQL 18; the figures are a minute of all statements as ratios to the expert,',
  "1 being as good. Pages are counted in indexes and tables, triggers' included. `samples`: several values for each parameter; `texts`: one",
  'text each with its literals; `templates`: `$1` alone, as pg_stat_statements has them. Expected: as many of the expert’s indexes as are',
  'there or served as well, to half of the pages more. The cases came before the advice on them; those of the carrier and the marketplace',
  'were written and measured without sight of its code, too, and its rules were mended by what they showed. One rate of the marketplace',
  '(reviews, 20 a minute, now 2) was corrected after that: they could not have come at it.',
].join('\n')

async function section(name: string, url: string, dir: string): Promise<string> {
  const asked = CASES[name]!
  const database = await buildCase(url, CASES_FOLDER, name, ROWS)
  const none = await scoreSet(url, database, asked, [], { runs: 1 })
  const expertSet = asked.expected.map(({ sql }) => sql)
  const expert = await scoreSet(url, database, asked, expertSet, { runs: RUNS })
  const again = await scoreSet(url, database, asked, expertSet, { runs: RUNS, expert })
  const count = asked.expected.length
  const rows = [
    row('no indexes', none, expert, null, count),
    row('the expert, twice', again, expert, null, count),
  ]
  const remarks: string[] = []
  for (const form of FORMS) {
    for (const budget of form === 'samples' ? BUDGETS : ['100%']) {
      const workload = join(dir, 'workload.json')
      writeFileSync(workload, JSON.stringify(workloadOf(asked, form)))
      const report = await advise(url, database, workload, budget, join(dir, 'advised.sql'))
      const indexes = readFileSync(join(dir, 'advised.sql'), 'utf8').split(';\n').filter(Boolean)
      const score = await scoreSet(url, database, asked, indexes, { runs: RUNS, expert })
      rows.push(row(`${form}, ${budget}`, score, expert, report, count))
      remarks.push(
        ...score.missing.map((each) => `- ${form}, ${budget}: not served as well: ${each}`),
        ...score.traps.map((each) => `- ${form}, ${budget}: trap: ${each}`),
        ...score.errors.map((each) => `- ${form}, ${budget}: error: ${each}`),
      )
      process.stderr.write(`${name} ${rows.at(-1)}\n`)
    }
  }
  return [
    `## ${asked.title}: ${asked.statements.length} statements`,
    '',
    '| workload, budget | time | pages | WAL | HOT share | indexes | MB | expected | traps | plans asked | search s |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ].join('\n')
}

async function advise(
  url: string,
  database: string,
  workload: string,
  budget: string,
  out: string,
): Promise<AdviceReport> {
  const target = new URL(url)
  target.pathname = `/${database}`
  const args = ['--workload', workload, '--budget', budget, '--time', '5m', '--sql', out, '--json']
  const { stdout } = await execFileAsync(process.execPath, [PGSTEWARD, 'advise', target.href, ...args], {
    maxBuffer: 64 * 1024 ** 2,
  })
  return JSON.parse(stdout)
}

function row(name: string, score: Score, expert: Score, report: AdviceReport | null, count: number): string {
  const ratio = (of: (score: Score) => number) => (of(score) / of(expert)).toFixed(2)
  const cells = [
    name,
    ratio(({ sum }) => sum.ms),
    ratio(({ sum }) => sum.pages),
    ratio(({ sum }) => sum.walBytes),
    (score.sum.hotUpdates / Math.max(1, score.sum.updates)).toFixed(2),
    score.indexes.length,
    (score.indexBytes / 1e6).toFixed(1),
    name === 'no indexes' ? '-' : `${count - score.missing.length}/${count}`,
    score.traps.length,
    report === null ? '-' : report.search.explains,
    report === null ? '-' : (report.search.tookMs / 1000).toFixed(1),
  ]
  return `| ${cells.join(' | ')} |`
}

if (import.meta.main) await run()
