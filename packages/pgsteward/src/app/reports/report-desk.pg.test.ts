// Reports on schedule with a real store, a real mail server and receivers on loopback: each period's once, and after an outage one.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { mailbox } from '../../../test/notify/mailbox.ts'
import { startReceiver } from '../../../test/notify/receiver.ts'
import { MADE_REPORTS } from '../../../test/report/made-reports.ts'
import type { Report } from '../../model/report.ts'
import type { Channel } from '../../notify/channel.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { channelOf } from '../alerts/channel-of.ts'
import type { ReportPlan } from './report-config.ts'
import { ReportDesk, type ReportDeskOptions } from './report-desk.ts'
import { reportMoment } from './report-schedule.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-report-desk-'))
let store: Store
let now = new Date()
let targets = 0
let target = ''
let built: string[] = []
let troubles: string[] = []
beforeAll(async () => {
  store = await openStore({ dir: join(dir, 'store') })
})
beforeEach(() => {
  target = `shop-${++targets}`
  built = []
  troubles = []
})
afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

const weekly = (channels: readonly string[] = []): ReportPlan => ({
  kind: 'weekly',
  at: reportMoment('weekly', 'Mon 09:00')!,
  channels,
})
const made = (over: Partial<Report> = {}): Report => ({
  ...MADE_REPORTS.daily,
  kind: 'weekly',
  title: 'Weekly report',
  targetId: target,
  madeAt: now.toISOString(),
  ...over,
})

function deskOf(over: Partial<ReportDeskOptions> = {}): ReportDesk {
  return new ReportDesk({
    store,
    build: async (kind, targetId, name) => {
      built.push(`${kind} ${targetId} ${name}`)
      return made()
    },
    plans: [weekly()],
    targetIds: [target],
    timeZone: 'Europe/Berlin',
    channels: [],
    files: null,
    dashboardUrl: 'https://pgsteward.example.com/',
    now: () => now,
    chance: () => 0,
    onTrouble: (text) => troubles.push(text),
    ...over,
  })
}

const mail = (smtp: string): Channel =>
  channelOf('mail', { type: 'email', smtp, from: 'pgsteward <alerts@example.com>', to: ['ops@example.com'] })

const look = async (at: string, desks: readonly ReportDesk[]) => {
  now = new Date(at)
  await Promise.all(desks.map((desk) => desk.look()))
}

test('is made once a period, whichever process does it; of missed Mondays one is caught up (R3)', async () => {
  const desks = [deskOf(), deskOf()]
  await look('2026-11-23T07:59:00Z', desks)
  await look('2026-11-23T08:00:00Z', desks)
  await look('2026-11-23T08:01:00Z', desks)
  // down for three weeks
  await look('2026-12-16T12:00:00Z', desks)
  await look('2026-12-16T12:01:00Z', [deskOf()])
  expect(built).toEqual(['2026-W46', '2026-W47', '2026-W50'].map((name) => `weekly ${target} ${name}`))
  const kept = await store.reports({ targetId: target, limit: 10 })
  expect(kept.map(({ name }) => name).toSorted()).toEqual(['2026-W46', '2026-W47', '2026-W50'])
})

test('comes by mail: the verdict in the body, the whole attached', async () => {
  await using box = await mailbox()
  const desk = deskOf({ plans: [weekly(['mail'])], channels: [mail(box.url)] })
  await look('2026-11-23T08:00:00Z', [desk, deskOf({ plans: [weekly(['mail'])], channels: [mail(box.url)] })])
  await look('2026-11-23T08:01:00Z', [desk])
  expect(box.messages).toHaveLength(1)
  const message = await simpleParser(box.messages[0]!)
  expect(message.subject).toBe(`[pgsteward] Weekly report of ${target} (2026-W47): Yellow`)
  expect(message.html).toContain(`https://pgsteward.example.com/reports/weekly/2026-W47?target=${target}`)
  expect(message.html).toContain('Time in the database is 16 % above the Sunday before')
  expect(message.text).toContain('not known')
  const [attached] = message.attachments
  expect(attached!.filename).toBe(`${target}-weekly-2026-W47.html`)
  expect(attached!.content.toString()).toContain('<svg')
})

test('a mail server that is down delays it, and it is not built again', async () => {
  let isDown = true
  await using box = await mailbox({
    onMailFrom: (_, __, done) =>
      done(isDown ? Object.assign(new Error('later'), { responseCode: 451 }) : null),
  })
  const desk = deskOf({ plans: [weekly(['mail'])], channels: [mail(box.url)] })
  await look('2026-11-23T08:00:00Z', [desk])
  await look('2026-11-23T08:00:01Z', [desk])
  expect(troubles).toEqual([expect.stringContaining('mail does not take the weekly report')])
  isDown = false
  // another process, after a restart
  const other = deskOf({ plans: [weekly(['mail'])], channels: [mail(box.url)] })
  await look('2026-11-23T11:00:00Z', [other])
  expect(box.messages).toHaveLength(1)
  expect(built).toHaveLength(1)
})

test('Slack and webhooks get headline, reasons and link', async () => {
  await using receiver = await startReceiver(() => ({ status: 200, body: 'ok' }))
  const channels = [
    channelOf('team', { type: 'slack', url: `${receiver.url}/slack` }),
    channelOf('hook', { type: 'webhook', url: `${receiver.url}/hook`, secret: 'a secret of 16 letters' }),
  ]
  await look('2026-11-23T08:00:00Z', [deskOf({ plans: [weekly(['team', 'hook'])], channels })])
  const [slack, hook] = ['/slack', '/hook'].map(
    (path) => receiver.received.find((each) => each.path === path)!,
  )
  const message = JSON.parse(slack!.body)
  expect(message.text).toBe(`Weekly report of ${target} (2026-W47): Yellow`)
  expect(slack!.body).toContain('warning: Time in the database is 16 % above the Sunday before')
  expect(slack!.body).toContain(`<https://pgsteward.example.com/reports/weekly/2026-W47?target=${target}|`)
  expect(hook!.headers['x-pgsteward-signature']).toMatch(/^sha256=[0-9a-f]{64}$/)
  expect(JSON.parse(hook!.body)).toMatchObject({
    version: 1,
    id: `report-weekly-${target}-2026-W47`,
    alerts: [],
    report: { targetId: target, kind: 'weekly', name: '2026-W47', status: 'yellow' },
  })
})

test('hostile texts call nobody in Slack', async () => {
  await using receiver = await startReceiver(() => ({ status: 200, body: 'ok' }))
  const channels = [channelOf('team', { type: 'slack', url: receiver.url })]
  const reasons = [{ text: '<!channel> <https://e.invalid|x>', severity: null, detail: null, link: null }]
  const build = async () => made({ title: '<!here>', status: { level: 'red' as const, reasons } })
  await look('2026-11-23T08:00:00Z', [deskOf({ plans: [weekly(['team'])], channels, build })])
  expect(receiver.received[0]!.body).not.toMatch(/<(!|https:\/\/e)/)
})

test('is written where a folder is named; one that can not be written costs the files alone', async () => {
  const folder = join(dir, 'reports')
  const files = { folder, formats: ['md', 'html', 'json'] as const, keepMs: null }
  await look('2026-11-23T08:00:00Z', [deskOf({ files })])
  expect(readdirSync(join(folder, target, 'weekly'))).toEqual([
    '2026-W47.html',
    '2026-W47.json',
    '2026-W47.md',
  ])
  writeFileSync(join(dir, 'a-file'), '')
  await look('2026-11-30T08:00:00Z', [deskOf({ files: { ...files, folder: join(dir, 'a-file') } })])
  expect(troubles).toEqual([expect.stringContaining('kept in the store but not written')])
  expect(await store.report({ targetId: target, kind: 'weekly', name: '2026-W48' })).not.toBeNull()
})

test('one that can not be built is told of once and tried again', async () => {
  let isBroken = true
  const build = async () => {
    if (isBroken) throw new Error('the store is busy')
    return made()
  }
  const desk = deskOf({ build })
  await look('2026-11-23T08:00:00Z', [desk])
  await look('2026-11-23T09:00:00Z', [desk])
  expect(troubles).toEqual([`the weekly report of ${target} for 2026-W47 waits: the store is busy`])
  isBroken = false
  await look('2026-11-23T12:00:00Z', [desk])
  expect(await store.report({ targetId: target, kind: 'weekly', name: '2026-W47' })).not.toBeNull()
})

test('a target that was just added has no report of a time in which nobody looked', async () => {
  const unseen = async () => made({ coverage: { ratio: 0, gaps: [] } })
  await look('2026-11-23T08:00:00Z', [deskOf({ build: unseen })])
  expect(await store.reports({ targetId: target, limit: 1 })).toEqual([])
  await look('2026-11-30T08:00:00Z', [deskOf()])
  await look('2026-12-07T08:00:00Z', [deskOf({ build: unseen })])
  expect(await store.reports({ targetId: target, limit: 9 })).toHaveLength(2)
})

test('on demand it takes the place of the one that was made, and is sent to nobody', async () => {
  await using receiver = await startReceiver(() => ({ status: 200, body: 'ok' }))
  const channels = [channelOf('team', { type: 'slack', url: receiver.url })]
  const desk = deskOf({ plans: [weekly(['team'])], channels })
  now = new Date('2026-11-18T08:00:00Z')
  await desk.make('weekly', target, '2026-W46')
  expect(receiver.received).toHaveLength(0)
  expect(await store.report({ targetId: target, kind: 'weekly', name: '2026-W46' })).not.toBeNull()
})

test('runs by itself, and stops at once', async () => {
  now = new Date('2026-11-23T08:00:00Z')
  const desk = deskOf()
  desk.start()
  await expect.poll(() => built.length, { timeout: 10_000 }).toBe(1)
  await desk.stop()
})
