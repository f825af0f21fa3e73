import { expect, test, vi } from 'vitest'
import { snapshotOf } from '../../test/store/synthetic.ts'
import { blocking } from '../facts/blocking.ts'
import { connections } from '../facts/connections.ts'
import { databases } from '../facts/databases.ts'
import { tables } from '../facts/tables.ts'
import type { ServerInfo } from '../model/server-info.ts'
import { isOfServer, readingKey, ServerReadings, serverKey } from './server-readings.ts'

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000)
const times = (after: number, now: number) => ({ after: at(after), now: at(now) })

function counted() {
  const readings = new ServerReadings()
  let asked = 0
  return { readings, read: async () => ++asked }
}

test('what was read after the given moment is not read again, and keeps its time', async () => {
  const { readings, read } = counted()
  expect(await readings.read('key', times(0, 10), read)).toEqual({ value: 1, at: at(10), isOwn: true })
  expect(await readings.read('key', times(5, 20), read)).toEqual({ value: 1, at: at(10), isOwn: false })
  expect(await readings.read('other key', times(5, 20), read)).toMatchObject({ value: 2 })
})

test('what was read by that moment is: the same reading is never given twice', async () => {
  const { readings, read } = counted()
  await readings.read('key', times(0, 10), read)
  expect(await readings.read('key', times(10, 20), read)).toEqual({ value: 2, at: at(20), isOwn: true })
})

test('a reading that is on its way is waited for', async () => {
  const { readings } = counted()
  let answer: (value: string) => void = () => undefined
  const first = readings.read('key', times(0, 10), () => new Promise<string>((resolve) => (answer = resolve)))
  const second = readings.read('key', times(0, 11), async () => 'asked again')
  answer('once')
  expect(await Promise.all([first, second])).toMatchObject([{ value: 'once' }, { value: 'once', at: at(10) }])
})

test('a reading of another that fails is made again, and one that failed is not kept', async () => {
  const { readings, read } = counted()
  let fail: (error: Error) => void = () => undefined
  const first = readings.read('key', times(0, 10), () => new Promise((_, reject) => (fail = reject)))
  const second = readings.read('key', times(0, 11), read)
  fail(new Error('the session broke'))
  await expect(first).rejects.toThrow('the session broke')
  expect(await second).toEqual({ value: 1, at: at(11), isOwn: true })
  await expect(
    readings.read('broken', times(0, 12), () => Promise.reject(new Error('again'))),
  ).rejects.toThrow('again')
  expect(await readings.read('broken', times(0, 13), read)).toMatchObject({ value: 2, isOwn: true })
})

test('where a session hangs, those who wait for its reading ask once more, all together', async () => {
  vi.useFakeTimers()
  try {
    const { readings, read } = counted()
    void readings.read('key', times(0, 10), () => new Promise(() => undefined))
    const waiting = [11, 12, 13].map((now) => readings.read('key', times(0, now), read))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await Promise.all(waiting)).toEqual([
      { value: 1, at: at(11), isOwn: true },
      { value: 1, at: at(11), isOwn: false },
      { value: 1, at: at(11), isOwn: false },
    ])
  } finally {
    vi.useRealTimers()
  }
})

test('a reading that lies ahead, after a clock was set back, is not taken', async () => {
  const { readings, read } = counted()
  await readings.read('key', times(0, 86_400), read)
  expect(await readings.read('key', times(0, 10), read)).toMatchObject({ value: 2, at: at(10) })
})

const server: ServerInfo = {
  ...snapshotOf('shop', at(0), {}).server,
  startedAt: at(0),
  systemIdentifier: '7',
  timeline: 1,
}

test('databases of one server share, other roles, rights, starts and roles of the server do not', () => {
  expect(serverKey({ ...server, database: 'stock', statsResetAt: at(3) })).toBe(serverKey(server))
  const others: readonly Partial<ServerInfo>[] = [
    { user: 'app' },
    { canReadAllStats: false },
    { isSuperuser: true },
    { startedAt: at(1) },
    { role: 'standby' },
    { timeline: 2 },
    { systemIdentifier: '8' },
  ]
  const keys = others.map((other) => serverKey({ ...server, ...other }))
  expect(new Set([serverKey(server), ...keys]).size).toBe(others.length + 1)
  expect(serverKey({ ...server, systemIdentifier: null })).toBeNull()
})

test('another statement or another parameter is another reading', () => {
  const keys = [
    readingKey('a', 'select 1'),
    readingKey('b', 'select 1'),
    readingKey('a', 'select 2'),
    readingKey('a', 'select 1', [1]),
  ]
  expect(new Set(keys).size).toBe(keys.length)
  expect(readingKey('a', 'select 1', [])).toBe(keys[0])
})

test('facts of a database, and those that are told for it, are of no server', () => {
  expect([connections, blocking, tables, databases].map(isOfServer)).toEqual([true, true, false, false])
})
