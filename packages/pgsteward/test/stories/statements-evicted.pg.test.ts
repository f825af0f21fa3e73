import { afterAll, beforeAll, expect, test } from 'vitest'
import { statementsEvicted } from '../../src/checks/configuration/statements-evicted.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer({ shared_preload_libraries: 'pg_stat_statements' })
  await server.database().run('alter system set pg_stat_statements.max = 100')
  await server.restart()
  await server.database().run('create extension pg_stat_statements')
})
afterAll(() => server.stop())

const manyKinds = () => server.database().run(...reproductionOf('statements-evicted'))
const findings = (between: () => Promise<unknown>) =>
  findingsOf(statementsEvicted, server.database(), { between: async () => void (await between()) })

test('a few kinds of statements fit and are quiet', async () => {
  expect(await findings(() => server.database().query('select 1'))).toEqual([])
})

test('a reset is no eviction', async () => {
  expect(await findings(() => server.database().query('select pg_stat_statements_reset()'))).toEqual([])
})

test('more kinds than fit are found, fit after the remedy and a restart, and no more after its undo', async () => {
  const [finding] = await findings(manyKinds)
  expect(finding).toMatchObject({ subject: { kind: 'setting', name: 'pg_stat_statements.max' } })
  await applyRemedy(finding!, server.database())
  await server.restart()
  await server.database().run('create extension pg_stat_statements')
  expect(await server.database().query('show pg_stat_statements.max')).toMatchObject([
    { 'pg_stat_statements.max': '400' },
  ])
  // 400 kinds and what the restart left
  await server.database().query('select pg_stat_statements_reset()')
  expect(
    await findings(() =>
      server
        .database()
        .run(
          "set pg_stat_statements.track = 'all'",
          "do $$ begin for i in 1..200 loop execute format('select %s', array_to_string(array_fill(1, array[i]), ',')); end loop; end $$",
        ),
    ),
  ).toEqual([])

  await undoRemedy(finding!, server.database())
  await server.restart()
  await server.database().run('create extension pg_stat_statements')
  expect(await findings(manyKinds)).toHaveLength(1)
})
