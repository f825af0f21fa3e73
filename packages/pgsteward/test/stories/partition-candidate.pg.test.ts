import { afterAll, beforeAll, expect, test } from 'vitest'
import { partitionCandidate } from '../../src/checks/partition/partition-candidate.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = (leastRows = 50_000) => findingsOf(partitionCandidate, database, { options: { leastRows } })

test('near misses are quiet: a small table, and one that is divided already', async () => {
  await database.run(
    'create table small as select i as id, now() as at from generate_series(1, 20000) i',
    'create table divided (id bigint, at timestamptz not null) partition by range (at)',
    `create table divided_all partition of divided for values from ('2020-01-01') to ('2040-01-01')`,
    `insert into divided select i, timestamptz '2026-01-01' + i * interval '1 minute' from generate_series(1, 60000) i`,
    'analyze',
  )
  expect(await findings()).toEqual([])
})

// no remedy: copying a table while it is written to is a migration of its own, so the story divides it by hand
test('a large table is found with key, step and what stands in the way, and quiet once it is divided (A6)', async () => {
  await database.run(...reproductionOf('partition-candidate'))
  // a role that may not read the table sees no values of it
  expect((await findings())[0]?.evidence).toContainEqual(
    expect.objectContaining({ label: 'step', value: expect.stringContaining('pgsteward doctor') }),
  )
  await database.run('grant select on "Event Nö" to test_monitor')
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'table', name: 'Event Nö' }, severity: 'info' })
  const evidence = Object.fromEntries(finding!.evidence.map(({ label, value }) => [label, value]))
  expect(evidence).toMatchObject({
    key: 'sent_at (timestamp with time zone)',
    step: expect.stringMatching(/^a quarter: about [89] partitions/),
    'stands in the way': 'unique Event Nö_reference_key',
  })
  expect(await findings(10_000_000)).toEqual([])
  await database.run(
    'alter table "Event Nö" rename to event_before',
    'create table "Event Nö" (like event_before) partition by range (sent_at)',
    `create table event_all partition of "Event Nö" for values from ('2020-01-01') to ('2040-01-01')`,
    'insert into "Event Nö" select * from event_before',
    'drop table event_before',
    'analyze',
  )
  expect(await findings()).toEqual([])
})
