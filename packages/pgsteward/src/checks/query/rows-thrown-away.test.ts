import { expect, test } from 'vitest'
import { adviceReport, adviceRun, advisedIndex, servedStatement } from '../../../test/advice-rows.ts'
import { intervalOf, judge } from '../../../test/judge.ts'
import { capturedPlan, knownPlan } from '../../../test/plans/captured.ts'
import { statementRow, statementTextRow, tableRow } from '../../../test/rows.ts'
import type { AdviceReading } from '../../facts/advice.ts'
import { rowsThrownAway } from './rows-thrown-away.ts'

const facts = (plan: ReturnType<typeof knownPlan>, over = {}) => ({
  statements: intervalOf([statementRow({ calls: 200, totalExecMs: 4000, ...over })]),
  statementTexts: [statementTextRow('select id, note from parcel where weight = $1')],
  statementPlans: [plan],
  tables: [tableRow({ name: 'parcel', rows: 50_000 })],
  advice: { done: null, latest: null } as AdviceReading,
})
const ran = knownPlan(capturedPlan('unindexed-filter', 'analyzed'))
const planned = knownPlan(capturedPlan('unindexed-filter', 'generic'))

const quiet = {
  'a lookup by key': facts(knownPlan(capturedPlan('healthy-by-key', 'analyzed'))),
  'a report that keeps what it reads': facts(knownPlan(capturedPlan('healthy-report', 'analyzed'))),
  'a scan of a small table': { ...facts(planned), tables: [tableRow({ name: 'parcel', rows: 500 })] },
  'few calls': facts(ran, { calls: 10 }),
  'a plan whose table is not known': { ...facts(planned), tables: [] },
  'what the wrong order of a LIMIT throws away': facts(
    knownPlan(capturedPlan('wrong-order-index', 'analyzed')),
  ),
  'what an OR across tables throws away': facts(knownPlan(capturedPlan('late-or', 'analyzed'))),
  'a scan that a LIMIT cuts short, as planned': facts(
    knownPlan({
      ...capturedPlan('unindexed-filter', 'generic'),
      'Node Type': 'Limit',
      Plans: [capturedPlan('unindexed-filter', 'generic')],
    }),
  ),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(rowsThrownAway, given)).toEqual([])
})

test.each([
  ['as it ran', ran],
  ['as planned', planned],
])('finds a scan of a whole table for a few rows, %s', (_, plan) => {
  expect(judge(rowsThrownAway, facts(plan))).toMatchObject([
    {
      subject: { kind: 'query', queryId: '1' },
      severity: 'info',
      summary: 'A filter throws away nearly all rows that are read from parcel',
      evidence: expect.arrayContaining([
        { label: 'kept', value: 10, unit: 'count' },
        { label: 'step', value: 'Seq Scan on parcel', unit: 'text' },
      ]),
    },
  ])
})

test('says what the latest advice has for it', () => {
  const said = (advice: AdviceReading) => {
    const found = judge(rowsThrownAway, { ...facts(ran), advice })
    if ('skip' in found) return found.skip
    return found[0]?.evidence.find(({ label }) => label === 'the latest advice on indexes')?.value
  }
  const reading = (run: ReturnType<typeof adviceRun>) => ({ done: run, latest: run })
  expect(said({ done: null, latest: null })).toMatch(/not weighed/)
  const served = adviceRun([advisedIndex({ statements: [servedStatement({ id: '1' })] })])
  expect(said(reading(served))).toMatch(/^parcel_weight_idx on parcel \(weight\) would serve it/)
  const weighed = { id: '1', callsPerMinute: 1, costBefore: 1, costAfter: 1, valuesFrom: 'generic' as const }
  const report = adviceReport([], { statements: [weighed] })
  expect(said(reading(adviceRun([], { report })))).toMatch(/no index that pays/)
})
