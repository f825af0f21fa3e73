// What the demo of partitioning counted, as a page of bench/results.

import type pg from 'pg'
import type { Felt } from './watch-traffic.ts'

export interface Reading {
  /** Partitions, or 1 for the whole table. */
  readonly relations: number
  readonly blocks: number
  readonly tookMs: number
}

interface Exchange {
  readonly tookMs: number
  readonly compared: number
  readonly swap: { readonly heldMs: number; readonly tries: number }
}

export interface DemoReport {
  readonly rows: number
  readonly sizeBytes: number
  readonly run: Exchange & { readonly copied: number }
  readonly undo: Exchange
  readonly felt: readonly (readonly [name: string, felt: Felt])[]
  readonly written: number
  readonly lost: number
  readonly before: Reading
  readonly after: Reading
  readonly errors: readonly string[]
  readonly applicationErrors: number
  readonly load: number
  readonly cores: number
}

/** What a week of the log holds: read where it lies, or through everything. */
const WEEK = `select action, count(*) from audit_log where created_at >= now() - interval '7 days' group by action`

/** The second of two runs. */
export async function readingOf(client: pg.Client): Promise<Reading> {
  await client.query(WEEK)
  const { rows } = await client.query(`explain (analyze, buffers, timing off, format json) ${WEEK}`)
  const [{ Plan: plan, 'Execution Time': tookMs }] = rows[0]['QUERY PLAN']
  const relations = new Set<string>()
  const walk = (node: PlanNode): void => {
    if (node['Relation Name'] !== undefined) relations.add(node['Relation Name'])
    node.Plans?.forEach(walk)
  }
  walk(plan)
  return {
    relations: relations.size,
    blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
    tookMs,
  }
}

interface PlanNode {
  readonly 'Relation Name'?: string
  readonly Plans?: readonly PlanNode[]
}

export function demoReport(report: DemoReport): string {
  const { rows, run, undo, before, after } = report
  const failed = report.felt.reduce((sum, [, felt]) => sum + felt.failed + felt.failedWrites, 0)
  return `# A large table partitioned while it is used

Reproduce: \`npm run demo:partition${rows === 10_000_000 ? '' : ` -- --rows ${rows}`}\`. Node ${process.versions.node}, ${process.platform}-${process.arch}, ${report.cores} cores, PostgreSQL 18, load average ${report.load.toFixed(1)} at the end; the machine is shared and noisy.

The audit log of the reference application, ${count(rows)} rows over 24 months (${(report.sizeBytes / 1e9).toFixed(1)} GB with its indexes, two foreign keys), is divided by month with \`pgsteward partition run\` while the application serves its traffic and a session beside it writes a row every 20 ms; then \`pgsteward partition undo\` puts it back.

| | Partitioned | Taken back |
|---|---:|---:|
| took | ${(run.tookMs / 1000).toFixed(0)} s | ${(undo.tookMs / 1000).toFixed(0)} s |
| rows copied | ${count(run.copied)} | - |
| rows compared, all equal | ${count(run.compared)} | ${count(undo.compared)} |
| the names changed in | ${run.swap.heldMs.toFixed(0)} ms | ${undo.swap.heldMs.toFixed(0)} ms |
| tries for the lock | ${run.swap.tries} | ${undo.swap.tries} |

**Requests and writes that failed: ${failed}. Rows written meanwhile: ${count(report.written)}, lost: ${report.lost}.**

| | requests | failed | p50, ms | p99, ms | longest, ms | writes | failed | longest, ms | longest wait for a lock, ms |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${report.felt.map(([name, felt]) => line(name, felt)).join('\n')}

Failed is what was answered with 500 or above, or not at all. Waits for locks are asked for every 20 ms, so shorter ones may be missed.

What a week holds (\`created_at >= now() - interval '7 days'\`; the index on (church_id, created_at) may serve it before):

| | tables read | blocks | ms |
|---|---:|---:|---:|
| before | ${before.relations} | ${count(before.blocks)} | ${before.tookMs.toFixed(0)} |
| partitioned | ${after.relations} | ${count(after.blocks)} | ${after.tookMs.toFixed(0)} |

Answers that the traffic did not expect (a 401 is a visitor who signs out while another of their pages loads): ${report.applicationErrors}${report.errors.length === 0 ? '' : `; ${[...new Set(report.errors)].slice(0, 5).join('; ')}`}
`
}

function line(name: string, felt: Felt): string {
  const ms = (value: number) => count(value)
  return `| ${name} | ${count(felt.requests)} | ${felt.failed} | ${ms(felt.p50Ms)} | ${ms(felt.p99Ms)} | ${ms(felt.longestMs)} | ${count(felt.writes)} | ${felt.failedWrites} | ${ms(felt.longestWriteMs)} | ${ms(felt.longestLockWaitMs)} |`
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
