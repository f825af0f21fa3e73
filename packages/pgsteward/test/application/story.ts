// The story of a check on applications: the page's program as a process that reports to a real pgsteward over HTTP; found, near miss
// quiet, resolved when the fault is over. The clock can be put forward, so that ten minutes need not pass.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { createIngest } from '../../src/app/ingest/ingest.ts'
import { Steward } from '../../src/app/steward.ts'
import { textKeeper } from '../../src/app/text-keeper.ts'
import { tick } from '../../src/app/tick.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { Collector } from '../../src/collect/collector.ts'
import { statementTexts } from '../../src/facts/statement-texts.ts'
import { statements } from '../../src/facts/statements.ts'
import type { Outcome } from '../../src/model/check.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Change } from '../../src/model/open-finding.ts'
import type { Window } from '../../src/model/units.ts'
import { openSession } from '../../src/postgres/connect.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { programOf, type RunningProgram, runProgram } from './program.ts'

export const TARGET = 'shop'
const ADMIN_TOKEN = 'an-admin-token-of-some-length'
const INGEST_TOKEN = 'an-ingest-token-of-some-length'
const PATIENCE = { timeout: 60_000, interval: 100 }

export interface Judged {
  readonly outcome: Outcome
  readonly findings: readonly Finding[]
  readonly transitions: readonly Change['transition'][]
}

export interface ApplicationStory {
  readonly database: TestDatabase
  readonly store: Store
  readonly program: string
  /** Starts the page's program; ended with the story at the latest. */
  readonly start: () => Promise<RunningProgram>
  /** Waits until the store knows of that many requests within the last ten minutes. */
  readonly told: (requests: number) => Promise<void>
  /** One round of the loop: collect, save, evaluate, track. */
  readonly judge: () => Promise<Judged>
  /**
   * Judges until it is found as expected, within a minute: a report comes in parts, and what a finding is about may be here before
   * what explains it. Transitions are those of all rounds together, without 'persisted' after others.
   */
  readonly found: (expected?: readonly object[]) => Promise<Judged>
  /** Puts the clock forward for pgsteward; the program's own stays. */
  readonly later: (ms: number) => void
  /** The ten minutes up to pgsteward's now. */
  readonly window: () => Window
  readonly end: () => Promise<void>
}

export async function applicationStory(
  checkId: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<ApplicationStory> {
  const check = ALL_CHECKS.find((each) => each.id === checkId)!
  const { program, needsTables } = programOf(checkId)
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-story-'))
  const database = await createDatabase()
  await database.run('create extension pg_stat_statements', ...(needsTables ? reproductionOf(checkId) : []))
  let aheadMs = 0
  const now = () => new Date(Date.now() + aheadMs)
  const window = () => ({ from: new Date(now().getTime() - 600_000), to: now() })
  const store = await openStore({ dir: join(dir, 'store') })
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: { targets: [{ id: TARGET, url: database.monitorUrl }] },
  })
  const steward = new Steward(config, store)
  const ingest = createIngest({ store, config, now })
  const server = await createServer({
    views: new Views(steward, now, null),
    adminToken: ADMIN_TOKEN,
    host: '127.0.0.1',
    dashboardDir: null,
    now,
    applications: { ingest, token: INGEST_TOKEN },
  })
  const address = await server.listen({ host: '127.0.0.1', port: 0 })
  const collector = new Collector({
    target: { id: TARGET, url: database.monitorUrl, labels: {} },
    facts: [statements, statementTexts],
    open: (target) => openSession(target.url),
    intervalMs: 600_000,
    everyMs: 0,
  })
  const running: RunningProgram[] = []

  const judge = async (): Promise<Judged> => {
    await database.flushStatistics()
    const { outcomes, changes } = await tick(
      {
        targetId: TARGET,
        collector,
        store,
        keepTexts: textKeeper(TARGET, collector, store),
        checks: [check],
        options: new Map([[checkId, check.options.parse(options)]]),
        notify: async () => undefined,
      },
      now(),
    )
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
    store,
    program,
    window,
    judge,
    start: async () => {
      const one = await runProgram(dir, program, {
        DATABASE_URL: database.url,
        PGSTEWARD_URL: address,
        PGSTEWARD_TOKEN: INGEST_TOKEN,
      })
      running.push(one)
      return one
    },
    told: (requests) =>
      vi.waitFor(async () => {
        const rows = await store.operations(TARGET, window(), { kind: 'request' })
        expect(rows.reduce((sum, row) => sum + row.count, 0)).toBeGreaterThanOrEqual(requests)
      }, PATIENCE),
    found: async (expected) => {
      const transitions: Change['transition'][] = []
      const last = await vi.waitFor(async () => {
        const judged = await judge()
        transitions.push(...judged.transitions)
        expect(judged.findings, JSON.stringify(judged.outcome)).not.toEqual([])
        if (expected !== undefined) expect(judged.findings).toMatchObject(expected)
        return judged
      }, PATIENCE)
      const news = transitions.filter((each) => each !== 'persisted')
      return { ...last, transitions: news.length === 0 ? last.transitions : news }
    },
    later: (ms) => {
      aheadMs += ms
    },
    end: async () => {
      for (const one of running) await one.stop()
      await server.close()
      await ingest.stop()
      await collector.close()
      await steward.stop()
      await database.drop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
