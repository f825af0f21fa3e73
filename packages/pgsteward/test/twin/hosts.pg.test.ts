// The contract of what-if planners, over both hosts of a twin.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PlanNode } from '../../src/model/what-if.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { CONTRACT_SCHEMA, whatIfContract } from './contract.ts'
import { readStatisticsOf, type TestTwin, twinOf } from './twin-of.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
  await database.run(...CONTRACT_SCHEMA)
})
afterAll(() => database?.drop())

async function real(createIndex: string, sql: string) {
  await database.run(`create index really ${createIndex}`)
  // statistics of an expression come with analyze
  if (createIndex.includes('lower')) await database.run('analyze parcel')
  const [size] = await database.query<{ bytes: string }>(`select pg_relation_size('really') as bytes`)
  const [answer] = await database.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
    `explain (format json) ${sql}`,
  )
  await database.run('drop index really')
  return { bytes: Number(size!.bytes), plan: answer!['QUERY PLAN'][0]!.Plan }
}

describe.each(['pglite', 'native'] as const)('on %s', (host) => {
  let twin: TestTwin
  beforeAll(async () => {
    twin = await twinOf(await readStatisticsOf(database.url), host)
  })
  afterAll(() => twin?.drop())
  whatIfContract(() => twin.planner, real)

  test('pages have no checksums, as those that are written from outside have none', async () => {
    const { rows } = await twin.host.ask('show data_checksums')
    expect(rows).toEqual([['off']])
  })
})
