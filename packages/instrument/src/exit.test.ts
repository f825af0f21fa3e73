import { execFile } from 'node:child_process'
import { createServer, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startReceiver } from '../test/otlp-receiver.ts'

/** A process that measures something and then has nothing left to do. */
async function programThatEnds(endpoint: string): Promise<{ stdout: string; stderr: string }> {
  const start = new URL('./start.ts', import.meta.url).href
  const program = `
    const { startInstrument } = await import(${JSON.stringify(start)})
    const { metrics } = startInstrument({ endpoint: ${JSON.stringify(endpoint)} })
    metrics.count('signups', 3)
    process.stdout.write('done')`
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { timeout: 60_000 })
}

test('a process that ends by itself sends what it has, and is not kept', async () => {
  const receiver = await startReceiver()
  expect(await programThatEnds(receiver.url)).toEqual({ stdout: 'done', stderr: '' })
  await receiver.stop()
  expect(receiver.faults).toEqual([])
  expect(receiver.points()).toContainEqual({ metric: 'signups', attributes: {}, value: 3 })
}, 70_000)

test('a process ends although the server never answers', async () => {
  const sockets: Socket[] = []
  const silent = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  expect(await programThatEnds(`http://127.0.0.1:${port}`)).toEqual({ stdout: 'done', stderr: '' })
  for (const socket of sockets) socket.destroy()
  silent.close()
  expect(sockets.length).toBe(1)
}, 70_000)
