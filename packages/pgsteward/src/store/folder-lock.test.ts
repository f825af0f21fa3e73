import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder } from './folder-lock.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-lock-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const QUICK = { heartbeatMs: 20 }

/** The first process of the machine always runs, and is not this one. */
const other = (more: object = {}) => ({ pid: 1, began: 'long ago', host: hostname(), ...more })
const leave = (content: unknown) =>
  writeFileSync(join(dir, 'lock'), typeof content === 'string' ? content : JSON.stringify(content))

test('the file names the process, and is gone after the release', async () => {
  const lock = await lockFolder(dir)
  expect(JSON.parse(readFileSync(join(dir, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  await expect(lockFolder(dir)).rejects.toMatchObject({ code: 'store-locked' })
  lock.release()
  expect(readdirSync(dir)).toEqual([])
})

test.each([
  ['of a process that is gone', other({ pid: 2 ** 30 })],
  ['of a pid that another process has now', other()],
  ['that was cut off in the middle of writing', '{"pid": 1'],
  ['that is empty', ''],
])('a lock %s is taken over', async (_, content) => {
  leave(content)
  const lock = await lockFolder(dir, QUICK)
  expect(JSON.parse(readFileSync(join(dir, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  lock.release()
  expect(readdirSync(dir)).toEqual([])
})

test('of ten who find a stale lock at once, one takes it over', async () => {
  leave(other({ pid: 2 ** 30 }))
  const attempts = await Promise.allSettled([...Array(10)].map(() => lockFolder(dir, QUICK)))
  expect(attempts.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
})

test('a lock from another host holds while its owner touches it, and is taken over when it no longer does', async () => {
  leave(other({ host: 'elsewhere' }))
  let seconds = 1_000
  const touching = setInterval(() => utimesSync(join(dir, 'lock'), ++seconds, seconds), 5)
  await expect(lockFolder(dir, { heartbeatMs: 50 })).rejects.toMatchObject({
    code: 'store-locked',
    message: expect.stringContaining('elsewhere'),
  })
  clearInterval(touching)
  const lock = await lockFolder(dir, QUICK)
  lock.release()
})

test('the owner touches its lock', async () => {
  const lock = await lockFolder(dir, QUICK)
  // seen from another host, the lock is alive although its process cannot be looked at
  await expect(lockFolder(dir, { host: 'elsewhere', heartbeatMs: 100 })).rejects.toMatchObject({
    code: 'store-locked',
  })
  lock.release()
})

test('a release leaves a lock alone that someone else has taken', async () => {
  const lock = await lockFolder(dir)
  leave(other({ host: 'elsewhere' }))
  lock.release()
  expect(readdirSync(dir)).toEqual(['lock'])
})
