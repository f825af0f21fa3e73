// Readers of plans against statements that really run: what is ill is named, what is healthy is left in peace.

import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insightsOf } from '../../src/plans/insights/insights-of.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { capturePlans, tableRowsOf } from './capture-plans.ts'
import { INSIGHT_CASES } from './insight-cases.ts'

let database: TestDatabase
let client: pg.Client
let tableRows: ReadonlyMap<string, number>

beforeAll(async () => {
  database = await createDatabase()
  for (const one of INSIGHT_CASES) await database.run(...one.setup)
  client = await database.connect()
  tableRows = await tableRowsOf(client)
})
afterAll(() => database?.drop())

test.each(INSIGHT_CASES.map((one) => [one.id, one] as const))(
  '%s, run on a real server, is read as it should be (A5)',
  async (_id, one) => {
    const plans = await capturePlans(client, one, 'off')
    for (const form of ['analyzed', 'generic'] as const) {
      const insights = insightsOf(plans[form], { rowsOf: (_schema, table) => tableRows.get(table) ?? null })
      const kinds = new Set(insights.map((each) => each.kind))
      kinds.delete('dominant-step')
      expect([...kinds].sort(), form).toEqual([...one[form]].sort())
    }
  },
)
