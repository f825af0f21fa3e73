// The balancer in front of servers that answer, refuse, and break off.

import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Balancer, startBalancer } from './balancer.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function listen(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endings.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

/** Says its name and what it was sent. */
const echo = (name: string) =>
  listen(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    response.writeHead(200, { 'x-name': name, 'set-cookie': ['a=1', 'b=2'] })
    response.end(`${name} ${request.method} ${request.url} ${body}`)
  })

/** Where nobody listens any more. */
async function refusing(): Promise<string> {
  const { url, server } = await listen(() => {})
  await new Promise((resolve) => server.close(resolve))
  return url
}

async function balance(...urls: (string | null)[]): Promise<Balancer> {
  const balancer = await startBalancer({ port: 0, instances: () => urls })
  endings.push(() => balancer.stop())
  return balancer
}

const send = async (balancer: Balancer, method = 'GET', body?: string) => {
  const response = await fetch(`${balancer.url}/api/x?y=1`, {
    method,
    ...(body === undefined ? {} : { body }),
  })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

test('each instance answers in its turn', async () => {
  const balancer = await balance((await echo('a')).url, (await echo('b')).url, (await echo('c')).url)
  const texts = []
  for (let n = 0; n < 6; n++) texts.push((await send(balancer)).text[0])
  expect(texts).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  expect(balancer.answered()).toEqual([2, 2, 2])
})

test('method, path, body, status and repeated headers pass through', async () => {
  const balancer = await balance((await echo('a')).url)
  const { text, headers } = await send(balancer, 'POST', 'hello')
  expect(text).toBe('a POST /api/x?y=1 hello')
  expect(headers.getSetCookie()).toEqual(['a=1', 'b=2'])
})

test.each(['GET', 'POST'])('a refused %s goes to the next instance, with its body', async (method) => {
  const balancer = await balance(await refusing(), (await echo('b')).url)
  for (let n = 0; n < 4; n++) {
    const { status, text } = await send(balancer, method, method === 'POST' ? 'hello' : undefined)
    expect({ status, text }).toEqual({
      status: 200,
      text: `b ${method} /api/x?y=1 ${method === 'POST' ? 'hello' : ''}`,
    })
  }
})

test('a GET whose instance breaks off is asked again elsewhere, a POST is not: it may have been done', async () => {
  const broken = await listen((request) => request.socket.destroy())
  const balancer = await balance(broken.url, (await echo('b')).url)
  expect(await send(balancer)).toMatchObject({ status: 200 })
  const own = await balance(broken.url, (await echo('b')).url)
  expect(await send(own, 'POST', 'pay')).toMatchObject({ status: 502 })
})

test('an instance that is not there is passed by, and without any the answer is a 503', async () => {
  const balancer = await balance(null, (await echo('b')).url)
  expect((await send(balancer)).text).toMatch(/^b/)
  expect(await send(await balance(null))).toMatchObject({ status: 503 })
  expect(await send(await balance(await refusing()))).toMatchObject({ status: 503 })
})

test('what is switched inside is switched in each instance', async () => {
  const seen: string[] = []
  const inside = async (name: string) =>
    (
      await listen(async (request, response) => {
        let body = ''
        for await (const chunk of request) body += chunk
        seen.push(`${name} ${request.method} ${request.headers.authorization} ${body}`)
        response.writeHead(204).end()
      })
    ).url
  const balancer = await balance(await inside('a'), await inside('b'))
  const { status } = await fetch(`${balancer.url}/internal/faults/deadlock`, {
    method: 'PUT',
    headers: { authorization: 'Bearer token' },
    body: '{"on":true}',
  })
  expect(status).toBe(204)
  expect(seen).toEqual(['a PUT Bearer token {"on":true}', 'b PUT Bearer token {"on":true}'])
})
