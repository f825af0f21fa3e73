import { afterAll, beforeAll, expect, test } from 'vitest'
import { autovacuumTuning } from '../../src/checks/vacuum/autovacuum-tuning.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

const reproduction = reproductionOf('autovacuum-tuning')
const update = reproduction.at(-1)!
let server: OwnServer

beforeAll(async () => {
  // on, but not while the story looks on
  server = await startOwnServer({ autovacuum: 'on', autovacuum_naptime: '1h' })
  await server.database().run(...reproduction.slice(0, -1))
})
afterAll(() => server.stop())

const findings = (statement: string, options = {}) =>
  findingsOf(autovacuumTuning, server.database(), {
    options: { minDeadBytes: '500kB', minEvery: '10s', maxInsertedBytes: '500kB', ...options },
    between: () => server.database().run(statement),
  })
const optionsOf = async (table: string) => {
  const [row] = await server
    .database()
    .query<{ reloptions: string[] | null }>(`select reloptions from pg_class where relname = '${table}'`)
  return row!.reloptions
}

test('a table cleaned too rarely is found, quiet after the remedy, and found again after its undo (A7)', async () => {
  const [finding, ...others] = await findings(update)
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'table', name: 'Parcel Nö' },
    severity: 'info',
    evidence: expect.arrayContaining([
      { label: 'rows that die', value: 50, unit: 'perSecond' },
      { label: 'autovacuum comes at dead rows', value: 10_050, unit: 'count' },
      { label: 'vacuumed at this rate every', value: 201_000, unit: 'ms' },
    ]),
  })
  await applyRemedy(finding!, server.database())
  expect(await optionsOf('Parcel Nö')).toEqual(['autovacuum_vacuum_scale_factor=0.049'])
  expect(await findings(update)).toEqual([])
  await undoRemedy(finding!, server.database())
  expect(await optionsOf('Parcel Nö')).toBeNull()
  expect(await findings(update)).toHaveLength(1)
})

test('a table of no size is quiet', async () => {
  expect(await findings(update, { minDeadBytes: '10MB' })).toEqual([])
})

test('what the table had set is put back as it was', async () => {
  await server.database().run('alter table "Parcel Nö" set (autovacuum_vacuum_scale_factor = 0.30)')
  const [finding] = await findings(update)
  await applyRemedy(finding!, server.database())
  expect(await findings(update)).toEqual([])
  await undoRemedy(finding!, server.database())
  expect(await optionsOf('Parcel Nö')).toEqual(['autovacuum_vacuum_scale_factor=0.30'])
  await server.database().run('drop table "Parcel Nö"')
})

test('a table that is only appended to is found, and vacuumed in portions after the remedy', async () => {
  await server
    .database()
    .run(
      'create table letter (id int primary key, note text)',
      "insert into letter select i, repeat('x', 100) from generate_series(1, 100000) i",
      'vacuum (analyze) letter',
      "insert into letter select i, repeat('x', 100) from generate_series(100001, 115000) i",
    )
  let next = 200_000
  const append = () => {
    next += 1000
    return `do $$ begin
      perform note from letter where id = 1;
      insert into letter select i, 'x' from generate_series(${next}, ${next + 600}) i;
    end $$`
  }
  const [finding] = await findings(append())
  expect(finding).toMatchObject({
    summary: expect.stringContaining('only appended to'),
    subject: { name: 'letter' },
  })
  await applyRemedy(finding!, server.database())
  expect(await findings(append())).toEqual([])
  await undoRemedy(finding!, server.database())
  expect(await optionsOf('letter')).toBeNull()
  expect(await findings(append())).toHaveLength(1)
})
