import { afterAll, beforeAll, expect, test } from 'vitest'
import { wraparoundForecast } from '../../src/checks/vacuum/wraparound-forecast.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf } from '../postgres/story.ts'

let server: OwnServer

beforeAll(async () => {
  // the lowest that PostgreSQL takes
  server = await startOwnServer({ autovacuum_freeze_max_age: '100000', autovacuum: 'off' })
  await server.database().run(...reproductionOf('wraparound-forecast'))
})
afterAll(() => server.stop())

/** 50 ids a second. */
const findings = (options = {}) =>
  findingsOf(wraparoundForecast, server.database(), {
    options: { minTableBytes: '8kB', noticeWithin: '10m', ...options },
    between: () => server.database().run('call use_up(3000)'),
  })

test('a vacuum that comes within minutes is found, and quiet once the table is frozen (A7)', async () => {
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'database', name: server.database().name },
    severity: 'info',
    remedy: { sql: ['vacuum (freeze) public."Parcel Nö"'] },
  })
  const used = finding!.evidence.find(({ label }) => label === 'transaction ids used')
  expect(used?.value).toBeGreaterThanOrEqual(50)
  expect(used?.value).toBeLessThan(52)
  await applyRemedy(finding!, server.database())
  expect(await findings()).toEqual([])
  // no undo: frozen rows have no way back, and need none
  expect(finding?.remedy?.undo).toBeNull()
})

test('small tables, and vacuums far off, are quiet', async () => {
  await server.database().run('call use_up(60000)')
  expect(await findings({ noticeWithin: '30m' })).toEqual([expect.objectContaining({ severity: 'info' })])
  expect(await findings({ noticeWithin: '30m', minTableBytes: '1MB' })).toEqual([])
  expect(await findings({ noticeWithin: '1s' })).toEqual([])
})
