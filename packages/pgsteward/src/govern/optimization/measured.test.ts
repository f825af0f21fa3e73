// What an optimization brought: by the statements of an index, by the check and the job of anything else.

import { expect, test } from 'vitest'
import { AT, minutesLater, openFinding } from '../../../test/notify/alert-rows.ts'
import type { IndexEffect, StatementEffect, StatementFigures } from '../../model/index-effect.ts'
import type { JobRun, MaintenanceJob, ObjectState } from '../../model/maintenance.ts'
import { JUDGED_AFTER_MS, measuredByCheck } from './measured-by-check.ts'
import { measuredByEffect } from './measured-by-effect.ts'

const figures = (totalMsPerMinute: number): StatementFigures => ({
  calls: 600,
  callsPerMinute: 10,
  meanMs: totalMsPerMinute / 10,
  totalMsPerMinute,
  blocksPerCall: 4,
})
const served = (over: Partial<StatementEffect>): StatementEffect => ({
  queryId: '1',
  text: 'select 1',
  before: figures(600),
  after: figures(60),
  predictedCostRatio: 0.05,
  measuredRatio: 0.1,
  verdict: 'improved',
  ...over,
})
const effect = (over: Partial<IndexEffect> = {}): IndexEffect => ({
  targetId: 'shop',
  schema: 'public',
  table: 'orders',
  index: 'by_day',
  definition: 'CREATE INDEX by_day ON public.orders USING btree (day)',
  appearedAt: AT,
  advisedBy: '3',
  before: { from: minutesLater(-60), to: AT },
  after: { from: AT, to: minutesLater(60) },
  isComplete: true,
  predictedCostRatio: 0.05,
  measuredRatio: 0.1,
  verdict: 'improved',
  because: null,
  statements: [served({})],
  refreshedAt: AT,
  ...over,
})

test('database time saved a day is the calls of before by the difference of the means; noise counts nothing', () => {
  const noise = served({ queryId: '2', verdict: 'no-change', measuredRatio: 0.95 })
  const slower = served({ queryId: '3', verdict: 'worse', measuredRatio: 1.5, before: figures(100) })
  const { value, verdict } = measuredByEffect(
    effect({ statements: [served({}), noise, slower] }),
    9_800,
    null,
  )
  expect(verdict).toBe('improved')
  // 600 ms a minute to 60, and 100 to 150
  expect(value.msPerDay).toBeCloseTo((540 - 50) * 1_440)
  expect(value.share).toBeCloseTo(490 / 9_800)
  expect(value.bytes).toBeNull()
})

test('what was disturbed or hardly called has no value, and says why', () => {
  const { value } = measuredByEffect(
    effect({ verdict: 'disturbed', because: 'the server was restarted meanwhile' }),
    1_000,
    8_192,
  )
  expect(value).toEqual({
    msPerDay: null,
    share: null,
    bytes: -8_192,
    source: 'nothing is said of it: the server was restarted meanwhile',
  })
})

const state = (sizeBytes: number, deadRows: number | null): ObjectState => ({
  oid: '1',
  isValid: null,
  isPartitioned: false,
  sizeBytes,
  rows: 100,
  deadRows,
  vacuums: 0,
  analyzes: 0,
  options: [],
  invalidIndexes: [],
})
const job: Pick<MaintenanceJob, 'steps' | 'createdAt' | 'endedAt'> = {
  steps: [
    { kind: 'vacuum', sql: 'vacuum orders', relation: { schema: 'public', name: 'orders' }, table: null },
  ],
  createdAt: AT,
  endedAt: minutesLater(10),
}
const run: JobRun = {
  id: '1',
  jobId: '7',
  step: 0,
  startedAt: AT,
  endedAt: minutesLater(10),
  mark: { pid: 1, backendStart: '', before: state(9_000, 500) },
  result: { outcome: 'done', because: '', after: state(4_000, 0), notices: [], cleaned: [], tookMs: 1 },
}
const before = [{ label: 'dead rows', value: 500 }]

test('a finding that is gone after the job proves it, with sizes and dead rows before and after', () => {
  const gone = openFinding({ state: 'resolved', resolvedAt: minutesLater(11) })
  const measured = measuredByCheck(job, before, gone, [run], minutesLater(12))
  expect(measured).toMatchObject({
    verdict: 'gone',
    evidenceBefore: [
      { label: 'dead rows', value: 500 },
      { label: 'size of orders', value: 9_000, unit: 'bytes' },
      { label: 'dead rows of orders', value: 500, unit: 'count' },
    ],
    evidenceAfter: [
      { label: 'size of orders', value: 4_000, unit: 'bytes' },
      { label: 'dead rows of orders', value: 0, unit: 'count' },
    ],
    value: { bytes: 5_000, msPerDay: null },
  })
})

test('a reading that sees it gone before the job is settled proves it too; one before the job does not', () => {
  const at = (minute: number) => openFinding({ state: 'resolved', resolvedAt: minutesLater(minute) })
  expect(measuredByCheck(job, before, at(9), [run], minutesLater(12))).toMatchObject({ verdict: 'gone' })
  expect(measuredByCheck(job, before, at(-1), [run], minutesLater(12))).toBeNull()
})

test('a finding that stays is waited for a day, then told with the values that the check sees now', () => {
  const stays = openFinding({ lastSeenAt: minutesLater(20), evidence: [{ label: 'dead rows', value: 480 }] })
  expect(measuredByCheck(job, before, stays, [run], minutesLater(30))).toBeNull()
  const dayLater = new Date(minutesLater(10).getTime() + JUDGED_AFTER_MS)
  expect(measuredByCheck(job, before, stays, [run], dayLater)).toMatchObject({
    verdict: 'remains',
    evidenceAfter: [{ label: 'dead rows', value: 480 }, {}, {}],
  })
  // nothing was seen since the job ended
  const unseen = openFinding({ lastSeenAt: minutesLater(5) })
  expect(measuredByCheck(job, before, unseen, [run], dayLater)).toBeNull()
  expect(measuredByCheck({ ...job, endedAt: null }, before, stays, [], dayLater)).toBeNull()
})
