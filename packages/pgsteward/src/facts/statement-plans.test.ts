import { expect, test } from 'vitest'
import { memoryOf } from '../../test/application/memory.ts'
import { NOW } from '../../test/judge.ts'
import { capturedPlan, knownPlan } from '../../test/plans/captured.ts'
import { statementPlans } from './statement-plans.ts'

const { queryIds: _, ...plan } = knownPlan(capturedPlan('healthy-by-key', 'analyzed'))

test('a plan with a query id stands for that statement', async () => {
  const memory = memoryOf({ plans: [plan], queryIds: { [plan.fingerprint]: ['7', '8'] } })
  expect(await statementPlans.read(memory, 'shop', NOW)).toMatchObject([{ queryIds: ['1'] }])
  expect(memory.asked.get('queryIdsOf')).toBeUndefined()
})

test('a plan that is known by its fingerprint stands for all statements that have it', async () => {
  const memory = memoryOf({
    plans: [{ ...plan, queryId: null }],
    queryIds: { [plan.fingerprint]: ['7', '8'] },
  })
  expect(await statementPlans.read(memory, 'shop', NOW)).toMatchObject([{ queryIds: ['7', '8'] }])
})
