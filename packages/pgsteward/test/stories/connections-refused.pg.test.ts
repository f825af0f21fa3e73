import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectionsRefused } from '../../src/checks/capacity/connections-refused.ts'
import { type LogStory, startLogStory, told } from '../postgres/log-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'

let story: LogStory

beforeAll(async () => {
  story = await startLogStory({ max_connections: '12', superuser_reserved_connections: '3' })
  await story.database().run(...reproductionOf('connections-refused'))
})
afterAll(() => story.stop())

const loginAs = (user: string, password: string) => {
  const url = new URL(story.url())
  url.username = encodeURIComponent(user)
  url.password = password
  const client = new pg.Client({ connectionString: url.href })
  client.on('error', () => undefined)
  return client.connect().then(() => client)
}

test('logins beyond the limit of a role are found, those within are not', async () => {
  expect(await story.findings(connectionsRefused)).toEqual([])
  await expect(loginAs('Porter Nö', 'parcel')).rejects.toThrow('too many connections')
  const [finding] = await story.findings(connectionsRefused)
  expect(finding).toMatchObject({ subject: { kind: 'server' }, severity: 'warning' })
  expect(told(finding, 'limit')).toBe('the limit of a role')
  await story.database().run('alter role "Porter Nö" connection limit -1')
  await (await loginAs('Porter Nö', 'parcel')).end()
  expect(await story.findings(connectionsRefused, { laterMs: 16 * 60_000 })).toEqual([])
})

test('five beyond max_connections are critical', async () => {
  const open: pg.Client[] = []
  let refused = 0
  for (let attempt = 0; attempt < 20; attempt++)
    await loginAs('Porter Nö', 'parcel').then(
      (client) => open.push(client),
      () => refused++,
    )
  for (const client of open) await client.end()
  expect(refused).toBeGreaterThanOrEqual(5)
  const [finding] = await story.findings(connectionsRefused)
  expect(finding?.severity).toBe('critical')
  expect(told(finding, 'refused')).toBe(refused + 1)
  expect(told(finding, 'users')).toContain('Porter Nö')
})
