import { afterAll, beforeAll, expect, test } from 'vitest'
import { heavyStatement } from '../../src/checks/query/heavy-statement.ts'
import { createDatabase } from '../postgres/database.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

// the share is of the whole server, so nobody else may work on it
const [heavy] = reproductionOf('heavy-statement')
let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer({ shared_preload_libraries: 'pg_stat_statements', jit: 'off' })
  await server.database().run('create extension pg_stat_statements')
})
afterAll(() => server.stop())

// the clock says that a minute passed: some calls keep a hundredth of a session busy
const findings = (between: () => Promise<void>, options: Record<string, unknown> = { minBusy: 0.002 }) =>
  findingsOf(heavyStatement, server.database(), { options, between })
const work = () => server.database().run(heavy!, heavy!)

test('a statement that takes nearly all the time is found, and quiet once it is called no more, and found again', async () => {
  expect(await findings(work)).toMatchObject([
    {
      subject: { kind: 'query' },
      severity: 'info',
      evidence: expect.arrayContaining([
        { label: 'statement', value: 'select count(*) from generate_series($1, $2)', unit: 'text' },
      ]),
    },
  ])
  expect(await findings(() => server.database().run('select 1'))).toEqual([])
  expect(await findings(work)).toHaveLength(1)
})

test('the heaviest of a server that has little to do is quiet', async () => {
  expect(await findings(work, { minBusy: 1 })).toEqual([])
})

test('one of another database is that target’s finding', async () => {
  const other = await createDatabase(server.url())
  expect(await findings(() => other.run(heavy!, heavy!))).toEqual([])
  await other.drop()
})
