import { afterAll, beforeAll, expect, test } from 'vitest'
import { probeFailing } from '../../src/checks/availability/probe-failing.ts'
import { type Probed, probed } from '../availability/story.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'

const [shut] = reproductionOf('probe-failing')
let database: TestDatabase
let probe: Probed

beforeAll(async () => {
  database = await createDatabase()
  probe = await probed(database)
})
afterAll(async () => {
  await probe.close()
  await database.drop()
})

test('a database that takes no session is found at the second try, and is well after one that succeeds (N5)', async () => {
  expect(await probe.ask(2)).toEqual([null, null])
  expect(await probe.findings(probeFailing)).toEqual([])
  await database.run(shut!)
  const [error] = await probe.ask()
  expect(error).toMatch(/has no free connection$/)
  expect(await probe.findings(probeFailing)).toMatchObject([{ sustains: true }])
  await probe.ask()
  expect(await probe.findings(probeFailing)).toEqual([
    expect.objectContaining({
      subject: { kind: 'probe', name: 'database' },
      severity: 'critical',
      summary: `The database does not take a session: ${error}`,
    }),
  ])
  await database.run(shut!.replace('limit 0', 'limit -1'))
  expect(await probe.ask()).toEqual([null])
  expect(await probe.findings(probeFailing)).toEqual([])
})

test('a try that fails alone opens nothing, nor does one that nobody has repeated', async () => {
  await database.run(shut!)
  await probe.ask()
  expect(await probe.findings(probeFailing)).toMatchObject([{ sustains: true }])
  await database.run(shut!.replace('limit 0', 'limit -1'))
  await probe.ask()
  await database.run(shut!)
  await probe.ask(2)
  probe.wait(600_000)
  expect(await probe.findings(probeFailing)).toMatchObject([{ sustains: true }])
  await database.run(shut!.replace('limit 0', 'limit -1'))
})
