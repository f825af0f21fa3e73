import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/postgres/database.ts'
import type { SlowQueryRecord } from '../../model/application.ts'
import type { Snapshot } from '../../model/fact.ts'
import type { PlanSight } from '../../model/plan.ts'
import { openSession } from '../../postgres/connect.ts'
import type { Store } from '../../store/store.ts'
import { PlanWatch } from './plan-watch.ts'

const TEXTS: Readonly<Record<string, string>> = {
  '1': 'select * from parcel where place = $1',
  '2': 'select * from secret',
  '3': 'vacuum parcel',
  '4': 'update parcel set place = $1 where id = $2',
}
const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1) + minutes * 60_000)

let database: TestDatabase
let watch: PlanWatch
let sights: PlanSight[] = []
let captured: readonly string[] | null = null

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create table parcel (id int primary key, place text)',
    "insert into parcel select i, 'shelf ' || i from generate_series(1, 5000) i",
    'create table secret (id int)',
    'analyze',
    'grant select on parcel to test_monitor',
  )
  const store = {
    topStatements: async () => Object.entries(TEXTS).map(([queryId, text]) => ({ queryId, text })),
    slowQueries: async () =>
      captured === null ? [] : [{ parameters: captured } as unknown as SlowQueryRecord],
    savePlans: async (_target: string, saved: readonly PlanSight[]) => {
      sights.push(...saved)
    },
  } as unknown as Store
  watch = new PlanWatch({ targetId: 'shop', store, open: () => openSession(database.monitorUrl) })
})
afterAll(async () => {
  await watch.close()
  await database.drop()
})

const look = async (minutes: number, ...queryIds: readonly string[]) => {
  sights = []
  const rows = queryIds.map((queryId) => ({
    queryId,
    database: database.name,
    user: 'app',
    calls: 10,
    totalExecMs: 100,
  }))
  const interval = { rows, seconds: 60, breaks: [] }
  await watch.notice({
    targetId: 'shop',
    takenAt: at(minutes),
    server: { database: database.name },
    readings: new Map([['statements', { status: 'interval', interval, latest: interval }]]),
    refreshed: new Set(['statements']),
  } as unknown as Snapshot)
  return sights
}

test('plans what it may and counts by reason what it may not', async () => {
  expect(await look(0, '1', '2', '3', '4')).toMatchObject([
    { queryId: '1', source: 'generic', isAnalyzed: false, parameters: null, at: at(0) },
  ])
  expect(watch.state).toMatchObject({
    planned: 1,
    lacksSelectOn: ['parcel', 'secret'],
    refused: expect.arrayContaining([
      { because: "SELECT on secret is not granted to pgsteward's role", statements: 1 },
      { because: "UPDATE on parcel is not granted to pgsteward's role", statements: 1 },
      { because: 'statements of its kind have no plan', statements: 1 },
    ]),
  })
  expect(watch.reasonOf('3')).toBe('statements of its kind have no plan')
  expect(watch.reasonOf('1')).toBeNull()
})

test('plans for captured values too, and keeps none of them in the plan (S5)', async () => {
  captured = ['shelf 77']
  const seen = await look(10, '1')
  expect(seen.map(({ source }) => source)).toEqual(['generic', 'parameters'])
  expect(JSON.stringify(seen.map(({ plan }) => plan))).not.toContain('shelf 77')
  expect(seen[1]).toMatchObject({ parameters: ['shelf 77'], plan: { Filter: "(place = '?'::text)" } })
})

test.each([
  ['redacted', ['[redacted]']],
  ['cut', ['a long tex…']],
  ['a list in the way of JavaScript', ['[1, 2]']],
  ['of another number', ['a', 'b']],
])('does not plan for values that are %s', async (_, values) => {
  captured = values
  const minutes = 20 + values.join().length
  expect((await look(minutes, '1')).map(({ source }) => source)).not.toContain('parameters')
})

test('takes up again after its connection was ended', async () => {
  await database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'test_monitor' and datname = current_database()",
  )
  await look(100, '1').catch(() => [])
  expect(await look(110, '1')).not.toEqual([])
})
