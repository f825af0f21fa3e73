import { afterAll, beforeAll, expect, test } from 'vitest'
import { extensionOutdated } from '../../src/checks/configuration/extension-outdated.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(extensionOutdated, database)

test('a fresh database is quiet, and so is one with an extension as offered', async () => {
  expect(await findings()).toEqual([])
  await database.run('create extension pgcrypto')
  expect(await findings()).toEqual([])
})

test('an old version is found, updated by the remedy, and found again after its undo', async () => {
  await database.run(...reproductionOf('extension-outdated'))
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'extension', name: 'pg_stat_statements' },
    severity: 'info',
  })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
})
