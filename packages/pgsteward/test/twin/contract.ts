// What every what-if planner must do, whatever it runs on.

import { expect, test } from 'vitest'
import type {
  IndexSketch,
  NotPlanned,
  PlanNode,
  Planned,
  SketchedIndex,
  WhatIfPlanner,
} from '../../src/model/what-if.ts'
import { comparePlans, isSameCost } from '../../src/plans/compare-plans.ts'

/** The tables that the suite asks about; analysed. */
export const CONTRACT_SCHEMA = [
  `create table parcel (id bigint generated always as identity primary key, sender integer not null, state text not null,
                        weight numeric not null, label text not null, sent_at timestamptz not null)`,
  `insert into parcel (sender, state, weight, label, sent_at)
   select i * 7919 % 5000, case when i % 50 = 0 then 'LOST' else 'DELIVERED' end, i % 997 / 10.0, 'Label ' || md5(i::text),
          timestamptz '2026-01-01 UTC' + i * interval '1 minute' from generate_series(1, 100000) i`,
  `create index parcel_weight_idx on parcel (weight)`,
  `create table hop (parcel bigint not null, at date not null, place integer) partition by range (at)`,
  `create table hop_1 partition of hop for values from ('2026-01-01') to ('2026-02-01')`,
  `create table hop_2 partition of hop for values from ('2026-02-01') to ('2026-03-01')`,
  `insert into hop select i, date '2026-01-01' + i % 59, i % 100 from generate_series(1, 50000) i`,
  'vacuum analyze parcel',
  'analyze hop',
]

const sketch = (table: string, keys: readonly string[], more: Partial<IndexSketch> = {}): IndexSketch => ({
  schema: 'public',
  table,
  method: 'btree',
  keys,
  include: [],
  where: null,
  isUnique: false,
  ...more,
})

function planOf(answer: Planned | NotPlanned): PlanNode {
  if ('error' in answer) throw new Error(answer.error.message)
  return answer.plan
}

function sketched(answer: SketchedIndex | NotPlanned): SketchedIndex {
  if ('error' in answer) throw new Error(answer.error.message)
  return answer
}

function indexNames(plan: PlanNode): readonly string[] {
  const own = plan['Index Name'] === undefined ? [] : [plan['Index Name']]
  return [...own, ...(plan.Plans ?? []).flatMap(indexNames)]
}

/** What a planner can't do, with the reason: shown as skipped, by name. */
export type Exempt = Readonly<Partial<Record<'hides existing indexes' | 'same cost', string>>>

/** `real` builds the index on the target and gives its blocks and the plan of a statement with it. */
export function whatIfContract(
  planner: () => WhatIfPlanner,
  real: (createIndex: string, sql: string) => Promise<{ readonly bytes: number; readonly plan: PlanNode }>,
  exempt: Exempt = {},
): void {
  for (const [what, because] of Object.entries(exempt)) test.skip(`${what}: ${because}`)

  test('plans a statement with literals', async () => {
    const plan = planOf(await planner().explain('select * from parcel where id = 7'))
    expect(plan).toMatchObject({ 'Node Type': 'Index Scan', 'Index Name': 'parcel_pkey', 'Plan Rows': 1 })
  })

  test('plans parameters generically, and with values as a custom plan', async () => {
    const sql = 'select * from parcel where state = $1'
    const generic = planOf(await planner().explain(sql, { kind: 'generic' }))
    const rare = planOf(await planner().explain(sql, { kind: 'values', values: ['LOST'] }))
    const common = planOf(await planner().explain(sql, { kind: 'values', values: ['DELIVERED'] }))
    expect(generic['Plan Rows']).toBe(50_000)
    expect(rare['Plan Rows']).toBeLessThan(3_000)
    expect(common['Plan Rows']).toBeGreaterThan(97_000)
    expect(
      planOf(await planner().explain(sql, { kind: 'values', values: [null] }))['Plan Rows'],
    ).toBeLessThan(2)
  })

  test.each([
    ['a text that does not parse', 'selec 1', '42601'],
    ['a missing table', 'select * from nowhere', '42P01'],
    ['more than one statement', 'select 1; drop table parcel', '42601'],
    ['a parameter without a value', 'select * from parcel where id = $1', '42P02'],
  ])('%s is an answer, and the next statement is planned', async (_, sql, sqlState) => {
    expect(await planner().explain(sql)).toMatchObject({ error: { sqlState, message: expect.any(String) } })
    expect(await planner().explain('select * from parcel where id = 7')).toHaveProperty('plan')
  })

  test('a number of values that is not the number of parameters is an answer', async () => {
    const answer = await planner().explain('select * from parcel where id = $1', {
      kind: 'values',
      values: ['1', '2'],
    })
    expect(answer).toMatchObject({ error: { message: expect.stringContaining('1 parameters') } })
  })

  test('many questions are answered in their order, and an error is the answer of its own question', async () => {
    const answers = await planner().explainAll([
      { sql: 'select * from parcel where id = 7' },
      { sql: 'select * from parcel where id = $1', parameters: { kind: 'values', values: ['7'] } },
      { sql: 'select * from nowhere' },
      { sql: 'select * from parcel where id = $1', parameters: { kind: 'values', values: ['7', '8'] } },
      { sql: 'selec' },
      { sql: 'select * from parcel where state = $1', parameters: { kind: 'generic' } },
      { sql: 'select 1; select 2' },
      { sql: 'select * from parcel where state = $1', parameters: { kind: 'values', values: ['LOST'] } },
    ])
    expect(answers.map((answer) => ('error' in answer ? 'error' : answer.plan['Node Type']))).toEqual([
      'Index Scan',
      'Index Scan',
      'error',
      'error',
      'error',
      'Seq Scan',
      'error',
      'Seq Scan',
    ])
    expect(planOf(answers[5]!)['Plan Rows']).toBe(50_000)
    expect(planOf(answers[7]!)['Plan Rows']).toBeLessThan(3_000)
    expect(await planner().explainAll([])).toEqual([])
  })

  test('each of many questions sees the sketches that it names, and the next one what was shown', async () => {
    const made = await planner().sketchAll([sketch('parcel', ['sender']), sketch('parcel', ['sent_at'])])
    const [bySender, bySentAt] = made.map(sketched)
    const questions = [[bySender!.handle], [], [bySentAt!.handle, bySender!.handle]].map((handles) => ({
      sql: 'select * from parcel where sender = 77',
      seeing: new Set(handles),
    }))
    await planner().show(new Set([bySentAt!.handle]))
    const answers = await planner().explainAll([
      ...questions,
      { sql: "select * from parcel where sent_at < '2026-01-01 01:00 UTC'" },
    ])
    expect(answers.map((answer) => indexNames(planOf(answer)))).toEqual([
      bySender!.indexNames,
      [],
      bySender!.indexNames,
      bySentAt!.indexNames,
    ])
    expect(indexNames(planOf(await planner().explain('select * from parcel where sender = 77')))).toEqual([])
    await planner().show(new Set())
  })

  test('of many sketches the refused ones do not stop the others', async () => {
    const before = planOf(await planner().explain('select * from parcel'))
    const made = await planner().sketchAll([
      sketch('parcel', ['nope']),
      sketch('parcel', ['state', 'sender']),
      sketch('nowhere', ['id']),
      sketch('hop', ['place']),
    ])
    expect(made.map((each) => ('error' in each ? each.error.sqlState : 'made'))).toEqual([
      '42703',
      'made',
      '42P01',
      'made',
    ])
    expect(sketched(made[1]!)).toEqual({
      ...sketched(await planner().sketch(sketch('parcel', ['state', 'sender']))),
      handle: sketched(made[1]!).handle,
      indexNames: sketched(made[1]!).indexNames,
    })
    expect(planOf(await planner().explain('select * from parcel'))).toEqual(before)
  })

  test('a sketched index is hidden until it is shown, and gone again when it is not', async () => {
    const sql = 'select * from parcel where sender = 77'
    const index = sketched(await planner().sketch(sketch('parcel', ['sender'])))
    expect(indexNames(planOf(await planner().explain(sql)))).toEqual([])
    await planner().show(new Set([index.handle]))
    expect(indexNames(planOf(await planner().explain(sql)))).toEqual(index.indexNames)
    await planner().show(new Set())
    expect(indexNames(planOf(await planner().explain(sql)))).toEqual([])
  })

  test.skipIf('hides existing indexes' in exempt)(
    'an existing index can be hidden and comes back',
    async () => {
      const sql = 'select * from parcel where weight = 5.5'
      await planner().show(new Set(), new Set(['public.parcel_weight_idx']))
      expect(indexNames(planOf(await planner().explain(sql)))).toEqual([])
      await planner().show(new Set())
      expect(indexNames(planOf(await planner().explain(sql)))).toEqual(['parcel_weight_idx'])
    },
  )

  test.each([
    [
      'few distinct values',
      sketch('parcel', ['state', 'sent_at desc']),
      "state = 'LOST' order by sent_at desc limit 5",
    ],
    ['merged entries', sketch('parcel', ['sender']), 'sender = 77'],
    [
      'a partial index',
      sketch('parcel', ['sent_at'], { where: "state = 'LOST'" }),
      "state = 'LOST' and sent_at > '2026-03-01'",
    ],
    ['included columns', sketch('parcel', ['sender'], { include: ['weight'] }), 'sender between 70 and 90'],
    ['an expression', sketch('parcel', ['lower(label)']), "lower(label) = 'label x'"],
    ['wide texts', sketch('parcel', ['label']), "label = 'Label x'"],
  ])(
    '%s: size within a tenth of the real index, and the same plan at the same cost',
    async (_, index, condition) => {
      const sql = `select sender, weight from parcel where ${condition}`
      const made = sketched(await planner().sketch(index))
      await planner().show(new Set([made.handle]))
      const plan = planOf(await planner().explain(sql))
      await planner().show(new Set())
      const include = index.include.length === 0 ? '' : ` include (${index.include.join(', ')})`
      const where = index.where === null ? '' : ` where ${index.where}`
      const built = await real(`on parcel (${index.keys.join(', ')})${include}${where}`, sql)
      // or a page: the rows of a partial index are an estimate from a sample
      expect(Math.abs(made.sizeBytes - built.bytes)).toBeLessThanOrEqual(Math.max(8192, built.bytes / 10))
      const comparison = comparePlans(built.plan, plan)
      if (!('same cost' in exempt)) expect(isSameCost(comparison, built.plan['Total Cost'])).toBe(true)
    },
  )

  test('a sketch on a partitioned table names its part on each partition', async () => {
    const index = sketched(await planner().sketch(sketch('hop', ['parcel'])))
    await planner().show(new Set([index.handle]))
    const names = indexNames(planOf(await planner().explain('select * from hop where parcel = 9')))
    await planner().show(new Set())
    expect(names).toHaveLength(2)
    for (const name of names) expect(index.indexNames).toContain(name)
  })

  test.each([
    ['an unknown column', sketch('parcel', ['nope'])],
    ['an unknown table', sketch('nowhere', ['id'])],
    ['a predicate that is no SQL', sketch('parcel', ['id'], { where: 'state ==' })],
    ['an operator class of another method', sketch('parcel', ['label'], { method: 'gin' })],
  ])('a sketch with %s is refused, and the table stays as it was', async (_, index) => {
    const before = planOf(await planner().explain('select * from parcel'))
    expect(await planner().sketch(index)).toHaveProperty('error')
    expect(planOf(await planner().explain('select * from parcel'))).toEqual(before)
  })
}
