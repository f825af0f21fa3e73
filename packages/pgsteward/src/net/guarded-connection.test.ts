import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { guardedConnection } from './guarded-connection.ts'
import { ForbiddenAddress } from './guarded-lookup.ts'

const open = (host: string, port: number, allow: readonly string[] = []) =>
  guardedConnection({ host, port, allow, withinMs: 2_000 })

test('connects to this machine, by name too', async () => {
  const server = createServer((socket) => socket.end('220 ready'))
  onTestFinished(() => void server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  for (const host of ['127.0.0.1', 'localhost']) {
    const socket = await open(host, port)
    expect(String(await once(socket, 'data'))).toBe('220 ready')
    socket.destroy()
  }
})

test.each(['169.254.169.254', '2852039166', '0xA9FEA9FE', 'fd00:ec2::254', '::ffff:169.254.169.254'])(
  'never connects to %s, and says how it would',
  async (host) => {
    const error = await open(host, 25).catch((each: Error) => each)
    expect(error).toBeInstanceOf(ForbiddenAddress)
    expect((error as Error).message).toContain("outbound: { allow: ['")
  },
)

test('what is allowed is tried', async () => {
  const error = await guardedConnection({
    host: '169.254.169.254',
    port: 9,
    allow: ['169.254.169.254'],
    withinMs: 50,
  }).catch((each: Error) => each)
  expect(error).not.toBeInstanceOf(ForbiddenAddress)
})

test('where nobody listens it says so', async () => {
  await expect(open('127.0.0.1', 1)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
