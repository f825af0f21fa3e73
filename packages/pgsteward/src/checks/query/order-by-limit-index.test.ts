import { expect, test } from 'vitest'
import { adviceRun, advisedIndex, servedStatement } from '../../../test/advice-rows.ts'
import { intervalOf, judge } from '../../../test/judge.ts'
import { asPlanned, capturedPlan, knownPlan } from '../../../test/plans/captured.ts'
import { indexRow, statementRow, statementTextRow, tableRow } from '../../../test/rows.ts'
import { orderByLimitIndex } from './order-by-limit-index.ts'

const walk = indexRow({ table: 'message', name: 'message_sent_at', keyColumns: ['sent_at'] })
const none = { done: null, latest: null }
const facts = (plan: ReturnType<typeof knownPlan>, over = {}) => ({
  statements: intervalOf([statementRow({ calls: 100, totalExecMs: 20_000, ...over })]),
  statementTexts: [statementTextRow('select id from message where org_id = $1 order by sent_at limit 10')],
  statementPlans: [plan],
  tables: [tableRow({ name: 'message', rows: 120_000 })],
  indexes: [walk, indexRow({ table: 'message', name: 'message_org', keyColumns: ['org_id'] })],
  advice: none,
})
const measured = knownPlan(capturedPlan('wrong-order-index', 'analyzed'))
const planned = knownPlan(capturedPlan('wrong-order-index', 'generic'))

const quiet = {
  'a LIMIT by the right index': facts(knownPlan(capturedPlan('healthy-list', 'analyzed'))),
  'a generic plan whose pages are few': facts(planned, { sharedBlocksHit: 100 * 40 }),
  'an OFFSET, which is another story': facts(knownPlan(capturedPlan('deep-offset', 'analyzed'))),
  'many pages of a plan without values, which an OFFSET may have skipped': facts(
    { ...planned, text: 'select id from message where org_id = $1 order by sent_at limit $2 offset $3' },
    { sharedBlocksHit: 100 * 3000 },
  ),
  'one that takes next to no time': facts(measured, { totalExecMs: 50 }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(orderByLimitIndex, given)).toEqual([])
})

const remedy = {
  sql: [
    'create index concurrently if not exists message_org_id_sent_at_idx on public.message (org_id, sent_at)',
  ],
  undo: ['drop index concurrently if exists public.message_org_id_sent_at_idx'],
}

test('finds a walk along the order, with the index that has the condition too', () => {
  expect(judge(orderByLimitIndex, facts(measured))).toMatchObject([
    {
      subject: { kind: 'query', queryId: '1' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'rows read in one execution', value: 117_010, unit: 'count' },
        { label: 'thrown away by', value: 'message.org_id = ?', unit: 'text' },
      ]),
      remedy,
    },
  ])
})

test('finds it in a plan without values by the pages visited', () => {
  const given = facts(planned, { sharedBlocksHit: 100 * 3000 })
  expect(judge(orderByLimitIndex, given)).toMatchObject([{ remedy }])
})

test('finds it where the planner itself expects to walk far', () => {
  const plan = asPlanned(capturedPlan('wrong-order-index', 'analyzed'))
  const [scan] = plan.Plans!
  const rare = knownPlan({ ...plan, Plans: [{ ...scan!, 'Plan Rows': 200 }] })
  expect(judge(orderByLimitIndex, facts(rare))).toMatchObject([{ remedy }])
})

test('leaves the index to the advice where that has one, and proposes none that is there', () => {
  const index = advisedIndex({ table: 'message', statements: [servedStatement({ id: '1' })] })
  const run = adviceRun([index])
  const advised = judge(orderByLimitIndex, { ...facts(measured), advice: { done: run, latest: run } })
  expect(advised).toHaveLength(1)
  expect(advised).not.toMatchObject([{ remedy: expect.anything() }])
  const made = indexRow({ table: 'message', name: 'both', keyColumns: ['org_id', 'sent_at'] })
  const there = judge(orderByLimitIndex, { ...facts(measured), indexes: [walk, made] })
  expect(there).not.toMatchObject([{ remedy: expect.anything() }])
})
