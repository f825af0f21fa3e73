import { describe, expect, test } from 'vitest'
import { column, surroundingsOf, tableOf } from '../../test/advise/surroundings.ts'
import type { IndexSketch, PlanNode, WhatIfPlanner } from '../model/what-if.ts'
import { explainOneByOne, inTurn } from '../twin/one-by-one.ts'
import { type AdviceRequest, advise } from './advise.ts'
import type { WorkloadStatement } from './workload.ts'

const MEGABYTE = 1024 ** 2
const table = (name: string) =>
  tableOf(
    name,
    [column('id', 'bigint'), column('a', 'bigint'), column('b', 'bigint'), column('c', 'bigint')],
    {
      sizeBytes: 100 * MEGABYTE,
    },
  )

/**
 * A planner of simple habits: a scan of a table costs 1000; each leading key that the statement mentions divides it by ten. Statements
 * are of one table.
 */
function simplePlanner(sizeBytes = MEGABYTE): WhatIfPlanner & { readonly asked: () => number } {
  const sketches: IndexSketch[] = []
  let shown: readonly number[] = []
  let asked = 0
  const costOf = (sketch: IndexSketch, sql: string): number => {
    let cost = 1000
    for (const key of sketch.keys) {
      if (!new RegExp(`\\b${key} =`).test(sql)) break
      cost /= 10
    }
    return cost
  }
  return {
    kind: 'native',
    versionNum: 180_000,
    asked: () => asked,
    explainAll(questions) {
      return explainOneByOne(this, questions, new Set(shown.map((number) => `s${number}`)), new Set())
    },
    sketchAll(indexes) {
      return inTurn(indexes, this.sketch)
    },
    explain: async (sql) => {
      asked += 1
      if (sql.includes('broken'))
        return { error: { sqlState: '42P01', message: 'relation "broken" does not exist' } }
      const name = /(?:from|update) (?:only )?(?:public\.)?(\w+)/.exec(sql)?.[1]
      const own = shown.filter((number) => sketches[number]!.table === name)
      const best = own
        .map((number) => ({ number, cost: costOf(sketches[number]!, sql) }))
        .sort((x, y) => x.cost - y.cost)[0]
      const base = { 'Startup Cost': 0, 'Plan Rows': 1, 'Plan Width': 8, 'Relation Name': name! }
      const plan: PlanNode =
        best === undefined || best.cost >= 1000
          ? { ...base, 'Node Type': 'Seq Scan', 'Total Cost': 1000 }
          : { ...base, 'Node Type': 'Index Scan', 'Total Cost': best.cost, 'Index Name': `s${best.number}` }
      return { plan }
    },
    sketch: async (sketch) => {
      sketches.push(sketch)
      const name = `s${sketches.length - 1}`
      return { handle: name, indexNames: [name], sizeBytes: sizeBytes * sketch.keys.length, treeHeight: 1 }
    },
    show: async (handles) => {
      shown = [...handles].map((handle) => Number(handle.slice(1)))
    },
    close: async () => {},
  }
}

const read = (sql: string, callsPerMinute = 10): WorkloadStatement => ({
  id: sql,
  sql,
  callsPerMinute,
  variants: [],
  rowsPerCall: null,
})

async function advice(statements: readonly WorkloadStatement[], over: Partial<AdviceRequest> = {}) {
  const planner = simplePlanner()
  return advise({
    target: 'test',
    planner,
    surroundings: surroundingsOf([table('parcel'), table('depot')]),
    workload: { statements, leftOut: [] },
    budgetBytes: 1000 * MEGABYTE,
    mostIndexes: 100,
    clock: () => 0,
    isTimeUp: () => false,
    ...over,
  })
}
const definitions = (found: Awaited<ReturnType<typeof advice>>) =>
  found.indexes.map((index) => `${index.table} ${index.definition}`).sort()

describe('the search (A1)', () => {
  test('one index serves two statements when its keys stand in the right order', async () => {
    const found = await advice([
      read('select id from parcel where a = 1 and b = 2'),
      read('select id from parcel where b = 3'),
    ])
    expect(definitions(found)).toEqual(['parcel (b, a)'])
    expect(found.indexes[0]!.statements.map(({ costBefore, costAfter }) => [costBefore, costAfter])).toEqual([
      [1000, 10],
      [1000, 100],
    ])
  })

  test('a tight budget goes where the calls are', async () => {
    const found = await advice(
      [read('select id from parcel where a = 1', 1), read('select id from depot where a = 1', 50)],
      {
        budgetBytes: MEGABYTE,
      },
    )
    expect(definitions(found)).toEqual(['depot (a)'])
    expect(found.sizeBytes).toBeLessThanOrEqual(MEGABYTE)
  })

  test('never more indexes than asked for', async () => {
    const found = await advice(
      [read('select id from parcel where a = 1'), read('select id from depot where b = 1', 50)],
      {
        mostIndexes: 1,
      },
    )
    expect(definitions(found)).toEqual(['depot (b)'])
  })

  test('an index whose writes cost more than it saves is not advised', async () => {
    const rare = read('select id from parcel where c = 1', 0.01)
    expect(definitions(await advice([rare]))).toEqual(['parcel (c)'])
    const busy = read('update parcel set c = c + 1 where id = 3', 5000)
    expect(definitions(await advice([rare, busy]))).not.toContain('parcel (c)')
  })

  test('a statement that the planner refuses is named, and the others are served', async () => {
    const found = await advice([
      read('select id from parcel where a = 1 /* broken */'),
      read('select id from depot where a = 1'),
    ])
    expect(found.leftOut).toEqual([
      {
        id: expect.stringContaining('broken'),
        because: 'the planner refuses it: relation "broken" does not exist',
      },
    ])
    expect(definitions(found)).toEqual(['depot (a)'])
  })

  test('texts that are no SQL and tables that are not there are named', async () => {
    const found = await advice([
      read('selec nothing'),
      read('select 1 from nowhere'),
      read('vacuum parcel'),
      read('select id from depot where a = 1'),
    ])
    expect(found.leftOut.map(({ because }) => because)).toEqual([
      expect.stringContaining('syntax error'),
      'the target has no table nowhere',
      expect.stringContaining('no SELECT'),
    ])
    expect(definitions(found)).toEqual(['depot (a)'])
  })

  test('stops when time is up, with what it has', async () => {
    let asked = 0
    const found = await advice([read('select id from parcel where a = 1')], {
      isTimeUp: () => {
        asked += 1
        return asked > 6
      },
    })
    expect(found.search.isFinished).toBe(false)
  })

  test('a foreign key whose parent is deleted is searched for', async () => {
    const key = {
      name: 'parcel_a_fkey',
      child: { schema: 'public', table: 'parcel', columns: ['a'] },
      parent: { schema: 'public', table: 'depot', columns: ['id'] },
      onDelete: 'cascade' as const,
      onUpdate: 'restrict' as const,
    }
    const around = surroundingsOf([table('parcel'), table('depot')], [], [key])
    const found = await advice([read('delete from depot where id = 3')], { surroundings: around })
    expect(
      found.indexes.find((index) => index.table === 'parcel')?.statements.map(({ foreignKey }) => foreignKey),
    ).toEqual(['parcel_a_fkey'])
    const idle = await advice([read('select id from depot where b = 3')], { surroundings: around })
    expect(definitions(idle)).toEqual(['depot (b)'])
  })
})
