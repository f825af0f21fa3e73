// On-call, whole: a critical alert goes from one to the next by the clock, an override and a hand-off over the API, the calendar, the
// command line with and without a running pgsteward.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAlertDesk } from '../../src/app/alerts/open-alert-desk.ts'
import type { Config } from '../../src/app/config/config-schema.ts'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { OnCallDesk } from '../../src/app/govern/on-call-desk.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { runCommand } from '../../src/cli/main.ts'
import { handOffWire, onCallNowWire, onCallWire, overrideWire } from '../../src/model/on-call-wire.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { openFinding } from '../notify/alert-rows.ts'
import { type Receiver, startReceiver } from '../notify/receiver.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const PEOPLE = ['anna', 'ben', 'cem', 'dora'] as const
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-on-call-'))
const receivers: Receiver[] = []
let config: Config
let steward: Steward
let server: FastifyInstance
let address: string
/** Of the desk, whose alerts take hours; the server goes by the real one. */
let now = new Date('2026-10-24T10:00:00Z')

beforeAll(async () => {
  const channels: Record<string, unknown> = {}
  for (const person of PEOPLE) {
    const receiver = await startReceiver(() => ({ status: 204 }))
    receivers.push(receiver)
    channels[`${person}-phone`] = { type: 'webhook', url: receiver.url, secret: 'a-secret-of-some-length' }
  }
  const input = {
    team: Object.fromEntries(
      PEOPLE.map((id) => [
        id,
        {
          name: `${id} of the team`,
          email: `${id}@example.com`,
          timeZone: 'Europe/Berlin',
          channels: [`${id}-phone`],
        },
      ]),
    ),
    onCall: {
      timeZone: 'Europe/Berlin',
      rotations: [{ people: ['anna', 'ben'], since: '2026-10-19' }],
      escalation: { l3: { people: ['cem'], after: '20m' }, executive: { people: ['dora'], after: '30m' } },
      calendarToken: 'a-calendar-token',
    },
    alerts: { channels, routes: [] },
    // nothing listens there
    server: { port: 9 },
  }
  writeFileSync(join(dir, 'pgsteward.config.ts'), `export default ${JSON.stringify(input)}`)
  config = (await loadConfig({ checks: ALL_CHECKS, cwd: dir, env: {} })).config
  steward = new Steward(config, await openStore({ dir: join(dir, 'store') }))
  server = await open('127.0.0.1')
  address = await server.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await server.close()
  await steward.stop()
  for (const receiver of receivers) await receiver[Symbol.asyncDispose]()
  rmSync(dir, { recursive: true, force: true })
})

const open = (host: string) =>
  createServer({
    views: new Views(steward, () => new Date(), null),
    adminToken: 'a-token-of-some-length',
    host,
    dashboardDir: null,
    now: () => new Date(),
    calendarToken: config.onCall!.calendarToken,
  })

async function run(...argv: readonly string[]) {
  let [output, notes] = ['', '']
  const terminal = {
    out: (text: string) => {
      output += text
    },
    note: (text: string) => {
      notes += text
    },
    progress: () => {},
    isColoured: false,
    width: 100,
  }
  const code = await runCommand(argv, {
    terminal,
    cwd: dir,
    env: { USER: 'anna' },
    signal: new AbortController().signal,
  })
  return { code, output, notes }
}
const asked = async (path: string, body?: unknown) => {
  const response = await server.inject({
    method: body === undefined ? 'GET' : 'POST',
    url: `/api/v1/on-call${path}`,
    headers: { host: '127.0.0.1' },
    ...(body === undefined ? {} : { payload: body as object }),
  })
  return { status: response.statusCode, body: response.body, json: () => response.json() }
}
const inHours = (count: number) => new Date(Date.now() + count * HOUR_MS).toISOString()

test('an alert that nobody acknowledges goes from the primary to the executive, and names who is on call', async () => {
  const { store } = steward
  const onCall = new OnCallDesk({ config, store, now: () => now })
  const desk = openAlertDesk({ config, store, now: () => now, chance: () => 0, onTrouble: () => {}, onCall })
  const finding = openFinding({ targetId: 'shop', severity: 'critical', openedAt: now, lastSeenAt: now })
  await store.saveChanges([{ transition: 'opened', finding }], now)
  const told: string[] = []
  const after = async (minutes: number) => {
    now = new Date(now.getTime() + minutes * MINUTE_MS)
    await desk.reconcile('shop')
    const all = await store.deliveries({ limit: 100 })
    const fresh = all.slice(0, all.length - told.length).map(({ event, channel }) => `${event} ${channel}`)
    told.push(...fresh)
    return fresh
  }
  expect(await after(0)).toEqual(['opened anna-phone'])
  expect(await after(14)).toEqual([])
  expect(await after(1)).toEqual(['escalated ben-phone'])
  expect(await after(20)).toEqual(['escalated cem-phone'])
  expect(await after(29)).toEqual([])
  expect(await after(1)).toEqual(['escalated dora-phone'])
  const batch = await store.claimDeliveries({ channel: 'ben-phone', now, leaseMs: 1, most: 10 })
  expect(batch!.deliveries[0]!.message).toMatchObject({
    because: 'nobody has acknowledged it: ben of the team (secondary)',
    onCall: 'anna of the team (primary), ben of the team (secondary)',
  })
  // an override that is made meanwhile holds at once, and so does its withdrawal
  const { name } = await onCall.override(
    { role: 'primary', person: 'cem', from: null, until: new Date(now.getTime() + HOUR_MS), because: null },
    'anna',
  )
  expect((await onCall.forAlerts())(now, 0)?.name).toBe('cem of the team (primary)')
  await onCall.withdraw(name, 'anna', 'back early')
  expect((await onCall.forAlerts())(now, 0)?.name).toBe('anna of the team (primary)')
  now = new Date(now.getTime() + MINUTE_MS)
  await desk.acknowledge({ targetId: 'shop', findingKey: finding.key }, 'dora', null, null)
  expect(await onCall.timeToAcknowledge(new Date(now.getTime() - 24 * HOUR_MS))).toEqual({
    aimMs: 15 * MINUTE_MS,
    counted: 1,
    withinAim: 0,
    unanswered: 0,
    medianMs: 66 * MINUTE_MS,
  })
  await desk.stop()
})

test('overrides are made, shown and withdrawn, each refusal says what to do', async () => {
  const before = onCallNowWire.parse((await asked('/now')).json())
  const other = before.current!.secondary!.person
  const made = await asked('/overrides', {
    person: other,
    until: inHours(2),
    because: 'dentist',
    actor: 'anna',
  })
  expect(made.status).toBe(201)
  const { id } = overrideWire.parse(made.json())
  const during = onCallNowWire.parse((await asked('/now')).json())
  expect(during.current).toMatchObject({
    primary: { person: other, because: `by override ${id}`, isReachable: true },
    secondary: { person: before.current!.primary!.person, because: `changed places by override ${id}` },
  })
  expect(during.escalation.map(({ level, names }) => [level, ...names])).toEqual([
    ['L1', `${other} of the team`],
    ['L2', before.current!.primary!.name],
    ['L3', 'cem of the team'],
    ['executive', 'dora of the team'],
  ])
  const all = onCallWire.parse((await asked('')).json())
  expect(all.overrides[0]).toMatchObject({ id, isAhead: true, madeBy: 'anna', because: 'dentist' })
  expect(all.shifts.length).toBeGreaterThan(4)
  expect((await asked(`/overrides/${id}/withdraw`, { actor: 'ben' })).status).toBe(200)
  expect(onCallNowWire.parse((await asked('/now')).json()).current!.primary!.person).not.toBe(other)
  const again = await asked(`/overrides/${id}/withdraw`, { actor: 'ben' })
  expect([again.status, again.json().error]).toMatchObject([400, { code: 'record-changed' }])
  expect((await asked('/overrides/OVR-99/withdraw', {})).status).toBe(404)
  expect((await asked('/overrides', { person: 'zoe', until: inHours(1) })).json().error.message).toBe(
    'zoe is not in the team',
  )
  expect((await asked('/overrides', { person: 'cem', until: inHours(-1) })).status).toBe(400)
})

test('a hand-off holds what happened, and is acknowledged by who takes over', async () => {
  const given = await asked('/hand-offs', { note: 'watch the import', actor: 'anna' })
  expect(given.status).toBe(201)
  const { id, summary, from, to } = handOffWire.parse(given.json())
  expect(summary).toMatchObject({
    firing: [{ targetId: 'shop', severity: 'critical', acknowledgedBy: 'dora' }],
    openFindings: { critical: 1, warning: 0 },
  })
  expect(to).not.toBe(from)
  const done = handOffWire.parse((await asked(`/hand-offs/${id}/acknowledge`, { actor: 'ben' })).json())
  expect(done.acknowledged).toMatchObject({ by: 'ben' })
  expect((await asked(`/hand-offs/${id}/acknowledge`, { actor: 'ben' })).json().error.code).toBe(
    'record-changed',
  )
  expect((await asked('/hand-offs', { to: from })).json().error.message).toContain('is on call already')
})

test('the calendar opens to its token, and that opens nothing else', async () => {
  const far = await open('0.0.0.0')
  const get = (url: string) => far.inject({ url, headers: { host: 'steward.example.com' } })
  const feed = '/api/v1/on-call/calendar.ics'
  expect((await get(feed)).statusCode).toBe(401)
  expect((await get(`${feed}?token=another-token-here`)).statusCode).toBe(401)
  expect((await get('/api/v1/on-call/now?token=a-calendar-token')).statusCode).toBe(401)
  const response = await get(`${feed}?token=a-calendar-token&person=ben`)
  expect(response.headers['content-type']).toContain('text/calendar')
  expect(response.body).toContain('SUMMARY:On call: ben of the team (primary)')
  expect(response.body).toContain('CONTACT:ben of the team\\, ben@example.com')
  expect(response.body).not.toContain('SUMMARY:On call: anna')
  const again = await get(`${feed}?token=a-calendar-token&person=ben`)
  const stable = (text: string) => text.replaceAll(/DTSTAMP:.*\r\n/g, '')
  expect(stable(again.body)).toBe(stable(response.body))
  const uids = [...response.body.matchAll(/^UID:(.*)\r$/gm)].map(([, uid]) => uid)
  expect(new Set(uids).size).toBe(uids.length)
  await far.close()
})

test('the command line asks the server, and without one the configuration', async () => {
  const made = await run(
    'oncall',
    'override',
    'cem',
    '--for',
    '3h',
    '--reason',
    'import night',
    '--server',
    address,
  )
  expect([made.code, made.output]).toEqual([0, expect.stringContaining('cem of the team')])
  const known = await run('oncall', 'now', '--json', '--server', address)
  expect(onCallNowWire.parse(JSON.parse(known.output))).toMatchObject({
    areOverridesKnown: true,
    current: { primary: { person: 'cem' } },
  })
  const alone = await run('oncall', 'now', '--json')
  const { areOverridesKnown, current } = onCallNowWire.parse(JSON.parse(alone.output))
  expect([areOverridesKnown, ['anna', 'ben'].includes(current!.primary!.person)]).toEqual([false, true])
  expect((await run('oncall', 'now')).notes).toContain('overrides are not known')
  const weeks = await run('oncall', 'schedule', '--days', '21', '--server', address)
  expect(weeks.output).toContain('cem of the team')
  const id = /OVR-\d+/.exec(made.output)![0]
  expect((await run('oncall', 'withdraw', id, '--server', address)).output).toContain('withdrawn')
  const given = await run('oncall', 'hand-off', '--note', 'quiet week', '--server', address)
  expect(given.output).toMatch(/HND-\d+/)
  const named = /HND-\d+/.exec(given.output)![0]
  expect((await run('oncall', 'hand-off', '--acknowledge', named, '--server', address)).output).toContain(
    'anna',
  )
  expect((await run('oncall', 'ical', '--person', 'anna')).output).toMatch(/^BEGIN:VCALENDAR\r\n/)
  expect(await run('oncall', 'withdraw', '--server', address)).toMatchObject({ code: 2 })
})
