import { afterAll, beforeAll, expect, test } from 'vitest'
import { notValidConstraint } from '../../src/checks/index/not-valid-constraint.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(notValidConstraint, database)

test('constraints that are valid, and those that are not enforced on purpose, are quiet', async () => {
  await database.run(
    'create table depot (id int primary key, size int check (size > 0))',
    'create table letter (depot int references depot, weight int constraint wish check (weight > 0) not enforced)',
  )
  expect(await findings()).toEqual([])
})

test('a constraint that was never validated is found, and valid after the remedy', async () => {
  await database.run(...reproductionOf('not-valid-constraint'))
  const [finding] = await findings()
  expect(finding).toMatchObject({ subject: { kind: 'table', name: 'Parcel Nö' }, severity: 'info' })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  // no undo: PostgreSQL has no way back from valid, so the constraint is made anew to be found again
  expect(finding?.remedy?.undo).toBeNull()
})

test('the remedy fails, and changes nothing, where a row breaks the rule', async () => {
  await database.run(
    'alter table "Parcel Nö" add constraint heavy check (weight > 500) not valid',
    'alter table "Parcel Nö" add constraint depot foreign key (weight) references depot not valid',
  )
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  await expect(applyRemedy(finding!, database)).rejects.toThrow('violates foreign key constraint "depot"')
  expect(await findings()).toHaveLength(1)
})
