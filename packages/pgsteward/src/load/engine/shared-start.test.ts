import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scenarioSchema } from '../../model/scenario.ts'
import { nodeEngine } from './node-engine.ts'

const seen: string[] = []
const server = createServer((request, response) => {
  seen.push(request.url!)
  response.end('{"token":"t"}')
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => server.close())

const signIn = { method: 'POST' as const, path: '/sign-in', extract: { token: { json: 'token' } } }
const flows = [
  { name: 'first', start: [signIn], steps: [{ path: '/first/{{token}}' }, { pause: '5ms' }] },
  { name: 'second', start: [signIn], steps: [{ path: '/second/{{token}}' }, { pause: '5ms' }] },
]

test.each([
  ['closed', { model: 'closed', startUsers: 2, stages: [{ for: '1s', users: 2 }] }],
  ['open', { model: 'open', startPerSecond: 60, stages: [{ for: '1s', perSecond: 60 }], sessions: 2 }],
] as const)('flows that begin alike share one sign-in for each user, %s', async (_, load) => {
  seen.length = 0
  await nodeEngine.run({
    scenario: scenarioSchema.parse({ id: 'shared', title: 'Shared', load, flows }),
    target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    timeScale: 1,
    loadScale: 1,
    threads: 1,
    env: {},
    seed: 1,
    signal: new AbortController().signal,
    onMoment: () => {},
  })
  expect(seen.filter((path) => path === '/sign-in')).toHaveLength(2)
  expect(new Set(seen)).toEqual(new Set(['/sign-in', '/first/t', '/second/t']))
})
