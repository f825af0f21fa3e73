// Every statement with which a runbook looks for something runs as it stands, read-only, as a role with pg_monitor alone.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillRunbook } from '../../src/app/govern/fill-runbook.ts'
import { CRITICAL_CHECKS } from '../../src/checks/critical-checks.ts'
import { openFinding } from '../notify/alert-rows.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const RUNBOOKS = resolve(import.meta.dirname, '../../../../docs/runbooks')
let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createDatabase()
  await database.run('create extension pg_stat_statements', 'create table "Parcel Nö" (id int primary key)')
  client = new pg.Client({ connectionString: database.monitorUrl })
  await client.connect()
})
afterAll(async () => {
  await client?.end()
  await database?.drop()
})

const SUBJECTS = [
  { kind: 'backend', name: '4711@2026-11-20T10:00:00.000Z' },
  { kind: 'query', database: 'shop', queryId: '-42' },
  { kind: 'table', database: 'shop', schema: 'public', name: 'Parcel Nö' },
  { kind: 'slot', name: "it's" },
] as const

test.each(CRITICAL_CHECKS)('%s', async (id) => {
  const page = readFileSync(`${RUNBOOKS}/${id}.md`, 'utf8')
  const reading = page.slice(page.indexOf('## First five minutes'), page.indexOf('## Mend it'))
  for (const finding of [null, ...SUBJECTS.map((subject) => openFinding({ subject }))]) {
    const blocks = [...fillRunbook(reading, finding).matchAll(/^```sql\n([\s\S]*?)^```$/gm)]
    for (const [, sql] of blocks) {
      await client.query('begin read only')
      await expect(client.query(sql!), sql).resolves.toBeDefined()
      await client.query('rollback')
    }
  }
})
