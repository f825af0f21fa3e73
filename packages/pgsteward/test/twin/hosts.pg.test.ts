// The contract of what-if planners, over both hosts of a twin.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IndexSketch, PlanNode } from '../../src/model/what-if.ts'
import { PairedPlanner } from '../../src/twin/paired-planner.ts'
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

const sketchOf = (table: string, keys: readonly string[]): IndexSketch => ({
  schema: 'public',
  table,
  method: 'btree',
  keys,
  include: [],
  where: null,
  isUnique: false,
})

describe.each(['pglite', 'native'] as const)('on %s', (host) => {
  let twin: TestTwin
  beforeAll(async () => {
    twin = await twinOf(await readStatisticsOf(database.url), host)
  })
  afterAll(() => twin?.drop())
  whatIfContract(() => twin.planner, real)

  test('hundreds of sketches that come and go leave no question unanswered', async () => {
    const columns = ['id', 'sender', 'state', 'weight', 'label', 'sent_at']
    const pairs = columns.flatMap((one) => columns.filter((two) => two !== one).map((two) => [one, two]))
    for (let round = 0; round < 5; round++) {
      const made = await twin.planner.sketchAll([
        ...pairs.map((keys) => sketchOf('parcel', keys)),
        ...['parcel', 'at', 'place'].map((key) => sketchOf('hop', [key])),
      ])
      const handles = made.map((each) =>
        'error' in each ? expect.unreachable(each.error.message) : each.handle,
      )
      const answers = await twin.planner.explainAll(
        handles.flatMap((handle, place) => [
          {
            sql: "select * from parcel where sender = 77 and state = 'LOST' order by sent_at",
            seeing: new Set([handle]),
          },
          {
            sql: 'select * from hop join parcel on id = parcel where place < 5 and weight > 99',
            seeing: new Set([handle, handles[(7 * place) % handles.length]!]),
          },
        ]),
      )
      expect(answers.filter((answer) => 'error' in answer)).toEqual([])
    }
    const after = await twin.planner.explain('select * from parcel where sender = 77')
    expect(after).toMatchObject({ plan: { 'Node Type': 'Seq Scan' } })
  })

  test('pages have no checksums, as those that are written from outside have none', async () => {
    const { rows } = await twin.host.ask('show data_checksums')
    expect(rows).toEqual([['off']])
  })
})

describe('two on native servers as one', () => {
  let twins: readonly TestTwin[]
  let planner: PairedPlanner
  beforeAll(async () => {
    const file = await readStatisticsOf(database.url)
    twins = await Promise.all([twinOf(file, 'native'), twinOf(file, 'native')])
    planner = new PairedPlanner(twins[0]!.planner, twins[1]!.planner)
  })
  afterAll(async () => {
    await Promise.all((twins ?? []).map((twin) => twin.drop()))
  })
  whatIfContract(() => planner, real)

  test('each answers its half as the other would, in the order asked', async () => {
    const made = await planner.sketchAll(
      ['sender', 'state', 'weight'].map((key) => sketchOf('parcel', [key])),
    )
    const handles = made.map((each) =>
      'error' in each ? expect.unreachable(each.error.message) : each.handle,
    )
    const asked = Array.from({ length: 20 }, (_, place) => ({
      sql: `select * from parcel where sender = ${place}`,
      seeing: new Set(handles.slice(place % 4)),
    }))
    const together = await planner.explainAll(asked)
    const alone = await twins[1]!.planner.explainAll(asked)
    expect(together).toEqual(alone)
    const used = new Set(together.map((answer) => ('error' in answer ? null : answer.plan['Node Type'])))
    expect(used.size).toBeGreaterThan(1)
  })
})
