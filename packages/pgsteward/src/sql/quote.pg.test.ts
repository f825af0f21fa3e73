// What ident writes is the name again, to PostgreSQL itself.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../test/postgres/database.ts'
import { ident } from './quote.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

test.each([
  ['plain', 'plain'],
  ['select', '"select"'],
  ['two "words"', '"two ""words"""'],
  ['a\\b', '"a\\b"'],
  ['\u001b[2J"red"\\', 'U&"\\001b[2J""red""\\\\"'],
  ['\u202efdp.exe', 'U&"\\202efdp.exe"'],
  ['line\nfeed', 'U&"line\\000afeed"'],
])('the name %j is written %s, and read as it is', async (name, written) => {
  expect(ident(name)).toBe(written)
  const rows = await database.query(`select 1 as ${ident(name)}`)
  expect(Object.keys(rows[0] as object)).toEqual([name])
})
