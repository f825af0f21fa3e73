import { afterAll, beforeAll, expect, test } from 'vitest'
import { sequenceExhaustion } from '../../src/checks/capacity/sequence-exhaustion.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, outcomeOf, undoRemedy } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(sequenceExhaustion, database)

test('a role that may read no sequence is told so', async () => {
  await database.run('create sequence hidden')
  expect(await outcomeOf(sequenceExhaustion, database)).toMatchObject({
    status: 'skipped',
    because: expect.stringContaining('grant select'),
  })
  await database.run('alter default privileges grant select on sequences to test_monitor')
})

test('near misses are quiet: much left, a bigint, one that cycles, one never used', async () => {
  await database.run(
    'create table letter (id serial primary key, number bigint generated always as identity)',
    "select setval('letter_id_seq', 1000000000)",
    "select setval('letter_number_seq', 3000000000)",
    'create sequence ring as integer cycle',
    "select setval('ring', 2147483000)",
    'create sequence unused as integer',
  )
  expect(await findings()).toEqual([])
})

test('an identity near its end is found, widened by the remedy, and found again after its undo', async () => {
  await database.run(...reproductionOf('sequence-exhaustion'))
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'sequence', name: 'Audit Nö_id_seq' },
    severity: 'warning',
  })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
  await applyRemedy(finding!, database)
})

test.each([
  ['a serial', 'create table s (id serial)', 's_id_seq'],
  [
    'a sequence that a default draws from',
    "create sequence drawn; create table d (id int default nextval('drawn'))",
    'drawn',
  ],
  [
    'an integer sequence of a bigint column',
    'create sequence narrow as integer; create table n (id bigint); alter sequence narrow owned by n.id',
    'narrow',
  ],
])('%s is found and mended and found again', async (_, create, name) => {
  await database.run(create, `select setval('${name}', 2000000000)`)
  const [finding] = await findings()
  expect(finding).toMatchObject({ subject: { name }, severity: 'critical' })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
  await applyRemedy(finding!, database)
})
