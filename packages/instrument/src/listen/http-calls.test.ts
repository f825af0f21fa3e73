import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { options } from '../../test/pg/options.ts'
import { Recorder } from '../record/recorder.ts'
import { runInRequest } from '../record/request-context.ts'
import { watchHttpCalls } from './http-calls.ts'

let server: Server
let port: number
let recorder: Recorder
let stop: () => void

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/reset') request.socket.destroy()
    else response.writeHead(request.url === '/missing' ? 404 : 200).end('body')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())
beforeEach(() => {
  recorder = new Recorder(options())
  stop = watchHttpCalls(recorder)
})
afterEach(() => stop())

describe('requests to others', () => {
  it('are told with host, status and the route that they are part of, without path or password', async () => {
    const context = recorder.beginRequest('POST')
    await runInRequest(context, async () => {
      await (await fetch(`http://127.0.0.1:${port}/a?token=secret`, { method: 'PUT', body: 'x' })).text()
      await (await fetch(`http://127.0.0.1:${port}/missing`)).text()
    })
    recorder.endRequest(context, '/charge', 200)
    const { calls } = recorder.drain(0)
    expect(calls.map(({ method, host, statusCode }) => [method, host, statusCode])).toEqual(
      expect.arrayContaining([
        ['PUT', '127.0.0.1', 200],
        ['GET', '127.0.0.1', 404],
      ]),
    )
    for (const call of calls)
      expect(call).toMatchObject({ port, duration: { count: 1 }, route: expect.stringContaining('/charge') })
    expect(JSON.stringify(calls)).not.toContain('secret')
  })

  it('are told when no answer came', async () => {
    await expect(fetch(`http://127.0.0.1:${port}/reset`)).rejects.toThrow()
    expect(recorder.drain(0).calls).toMatchObject([{ statusCode: 0, route: null }])
  })

  it('are nobody’s business any more after the stop', async () => {
    stop()
    await (await fetch(`http://127.0.0.1:${port}/a`)).text()
    expect(recorder.drain(0).calls).toEqual([])
  })
})
