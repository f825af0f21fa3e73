// The daily digest with a real store and a real mail server: each day's once, whoever sends it, and late rather than never.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openFinding } from '../../../test/notify/alert-rows.ts'
import { mailbox } from '../../../test/notify/mailbox.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { DigestDesk } from './digest-desk.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-digest-'))
let store: Store
let now = new Date()
let channels = 0
let channel = ''
beforeAll(async () => {
  store = await openStore({ dir })
  const openedAt = new Date('2026-11-22T12:00:00Z')
  await store.saveChanges(
    [{ transition: 'opened', finding: openFinding({ openedAt, lastSeenAt: openedAt }) }],
    openedAt,
  )
})
beforeEach(() => {
  channel = `mail-${++channels}`
})
afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

const planOf = (smtp: string) => ({
  channel,
  email: { smtp, from: 'pgsteward <alerts@example.com>', to: ['ops@example.com'] },
  at: { minute: 8 * 60, timeZone: 'Europe/Berlin' },
})
const troubles: string[] = []
const deskOf = (smtp: string) =>
  new DigestDesk({
    store,
    plans: [planOf(smtp)],
    targetIds: ['shop'],
    dashboardUrl: 'https://pgsteward.example.com',
    now: () => now,
    chance: () => 0,
    onTrouble: (text) => troubles.push(text),
  })

test('comes at its hour, once a day, whichever process sends it', async () => {
  await using box = await mailbox()
  const desks = [deskOf(box.url), deskOf(box.url)]
  const plan = planOf(box.url)
  const look = async (at: string) => {
    now = new Date(at)
    return (await Promise.all(desks.map((desk) => desk.sendIfDue(plan)))).filter(Boolean).length
  }
  expect(await look('2026-11-23T06:59:00Z')).toBe(0)
  expect(await look('2026-11-23T07:00:00Z')).toBe(1)
  expect(await look('2026-11-23T07:01:00Z')).toBe(0)
  expect(await look('2026-11-24T07:00:30Z')).toBe(1)
  const [first, second] = await Promise.all(box.messages.map((each) => simpleParser(each)))
  expect(box.messages).toHaveLength(2)
  expect(first!.subject).toBe('[pgsteward] 1 warning; 1 new and 0 over since yesterday')
  expect(second!.subject).toBe('[pgsteward] 1 warning; 0 new and 0 over since yesterday')
  expect(first!.html).toContain('https://pgsteward.example.com/findings/')
  expect(first!.messageId).not.toBe(second!.messageId)
})

test('a mail server that is down delays it; one that is down for hours costs that day and no other', async () => {
  let isDown = true
  await using box = await mailbox({
    onMailFrom: (_, __, done) =>
      done(isDown ? Object.assign(new Error('later'), { responseCode: 451 }) : null),
  })
  const desk = deskOf(box.url)
  const plan = planOf(box.url)
  now = new Date('2026-11-25T07:00:00Z')
  expect(await desk.sendIfDue(plan)).toBe(false)
  expect(await desk.sendIfDue(plan)).toBe(false)
  expect(troubles).toEqual([expect.stringContaining('does not take the daily digest')])
  isDown = false
  now = new Date('2026-11-25T09:00:00Z')
  expect(await desk.sendIfDue(plan)).toBe(true)
  now = new Date('2026-11-26T18:00:00Z')
  expect(await desk.sendIfDue(plan)).toBe(false)
  expect(box.messages).toHaveLength(1)
})

test('runs by itself, and stops at once', async () => {
  await using box = await mailbox()
  now = new Date('2026-11-27T07:30:00Z')
  const desk = deskOf(box.url)
  desk.start()
  await expect.poll(() => box.messages.length, { timeout: 10_000 }).toBe(1)
  await desk.stop()
})
