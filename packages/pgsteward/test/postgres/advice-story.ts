// The story of a check on advice: sought for real on a planner twin, kept in a real store, judged with the target's indexes as they are.

import { mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { AdviceRuns } from '../../src/app/advise/advice-runs.ts'
import { seekAdvice } from '../../src/app/advise/seek-advice.ts'
import { tick } from '../../src/app/tick.ts'
import { Collector } from '../../src/collect/collector.ts'
import type { AdviceReport } from '../../src/model/advice.ts'
import type { AnyCheck, Outcome } from '../../src/model/check.ts'
import type { Fact, PgFact } from '../../src/model/fact.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Change } from '../../src/model/open-finding.ts'
import { openSession } from '../../src/postgres/connect.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from './database.ts'

const TARGET = 'shop'

export interface AdviceStory {
  readonly database: TestDatabase
  /** One run over the target's pg_stat_statements. */
  readonly seek: () => Promise<AdviceReport>
  /** One round of the loop: collect, save, evaluate, track. */
  readonly judge: () => Promise<{
    readonly outcome: Outcome
    readonly findings: readonly Finding[]
    readonly transitions: readonly Change['transition'][]
  }>
  readonly end: () => Promise<void>
}

export async function adviceStory(check: AnyCheck): Promise<AdviceStory> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-story-'))
  const database = await createDatabase()
  await database.run('create extension pg_stat_statements')
  const store = await openStore({ dir: join(dir, 'store') })
  const runs = new AdviceRuns({
    store,
    config: {
      enabled: false,
      every: 86_400_000,
      firstAfter: 900_000,
      budget: '50%',
      atMost: 20,
      searchFor: 120_000,
    },
    targets: [{ id: TARGET, url: database.monitorUrl, database: () => null }],
    cacheDir: join(homedir(), '.cache', 'pgsteward'),
    now: () => new Date(),
    // not at the lowest priority, where it would wait for all other tests
    run: seekAdvice,
  })
  const collector = new Collector({
    target: { id: TARGET, url: database.monitorUrl, labels: {} },
    facts: Object.values<Fact>(check.needs).filter((fact): fact is PgFact => fact.from === 'postgres'),
    open: (target) => openSession(target.url),
    intervalMs: 600_000,
    everyMs: 0,
  })
  return {
    database,
    seek: async () => {
      await database.flushStatistics()
      runs.request(TARGET)
      await runs.settled()
      const { latest } = await store.advice(TARGET)
      expect(latest, latest?.because ?? '').toMatchObject({ status: 'done' })
      return latest!.report!
    },
    judge: async () => {
      const { outcomes, changes } = await tick(
        {
          targetId: TARGET,
          collector,
          store,
          keepTexts: async () => undefined,
          checks: [check],
          options: new Map(),
          notify: async () => undefined,
        },
        new Date(),
        { everything: true },
      )
      const [outcome] = outcomes
      if (outcome?.status === 'failed') throw outcome.error
      return {
        outcome: outcome!,
        findings: outcome?.status === 'found' ? outcome.findings : [],
        transitions: changes.map((change) => change.transition),
      }
    },
    end: async () => {
      await runs.stop()
      await collector.close()
      await store.close()
      await database.drop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
