// Targets of PostgreSQL 14 to 17 have twins of their own major, which plan as they do.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalServer, startLocalServer } from '../../src/postgres/local-server.ts'
import { measureAgreement, planningTarget } from '../../src/twin/agreement.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { readStatisticsOf, type TestTwin, twinOf, withSession } from './twin-of.ts'
import { fillZoo, ZOO_STATEMENTS } from './zoo.ts'

describe.each([14, 15, 16, 17] as const)('PostgreSQL %d', (major) => {
  let dir: string
  let server: LocalServer
  let database: TestDatabase
  let twin: TestTwin

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), `pgsteward-test-twin-${major}-`))
    server = await startLocalServer({ dir, major, durable: false, settings: { autovacuum: 'off' } })
    database = await createDatabase(server.url())
    await fillZoo(database)
    twin = await twinOf(await readStatisticsOf(database.url), 'native')
  })
  afterAll(async () => {
    await twin?.drop()
    await database?.drop()
    await server?.stop('immediate')
    for (const each of [dir, server?.dir])
      if (each !== undefined) rmSync(each, { recursive: true, force: true })
  })

  test('its twin plans the zoo in the same shape (995 of 1000) and at the same cost (95 of 100)', async () => {
    const { statements, sameShape, sameCost, disagreements, failures } = await withSession(
      database.url,
      async (session) => measureAgreement(await planningTarget(session), twin.planner, ZOO_STATEMENTS),
    )
    expect(twin.leftOut).toEqual([])
    const { rows } = await twin.host.ask('select count(*) from pg_catalog.pg_class where oid >= 1500000000')
    expect(Number(rows[0]![0]), 'plain tables are written into the catalogs').toBeGreaterThan(0)
    expect(failures).toEqual([])
    expect(sameShape / statements, JSON.stringify(disagreements)).toBeGreaterThanOrEqual(0.995)
    expect(sameCost / statements, JSON.stringify(disagreements)).toBeGreaterThanOrEqual(0.95)
  })
})
