import { expect, test } from 'vitest'
import type { PlanNode } from '../model/what-if.ts'
import { redactCondition, redactPlan } from './redact-plan.ts'

test.each([
  ["(email = 'ada@example.com'::text)", "(email = '?'::text)"],
  ["((name)::text ~~ 'O''Brien, $1%'::text)", "((name)::text ~~ '?'::text)"],
  ["(note = E'it\\\\''s')", "(note = '?')"],
  ["(note = 'never ends", "(note = '?'"],
  ['(amount > 1234.50)', '(amount > ?)'],
  ['(amount > 1.5e10)', '(amount > ?)'],
  ["(amount > '-12'::integer)", "(amount > '?'::integer)"],
  ['((state = $1) AND (n = 0))', '((state = $1) AND (n = 0))'],
  ["(code = ('x'::character varying(20))::text)", "(code = ('?'::character varying(20))::text)"],
  ["(price = '9'::numeric(10,2))", "(price = '?'::numeric(10,2))"],
  ['(t1."2nd \'name" = t2.col3)', '(t1."2nd \'name" = t2.col3)'],
  ['(hashed SubPlan 2)', '(hashed SubPlan 2)'],
  ['(id = (InitPlan 1).col1)', '(id = (InitPlan 1).col1)'],
  ["(kind = ANY ('{1,2}'::integer[]))", "(kind = ANY ('?'::integer[]))"],
])('%s is kept as %s', (text, kept) => {
  expect(redactCondition(text)).toBe(kept)
})

test('a plan keeps names and figures and loses values, wherever they stand', () => {
  const secret = 'hunter2'
  const plan: PlanNode = {
    'Node Type': 'Sort',
    'Startup Cost': 1,
    'Total Cost': 2,
    'Plan Rows': 3,
    'Plan Width': 4,
    Output: [`'${secret}'`],
    'Sort Key': [`((a = '${secret}'::text))`],
    'A Field To Come': { inner: `'${secret}'` },
    Plans: [
      {
        'Node Type': 'Seq Scan',
        'Relation Name': 'orders_2024',
        'Startup Cost': 0,
        'Total Cost': 1,
        'Plan Rows': 1,
        'Plan Width': 4,
        Filter: `(token = '${secret}'::text)`,
        'Rows Removed by Filter': 17,
      },
    ],
  }
  const kept = redactPlan(plan)
  expect(JSON.stringify(kept)).not.toContain(secret)
  expect(kept).toMatchObject({
    'Node Type': 'Sort',
    'Total Cost': 2,
    Plans: [{ 'Relation Name': 'orders_2024', Filter: "(token = '?'::text)", 'Rows Removed by Filter': 17 }],
  })
})

test('of a thousand partitions it keeps a hundred and says how many it left out', () => {
  const leaf = {
    'Node Type': 'Seq Scan',
    'Startup Cost': 0,
    'Total Cost': 1,
    'Plan Rows': 1,
    'Plan Width': 4,
  }
  const kept = redactPlan({ ...leaf, 'Node Type': 'Append', Plans: Array(1_000).fill(leaf) })
  expect(kept.Plans).toHaveLength(100)
  expect(kept['Inputs Left Out']).toBe(900)
})
