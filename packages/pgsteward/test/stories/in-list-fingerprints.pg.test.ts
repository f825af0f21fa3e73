import { afterAll, beforeAll, expect, test } from 'vitest'
import { inListFingerprints } from '../../src/checks/query/in-list-fingerprints.ts'
import type { LocalServer } from '../../src/postgres/local-server.ts'
import { createDatabase, startTestServer, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const [create, lists] = reproductionOf('in-list-fingerprints')
let server: LocalServer
let database: TestDatabase

beforeAll(async () => {
  server = await startTestServer(17, {
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.track': 'all',
  })
  database = await createDatabase(server.url())
  await database.run('create extension pg_stat_statements', create!)
}, 120_000)
afterAll(async () => {
  await database?.drop()
  await server?.stop()
})

const findings = (...statements: readonly string[]) =>
  findingsOf(inListFingerprints, database, { between: () => database.run(...statements) })

// the remedy is in the application: an array
test('lists of many lengths are found on PostgreSQL 17, quiet as arrays, and found again (A4)', async () => {
  expect(await findings(lists!)).toMatchObject([
    {
      subject: { kind: 'database', name: database.name },
      evidence: expect.arrayContaining([expect.objectContaining({ value: 25 })]),
    },
  ])
  const arrays = Array.from(
    { length: 25 },
    (_, n) =>
      `select count(*) from "Parcel Nö" where id = any ('{${Array.from({ length: n + 1 }, (_, i) => i).join()}}')`,
  )
  expect(await findings(...arrays)).toEqual([])
  expect(await findings(lists!)).toHaveLength(1)
})
