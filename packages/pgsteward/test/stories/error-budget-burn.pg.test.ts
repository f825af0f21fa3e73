import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorBudgetBurn } from '../../src/checks/availability/error-budget-burn.ts'
import { type Probed, probed } from '../availability/story.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'

const HOUR_MS = 3_600_000
const [shut] = reproductionOf('error-budget-burn')
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

async function failing(tries: number): Promise<void> {
  await database.run(shut!)
  await probe.ask(tries)
  await database.run(shut!.replace('limit 0', 'limit -1'))
}

test('moments in which no session is taken, again and again, are found; and no more when they are over (N5)', async () => {
  await probe.ask(20)
  expect(await probe.findings(errorBudgetBurn)).toEqual([])
  await failing(1)
  await probe.ask(4)
  expect(await probe.findings(errorBudgetBurn)).not.toMatchObject([{ severity: 'critical' }])
  for (let each = 0; each < 3; each += 1) {
    await failing(1)
    await probe.ask(2)
  }
  const [finding, ...others] = await probe.findings(errorBudgetBurn)
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'probe', name: 'database' },
    severity: 'critical',
    evidence: expect.arrayContaining([
      { label: 'down in 30 days', value: 120_000, unit: 'ms' },
      { label: 'reported from', value: 14.4, unit: 'count' },
    ]),
  })
  probe.wait(7 * HOUR_MS)
  await probe.ask()
  expect(await probe.findings(errorBudgetBurn)).toEqual([])
})

test('an outage that is told of as such is a warning alone', async () => {
  probe.wait(80 * HOUR_MS)
  await failing(4)
  await probe.ask()
  expect(await probe.findings(errorBudgetBurn)).toMatchObject([{ severity: 'warning' }])
})
