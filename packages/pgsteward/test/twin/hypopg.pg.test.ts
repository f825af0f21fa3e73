// HypoPG as what-if planner: the contract, and what it leaves on the target, which is nothing.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PlanNode } from '../../src/model/what-if.ts'
import { comparePlans } from '../../src/plans/compare-plans.ts'
import { openSession } from '../../src/postgres/connect.ts'
import type { LocalServer } from '../../src/postgres/local-server.ts'
import type { HypopgPlanner } from '../../src/twin/hypopg/hypopg-planner.ts'
import { openHypopg } from '../../src/twin/hypopg/open-hypopg.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { CONTRACT_SCHEMA, type Exempt, whatIfContract } from './contract.ts'
import { HYPOPG_MAJORS, NO_HYPOPG, startHypopgServer } from './hypopg-server.ts'

const EXEMPT: Exempt = {
  'same cost':
    'HypoPG has no height of trees, no deduplication and no statistics of expressions; what can be mended is, and stays near',
}

const BEFORE_1_4: Exempt = { ...EXEMPT, 'hides existing indexes': 'HypoPG before 1.4 can not' }

test.skipIf(HYPOPG_MAJORS.length > 0)(`HypoPG is not tested: ${NO_HYPOPG}`, () => undefined)

describe.each(HYPOPG_MAJORS)('HypoPG on PostgreSQL %d', (major) => {
  let server: LocalServer
  let database: TestDatabase
  let planner: HypopgPlanner

  beforeAll(async () => {
    server = await startHypopgServer(major, { autovacuum: 'off', jit: 'off' })
    database = await createDatabase(server.url())
    await database.run(
      ...CONTRACT_SCHEMA,
      'create schema extensions',
      'create extension hypopg schema extensions',
      'grant usage on schema extensions to test_monitor',
      'grant select on all tables in schema public to test_monitor',
    )
    planner = await openHypopg(await openSession(database.monitorUrl))
  })
  afterAll(async () => {
    await planner?.close()
    await database?.drop()
    await server?.stop('immediate')
  })

  async function real(createIndex: string, sql: string) {
    await database.run(`create index really ${createIndex}`)
    if (createIndex.includes('lower')) await database.run('analyze parcel')
    const [size] = await database.query<{ bytes: string }>(`select pg_relation_size('really') as bytes`)
    const [answer] = await database.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
      `explain (format json) ${sql}`,
    )
    await database.run('drop index really')
    return { bytes: Number(size!.bytes), plan: answer!['QUERY PLAN'][0]!.Plan }
  }

  whatIfContract(() => planner, real, BEFORE_1_4)

  test('GIN is refused by name, and what else HypoPG has not', async () => {
    const index = { schema: 'public', table: 'parcel', include: [], where: null, isUnique: false }
    expect(await planner.sketch({ ...index, method: 'gin', keys: ['label'] })).toEqual({
      error: { sqlState: '0A000', message: 'HypoPG has no gin indexes' },
    })
  })

  test('a nested loop over a hypothetical index costs as it does over the real one, descents included', async () => {
    const sql =
      'select p.state from hop h join parcel p on p.sender = h.parcel where h.parcel between 10 and 20'
    const made = await planner.sketch({
      schema: 'public',
      table: 'parcel',
      method: 'btree',
      keys: ['sender', 'state'],
      include: [],
      where: null,
      isUnique: false,
    })
    if ('error' in made) throw new Error(made.error.message)
    await planner.show(new Set([made.handle]))
    const answer = await planner.explain(sql)
    await planner.show(new Set())
    if ('error' in answer) throw new Error(answer.error.message)
    const built = await real('on parcel (sender, state)', sql)
    expect(JSON.stringify(answer.plan)).toContain('Nested Loop')
    expect(comparePlans(built.plan, renamed(answer.plan, made.handle)).difference).toBeNull()
    expect(answer.plan['Total Cost'] / built.plan['Total Cost']).toBeCloseTo(1, 2)
  })

  test('a role with pg_monitor alone uses it, and nothing is written', async () => {
    const count = 'select count(*)::int as n, max(oid::bigint)::text as newest from pg_class'
    const before = await database.query(count)
    const made = await planner.sketch({
      schema: 'public',
      table: 'parcel',
      method: 'btree',
      keys: ['label'],
      include: [],
      where: null,
      isUnique: false,
    })
    expect(made).toHaveProperty('handle')
    expect(await database.query(count)).toEqual(before)
  })

  test('a role that may not use its schema is told so, and a database without it too', async () => {
    await database.run('revoke usage on schema extensions from test_monitor')
    await expect(openHypopg(await openSession(database.monitorUrl))).rejects.toMatchObject({
      code: 'target-permission',
      hint: expect.stringContaining('grant usage on schema extensions to test_monitor'),
    })
    const other = await createDatabase(server.url())
    await expect(openHypopg(await openSession(other.url))).rejects.toMatchObject({ code: 'usage' })
    await other.drop()
  })
})

/** With the real index's name in place of the sketch's. */
function renamed(plan: PlanNode, handle: string): PlanNode {
  return JSON.parse(JSON.stringify(plan).replaceAll(handle, 'really'))
}
