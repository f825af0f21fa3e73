import { afterAll, beforeAll, expect, test } from 'vitest'
import { sequentialScans } from '../../src/checks/index/sequential-scans.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf, outcomeOf } from '../postgres/story.ts'

const [create, fill, analyze, search] = reproductionOf('sequential-scans')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(create!, fill!, analyze!)
})
afterAll(() => database.drop())

const findings = (...statements: string[]) =>
  findingsOf(sequentialScans, database, { between: () => database.run(...statements) })

test('a single reading says nothing: scans of last year are no fault of today', async () => {
  await database.run(search!)
  expect(await outcomeOf(sequentialScans, database)).toMatchObject({ status: 'skipped' })
})

test('an export, a few scans, and scans that end early are quiet', async () => {
  expect(await findings('select sum(length(note)) from "Parcel Nö"')).toEqual([])
  expect(
    await findings('do $$ begin for i in 1..60 loop perform from "Parcel Nö" limit 10; end loop; end $$'),
  ).toEqual([])
})

// no remedy: an index follows from the statements, and is proven before it is proposed; the story makes it by hand
test('look-ups without an index are found, quiet with it, and found again without', async () => {
  expect(await findings(search!)).toMatchObject([{ subject: { kind: 'table', name: 'Parcel Nö' } }])
  await database.run('create index by_barcode on "Parcel Nö" (barcode)')
  expect(await findings(search!)).toEqual([])
  await database.run('drop index by_barcode')
  expect(await findings(search!)).toHaveLength(1)
})
