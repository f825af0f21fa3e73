import { afterAll, beforeAll, expect, test } from 'vitest'
import { statementsExtensionMissing } from '../../src/checks/configuration/statements-extension-missing.ts'
import { createDatabase } from '../postgres/database.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer()
  await server.database().run(...reproductionOf('statements-extension-missing'))
})
afterAll(() => server.stop())

const findings = () => findingsOf(statementsExtensionMissing, server.database())

test('a server that does not load it is found, and quiet once remedied and restarted', async () => {
  const [loading] = await findings()
  expect(loading).toMatchObject({
    remedy: { sql: ["alter system set shared_preload_libraries = 'pg_stat_statements'", expect.anything()] },
  })
  await applyRemedy(loading!, server.database())
  await undoRemedy(loading!, server.database())
  await applyRemedy(loading!, server.database())
  await server.restart()

  // the restart gave us a database that never had the extension: loaded, and only to be created
  const [creating] = await findings()
  expect(creating).toMatchObject({ remedy: { sql: ['create extension if not exists pg_stat_statements'] } })
  await applyRemedy(creating!, server.database())
  expect(await findings()).toEqual([])
  await undoRemedy(creating!, server.database())
  expect(await findings()).toHaveLength(1)
})

test('one that is in another database alone does not serve this one', async () => {
  const other = await createDatabase(server.url())
  await other.run('create extension pg_stat_statements')
  expect(await findingsOf(statementsExtensionMissing, other)).toEqual([])
  expect(await findings()).toHaveLength(1)
  await other.drop()
})
