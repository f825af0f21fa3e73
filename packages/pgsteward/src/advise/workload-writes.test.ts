import { beforeAll, expect, test } from 'vitest'
import { column, surroundingsOf, tableOf } from '../../test/advise/surroundings.ts'
import type { WhatIfPlanner } from '../model/what-if.ts'
import { loadNormaliser, loadParser, type Normaliser, type Parser } from '../sql/parse/parse-statements.ts'
import { tableFinder } from '../sql/parse/table-names.ts'
import { prepareStatement } from './prepare-statement.ts'
import { writesOf } from './workload-writes.ts'

const ROWS = 14_400
const surroundings = surroundingsOf([
  tableOf('event', [column('id', 'bigint'), column('at', 'bigint', { histogram: ['1', '2', '3'] })], {
    rows: ROWS,
  }),
])

/** Takes every UPDATE and DELETE to find a thousand rows. */
const planner = {
  explain: async () => ({
    plan: {
      'Node Type': 'ModifyTable',
      'Plan Rows': 0,
      'Total Cost': 1,
      Plans: [{ 'Node Type': 'Seq Scan', 'Plan Rows': 1000, 'Total Cost': 1 }],
    },
  }),
} as unknown as WhatIfPlanner

let parse: Parser
let normalise: Normaliser
beforeAll(async () => {
  parse = await loadParser()
  normalise = await loadNormaliser()
})

async function writesWith(...asked: readonly (readonly [sql: string, rowsPerCall: number | null])[]) {
  const statements = asked.map(([sql, rowsPerCall], place) => {
    const statement = { id: `q${place}`, sql, callsPerMinute: 1, variants: [], rowsPerCall }
    const find = tableFinder(surroundings.tables, ['public'])
    const prepared = prepareStatement(statement, parse, normalise, find, surroundings)
    if ('because' in prepared) throw new Error(prepared.because)
    return prepared
  })
  return (await writesOf(statements, planner, surroundings)).writes.get('public.event')
}

const INSERT = ['insert into event values ($1, $2)', 30] as const
const DELETE = 'delete from event where at < $1'

test('no more is deleted than comes in, whatever a range is estimated to hold', async () => {
  expect(await writesWith(INSERT, [DELETE, null])).toMatchObject({
    insertsPerMinute: 30,
    deletesPerMinute: 30,
  })
})

test('of a table whose rows come from elsewhere, no more than all of them in a day', async () => {
  expect((await writesWith([DELETE, null]))?.deletesPerMinute).toBe(ROWS / 1440)
})

test('what was counted is no estimate, and each call may find a row', async () => {
  expect((await writesWith([DELETE, 70]))?.deletesPerMinute).toBe(70)
  const often = Array.from({ length: 20 }, () => [DELETE, null] as const)
  expect((await writesWith(...often))?.deletesPerMinute).toBe(20)
})

test('rows that were counted stand before an estimate, also of updates', async () => {
  const update = 'update event set at = 1 where at < $1'
  const writes = await writesWith(INSERT, [DELETE, 2], [update, 3])
  expect(writes).toMatchObject({ deletesPerMinute: 2, updates: [{ columns: ['at'], rowsPerMinute: 3 }] })
  const within = await writesWith(INSERT, [
    `with gone as (${DELETE} returning 1) select count(*) from gone`,
    1,
  ])
  expect(within?.deletesPerMinute).toBe(30)
})
