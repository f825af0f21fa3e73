import { createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Receiver, startReceiver } from '../test/otlp-receiver.ts'
import { until } from '../test/until.ts'
import { getRecorder } from './current-recorder.ts'
import { currentInstrument, startInstrument } from './start.ts'

let warnings: string[]
beforeEach(() => {
  warnings = []
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    warnings.push(String(warning))
  })
})
afterEach(async () => {
  await currentInstrument()?.stop()
  vi.restoreAllMocks()
})

test('starts once a process; the second call gets the first with a warning', async () => {
  const first = startInstrument({ service: 'one' })
  expect(startInstrument({ service: 'two' })).toBe(first)
  expect(warnings).toEqual([expect.stringContaining('startInstrument was called again')])
  await first.stop()
  expect(getRecorder()).toBeNull()
  expect(currentInstrument()).toBeNull()
  await first.stop()
})

test('a wrong option is said, never thrown, and nothing is sent to no address', async () => {
  const instrument = startInstrument({ endpoint: 'nonsense' })
  expect(warnings).toEqual([expect.stringContaining('endpoint (PGSTEWARD_URL) is not a URL')])
  expect(instrument.diagnostics()).toMatchObject({
    endpoint: null,
    sender: null,
    problems: [expect.any(String)],
  })
  await instrument.flush()
})

test('a refused token is said once, and the password of the address never', async () => {
  const receiver = await startReceiver()
  receiver.behave((_, response) => response.writeHead(401).end())
  const instrument = startInstrument({
    endpoint: receiver.url.replace('//', '//user:secret@'),
    token: 'wrong',
  })
  for (let i = 0; i < 3; i++) await instrument.flush()
  await receiver.stop()
  expect(warnings).toEqual([expect.stringMatching(/refused what was sent: HTTP 401 \(is the token right/)])
  expect(warnings.join()).not.toContain('secret')
  expect(instrument.diagnostics().endpoint).not.toContain('secret')
})

test('what is left is sent at stop', async () => {
  const receiver = await startReceiver()
  const instrument = startInstrument({ endpoint: receiver.url, exportEveryMs: 3_600_000 })
  instrument.metrics.count('signups', 3)
  await instrument.stop()
  await receiver.stop()
  expect(receiver.faults).toEqual([])
  expect(receiver.points()).toContainEqual({ metric: 'signups', attributes: {}, value: 3 })
})

test('the report holds what was recorded up to the call, also without a receiver', () => {
  const instrument = startInstrument({ slowQueryMs: 10 })
  getRecorder()!.recordQuery({
    text: "select * from member where name = 'x'",
    durationMs: 25,
    endpoint: { host: 'h', port: 5432, database: 'd' },
    model: 'Member',
    action: 'findFirst',
  })
  const report = instrument.getSlowQueryReport()
  expect(report.models).toMatchObject([{ model: 'Member', action: 'findFirst', count: 1 }])
  expect(report.slowQueries).toMatchObject([{ durationMs: 25, severity: 'warning' }])
  let text = ''
  instrument.printSlowQueryReport((written) => {
    text += written
  })
  expect(text).toContain('Member.findFirst')
})

const RECEIVERS: readonly [string, (socket: Socket) => void][] = [
  ['resets', (socket) => socket.resetAndDestroy()],
  ['never answers', () => {}],
  ['answers rubbish', (socket) => socket.end('rubbish\r\n\r\n')],
]

describe.each(RECEIVERS)('with a server that %s (I7)', (_, treat) => {
  test('the application goes on, nothing throws or rejects, the queue stays bounded, and delivery resumes', async () => {
    const rejections: unknown[] = []
    const onRejection = (reason: unknown) => rejections.push(reason)
    process.on('unhandledRejection', onRejection)
    const sockets = new Set<Socket>()
    const bad = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      treat(socket)
    })
    await new Promise<void>((resolve) => bad.listen(0, '127.0.0.1', resolve))
    const address = bad.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const instrument = startInstrument({ endpoint: `http://127.0.0.1:${port}`, exportEveryMs: 10 })
    let served = 0
    for (; served < 2000; served++) {
      const context = getRecorder()!.beginRequest('GET')
      instrument.metrics.count('served', 1, { shard: served % 200 })
      getRecorder()!.endRequest(context, `/route/${served % 50}`, 200)
      if (served % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await until('drained some times', () => instrument.diagnostics().drains > 10)
    const { sender } = instrument.diagnostics()
    expect(sender!.queuedBytes).toBeLessThanOrEqual(1024 * 1024)
    expect(sender!.sentBodies).toBe(0)

    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => bad.close(resolve))
    const good: Receiver = await startReceiver(port)
    await until('delivered', () => (instrument.diagnostics().sender?.sentBodies ?? 0) > 0, 20_000)
    await instrument.stop()
    await good.stop()
    process.off('unhandledRejection', onRejection)
    expect(good.faults).toEqual([])
    expect(rejections).toEqual([])
    expect(warnings).toEqual([])
  }, 30_000)
})
