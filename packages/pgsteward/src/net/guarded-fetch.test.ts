import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { guardedFetch } from './guarded-fetch.ts'
import { ForbiddenAddress, guardedLookup } from './guarded-lookup.ts'

let asked = 0
const server = createServer((request, response) => {
  asked += 1
  if (request.url === '/away')
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end()
  else response.end('ok')
})
let port: number
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  ;({ port } = server.address() as AddressInfo)
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

test('asks what is configured on this machine and in private networks, by name too', async () => {
  expect(await (await guardedFetch(`http://127.0.0.1:${port}/`, {})).text()).toBe('ok')
  expect(await (await guardedFetch(`http://localhost:${port}/`, {})).text()).toBe('ok')
})

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://0xA9FEA9FE/',
  'http://2852039166/',
  'http://[fd00:ec2::254]/',
  'http://[::ffff:169.254.169.254]/',
])('never asks %s', async (url) => {
  await expect(guardedFetch(url, { signal: AbortSignal.timeout(500) })).rejects.toBeInstanceOf(
    ForbiddenAddress,
  )
})

test('follows no redirect', async () => {
  const before = asked
  const answer = await guardedFetch(`http://127.0.0.1:${port}/away`, {})
  expect(answer.status).toBe(302)
  expect(asked - before).toBe(1)
})

test('a name that led to a harmless address a moment ago is refused once it leads to a forbidden one', async () => {
  const answers = ['127.0.0.1', '169.254.169.254']
  const lookup = guardedLookup([], (_, __, callback) =>
    callback(null, [{ address: answers.shift()!, family: 4 }]),
  )
  const open = () =>
    new Promise<string>((done) => {
      const socket = connect({ host: 'rebound.example', port, lookup })
      socket.once('connect', () => {
        socket.destroy()
        done('connected')
      })
      socket.once('error', (error) => done(error.name))
    })
  expect(await open()).toBe('connected')
  expect(await open()).toBe('ForbiddenAddress')
})

test('one forbidden address among several is enough', async () => {
  const lookup = guardedLookup([], (_, __, callback) =>
    callback(null, [
      { address: '127.0.0.1', family: 4 },
      { address: 'fe80::1', family: 6 },
    ]),
  )
  const error = await new Promise((done) => lookup('both.example', { all: true }, (each) => done(each)))
  expect(error).toBeInstanceOf(ForbiddenAddress)
})
