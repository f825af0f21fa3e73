// Advice for unit tests: one advised index, of which a test names what matters to it.

import type { AdviceReport, AdvisedIndex, ServedStatement } from '../src/model/advice.ts'
import type { AdviceRun } from '../src/model/advice-run.ts'
import { ago } from './judge.ts'

export function servedStatement(over: Partial<ServedStatement> = {}): ServedStatement {
  return {
    id: '77',
    sql: 'select id from parcel where weight = $1',
    callsPerMinute: 60,
    costBefore: 1000,
    costAfter: 10,
    scanBefore: 'Seq Scan',
    scanAfter: 'Index Scan',
    foreignKey: null,
    ...over,
  }
}

/** parcel (weight): 10 MB for a gain of a tenth of everything. */
export function advisedIndex(over: Partial<AdvisedIndex> = {}): AdvisedIndex {
  const name = over.name ?? 'parcel_weight_idx'
  const definition = over.definition ?? '(weight)'
  return {
    schema: 'public',
    table: 'parcel',
    name,
    sql: `create index concurrently ${name} on public.parcel ${definition}`,
    undo: `drop index concurrently public.${name}`,
    definition,
    sizeBytes: 10 * 1024 ** 2,
    wholeSizeBytes: null,
    statements: [servedStatement()],
    gainPerMinute: 59_400,
    write: { costPerMinute: 594, walBytesPerMinute: 6000, hotLostPerMinute: 0 },
    verifiedBy: 'planner',
    cautions: [],
    ...over,
  }
}

export function adviceReport(
  indexes: readonly AdvisedIndex[],
  over: Partial<AdviceReport> = {},
): AdviceReport {
  return {
    target: 'db.example.com:5432/app',
    planner: {
      kind: 'pglite',
      versionNum: 180000,
      agreement: { statements: 98, sameShape: 98, sameCost: 97, couldNotPlan: 0 },
    },
    budgetBytes: 25 * 1024 ** 2,
    tableBytes: 100 * 1024 ** 2,
    indexes,
    redundant: [],
    cost: { beforePerMinute: 594_000, afterPerMinute: 500_000, writePerMinute: 594, walBytesPerMinute: 6000 },
    sizeBytes: 10 * 1024 ** 2,
    statements: [],
    leftOut: [],
    notes: [],
    search: { candidates: 3, explains: 10, answeredFromPlans: 5, tookMs: 1000, isFinished: true },
    ...over,
  }
}

export function adviceRun(indexes: readonly AdvisedIndex[], over: Partial<AdviceRun> = {}): AdviceRun {
  return {
    id: '1',
    startedAt: ago(3_700_000),
    finishedAt: ago(3_600_000),
    status: 'done',
    because: null,
    workload: {
      source: 'history',
      statements: 98,
      from: ago(7 * 86_400_000),
      to: ago(3_700_000),
      execMsPerMinute: {},
    },
    report: adviceReport(indexes),
    ...over,
  }
}
