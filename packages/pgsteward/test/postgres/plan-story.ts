// The story of a check on plans: the page's statement runs on a real server, its plan comes to a real store the way plans come
// (what auto_explain would log, or pgsteward's own EXPLAIN on its budget), and both are judged together.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { keepLoggedPlan } from '../../src/app/plans/keep-logged-plan.ts'
import { PlanWatch } from '../../src/app/plans/plan-watch.ts'
import { textKeeper } from '../../src/app/text-keeper.ts'
import { tick } from '../../src/app/tick.ts'
import { Collector } from '../../src/collect/collector.ts'
import type { AnyCheck, Outcome } from '../../src/model/check.ts'
import type { Fact, PgFact } from '../../src/model/fact.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Change } from '../../src/model/open-finding.ts'
import type { PlanNode } from '../../src/model/what-if.ts'
import { openSession } from '../../src/postgres/connect.ts'
import { fingerprintOf, redactSql } from '../../src/sql/fingerprint.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from './database.ts'
import { reproductionOf } from './reproduction.ts'

const TARGET = 'shop'
/** Within the ten minutes that checks look back on, and beyond the five after which a plan is looked at again. */
const BETWEEN_MS = 360_000
/** Query ids have more digits than a number holds. */
const AS_TEXT = { getTypeParser: () => (value: string) => value }

export interface PlanStory {
  readonly database: TestDatabase
  /** A connection whose settings stay; statements run here. */
  readonly client: pg.Client
  /** Runs all of the page's statements but the last, which is the one that the check is about. */
  readonly prepare: () => Promise<void>
  /** Runs a statement so often; its plan becomes known as auto_explain logs it, or where it does not, by EXPLAIN without values. */
  readonly run: (statement: string, times: number, auto?: 'logged' | 'not logged') => Promise<void>
  /** One round of the loop: collect, save, evaluate, track. Six minutes pass before each that follows another. */
  readonly judge: () => Promise<{
    readonly outcome: Outcome
    readonly findings: readonly Finding[]
    readonly transitions: readonly Change['transition'][]
  }>
  readonly end: () => Promise<void>
}

interface ExplainDocument {
  readonly Plan: PlanNode
  readonly JIT?: unknown
}

export async function planStory(
  check: AnyCheck,
  options: Readonly<Record<string, unknown>> = {},
  serverUrl?: string,
): Promise<PlanStory> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-story-'))
  const database = await createDatabase(serverUrl)
  await database.run('create extension pg_stat_statements')
  const client = await database.connect()
  const store = await openStore({ dir: join(dir, 'store') })
  const collector = new Collector({
    target: { id: TARGET, url: database.monitorUrl, labels: {} },
    facts: Object.values<Fact>(check.needs).filter((fact): fact is PgFact => fact.from === 'postgres'),
    open: (target) => openSession(target.url),
    intervalMs: 600_000,
    everyMs: 0,
  })
  const page = reproductionOf(check.id)
  let [aheadMs, isToBePlanned] = [0, false]
  const now = () => new Date(Date.now() + aheadMs)

  const planWatch = new PlanWatch({ targetId: TARGET, store, open: () => openSession(database.monitorUrl) })

  /** auto_explain's JSON is that of EXPLAIN (ANALYZE), and its query id goes with the log's line. */
  const logPlan = async (statement: string) => {
    const told = await client.query({ text: `explain (verbose, format json) ${statement}`, types: AS_TEXT })
    const queryId = /"Query Identifier": (-?\d+)/.exec(told.rows[0]['QUERY PLAN'])?.[1]
    if (queryId === undefined) throw new Error('the server computes no query ids')
    const { rows } = await client.query<{ 'QUERY PLAN': readonly ExplainDocument[] }>(
      `explain (analyze, buffers, format json) ${statement}`,
    )
    const { Plan, JIT } = rows[0]!['QUERY PLAN'][0]!
    await keepLoggedPlan(store, TARGET, {
      at: now(),
      queryId,
      fingerprint: fingerprintOf(statement),
      database: database.name,
      query: redactSql(statement, 10_000),
      plan: JIT === undefined ? Plan : { ...Plan, JIT },
      durationMs: Number(Plan['Actual Total Time']),
      parameters: null,
    })
  }

  const judge = async () => {
    await database.flushStatistics()
    await client.query('select pg_stat_force_next_flush()')
    await client.query('select 1')
    const round = async () =>
      tick(
        {
          targetId: TARGET,
          collector,
          store,
          keepTexts: textKeeper(TARGET, collector, store),
          checks: [check],
          options: new Map([[check.id, check.options.parse(options)]]),
          notify: async () => undefined,
        },
        now(),
        { everything: true },
      )
    let { snapshot, outcomes, changes } = await round()
    if (isToBePlanned) {
      // behind the reading, as under `watch`; the next round judges what it brought
      await planWatch.notice(snapshot)
      aheadMs += 1000
      const next = await round()
      ;({ outcomes } = next)
      changes = [...changes, ...next.changes]
    }
    isToBePlanned = false
    aheadMs += BETWEEN_MS
    const [outcome] = outcomes
    if (outcome?.status === 'failed') throw outcome.error
    return {
      outcome: outcome!,
      findings: outcome?.status === 'found' ? outcome.findings : [],
      transitions: changes.map((change) => change.transition),
    }
  }

  return {
    database,
    client,
    prepare: async () => {
      for (const statement of page.slice(0, -1)) {
        // what was inserted before ANALYZE and is counted after it would make fresh statistics look stale
        if (/\banalyze\b/i.test(statement)) await client.query('select pg_stat_force_next_flush()')
        await client.query(statement)
      }
      // EXPLAIN needs what the statement needs
      await database.run(
        'grant select, insert, update, delete on all tables in schema public to test_monitor',
      )
      await judge()
    },
    run: async (statement, times, auto = 'logged') => {
      for (let time = 0; time < times; time++) await client.query(statement)
      if (auto === 'logged') await logPlan(statement)
      else isToBePlanned = true
    },
    judge,
    end: async () => {
      await planWatch.close()
      await collector.close()
      await store.close()
      await database.drop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
