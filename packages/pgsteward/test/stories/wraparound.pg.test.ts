import { afterAll, beforeAll, expect, test } from 'vitest'
import { wraparound } from '../../src/checks/vacuum/wraparound.ts'
import { otherSession } from '../postgres/other-session.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf } from '../postgres/story.ts'

let server: OwnServer

beforeAll(async () => {
  // the lowest that PostgreSQL takes
  server = await startOwnServer({ autovacuum_freeze_max_age: '100000', autovacuum: 'off' })
})
afterAll(() => server.stop())

const ofThisDatabase = async () =>
  (await findingsOf(wraparound, server.database())).filter(
    ({ subject }) => 'name' in subject && subject.name === server.database().name,
  )

test('a young database is quiet', async () => {
  expect(await ofThisDatabase()).toEqual([])
})

test('a database whose rows are not frozen in time is found, and quiet after the remedy', async () => {
  // the vacuum against wraparound comes even so; what keeps it from freezing is what mostly does: something old
  const forgotten = await otherSession(server.database())
  await forgotten.query('begin isolation level repeatable read; select pg_current_xact_id()')
  await server.database().run(...reproductionOf('wraparound'))
  const [finding] = await ofThisDatabase()
  expect(finding).toMatchObject({ subject: { kind: 'database' }, severity: 'warning' })
  await forgotten.query('rollback')
  await applyRemedy(finding!, server.database())
  expect(await ofThisDatabase()).toEqual([])
  // no undo: frozen rows have no way back, and need none
  expect(finding?.remedy?.undo).toBeNull()
})
