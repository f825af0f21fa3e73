import { expect, test } from 'vitest'
import { createDatabase } from '../../../test/postgres/database.ts'
import { type DatabaseRow, databases } from '../../facts/databases.ts'
import type { Interval, Reading } from '../../model/fact.ts'
import { openSession } from '../../postgres/connect.ts'
import { Collector } from '../collector.ts'
import { ActivitySampler } from './sampler.ts'

test('samples are no transactions of the database that is watched (O7)', async () => {
  const database = await createDatabase()
  const sampler = new ActivitySampler({
    open: () => openSession(database.url, { purpose: 'activity' }),
    everyMs: 1,
    slowMs: 1_000,
  })
  const collector = new Collector({
    target: { id: 'test', url: database.url, labels: {} },
    facts: [databases],
    open: ({ url }) => openSession(url),
    intervalMs: 600_000,
    everyMs: 0,
    alsoSent: () => sampler.statementsSent,
  })
  const commitsOf = (reading: Reading | undefined) =>
    reading?.status === 'interval'
      ? (reading.latest as Interval<DatabaseRow>).rows.find((row) => row.database === database.name)?.commits
      : undefined
  await sampler.sample(new Date())
  await collector.collect(new Date())
  const before = sampler.statementsSent
  for (let each = 0; each < 300; each++) await sampler.sample(new Date())
  expect(sampler.statementsSent - before).toBeGreaterThanOrEqual(300)
  // what a session did is in the statistics when it has ended, at the latest
  await sampler.close()
  const snapshot = await collector.collect(new Date(Date.now() + 60_000))
  expect(commitsOf(snapshot.readings.get(databases.id))).toBeLessThan(30)
  await collector.close()
  await database.drop()
})
