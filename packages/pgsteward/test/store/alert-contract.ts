// What every store must do with alerts, their outbox and silences, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Alert, AlertEvent, AlertStep, Silence } from '../../src/model/alert.ts'
import type { RetentionPolicy, Store } from '../../src/store/store.ts'
import { AT, alertMessageRow, minutesLater } from '../notify/alert-rows.ts'

function alertRow(targetId: string, over: Partial<Alert> = {}): Alert {
  return {
    targetId,
    findingKey: 'slow-route:route/shop/GET /orders',
    openedAt: AT,
    state: 'firing',
    severity: 'warning',
    seq: 1,
    channels: [targetId],
    silencedBy: null,
    toldAt: AT,
    acknowledgedBy: null,
    acknowledgedUntil: null,
    escalations: 0,
    nextEscalationAt: null,
    resolvedAt: null,
    ...over,
  }
}

const DAY = 86_400_000
const POLICY: RetentionPolicy = {
  rawMs: 400 * DAY,
  hourlyMs: 400 * DAY,
  dailyMs: 400 * DAY,
  resolvedFindingsMs: 400 * DAY,
  slowQueriesMs: 400 * DAY,
  slowQueriesMaxBytes: 1e9,
  maxBytes: null,
}

/** Each target has a channel of its own name, so that tests do not take each other's deliveries. */
function step(targetId: string, event: AlertEvent, over: Partial<Alert> = {}): AlertStep {
  const alert = alertRow(targetId, over)
  return {
    after: event === 'opened' ? null : alert.seq - 1,
    alert,
    news: { event, channels: alert.channels, actor: null, because: null },
    message: alertMessageRow({ event, targetId, findingKey: alert.findingKey, at: minutesLater(alert.seq) }),
  }
}

export function alertContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  let targets = 0
  const newTarget = () => `alerted-${++targets}`
  const claim = (channel: string, minute = 0, most = 10) =>
    store.claimDeliveries({ channel, now: minutesLater(minute), leaseMs: 60_000, most })
  const told = async (channel: string, minute = 0, most = 10) => {
    const batch = await claim(channel, minute, most)
    return batch?.deliveries.map(({ message }) => `${message.findingKey} ${message.event}`) ?? null
  }

  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(() => store.close())

  describe('alerts', () => {
    test('are kept as they are, with their events', async () => {
      const target = newTarget()
      await store.saveAlertSteps([step(target, 'opened')], AT)
      const over = alertRow(target, { state: 'resolved', seq: 2, resolvedAt: minutesLater(9) })
      expect(await store.alerts({ targetId: target, states: ['firing'] })).toEqual([alertRow(target)])
      expect(await store.alerts({ targetId: target, findingKey: 'another:server' })).toEqual([])
      await store.saveAlertSteps([step(target, 'resolved', over)], minutesLater(9))
      expect(await store.alerts({ targetId: target })).toEqual([over])
      expect(await store.alerts({ targetId: target, states: ['firing', 'acknowledged'] })).toEqual([])
      expect((await store.alertEvents(over)).map(({ event }) => event)).toEqual(['opened', 'resolved'])
    })

    test('a step of who has not seen the last event is left out, with its deliveries', async () => {
      const target = newTarget()
      expect(await store.saveAlertSteps([step(target, 'opened')], AT)).toBe(1)
      expect(await store.saveAlertSteps([step(target, 'opened')], AT)).toBe(0)
      expect(await store.saveAlertSteps([step(target, 'worsened', { seq: 2 })], AT)).toBe(1)
      expect(await store.saveAlertSteps([step(target, 'acknowledged', { seq: 2 })], AT)).toBe(0)
      const kept = await store.deliveries({ channel: target })
      expect(kept.map(({ event }) => event)).toEqual(['worsened', 'opened'])
    })
  })

  describe('answers to critical alerts', () => {
    test('are counted from the moment in which it was told of as critical', async () => {
      const target = newTarget()
      const key = (name: string) => ({ findingKey: `slow-route:route/shop/${name}` })
      const critical = { severity: 'critical' } as const
      const since = minutesLater(1_000)
      const at = (minute: number) => minutesLater(1_000 + minute)
      // a warning that was in hand grows worse, and is answered anew
      await store.saveAlertSteps([step(target, 'opened', key('a'))], at(0))
      await store.saveAlertSteps([step(target, 'acknowledged', { ...key('a'), seq: 2 })], at(1))
      await store.saveAlertSteps([step(target, 'worsened', { ...key('a'), ...critical, seq: 3 })], at(5))
      await store.saveAlertSteps([step(target, 'acknowledged', { ...key('a'), ...critical, seq: 4 })], at(8))
      await store.saveAlertSteps([step(target, 'opened', { ...key('b'), ...critical })], at(6))
      const over = { ...key('b'), ...critical, state: 'resolved', seq: 2, resolvedAt: at(9) } as const
      await store.saveAlertSteps([step(target, 'resolved', over)], at(9))
      await store.saveAlertSteps([step(target, 'opened', key('c'))], at(7))
      await store.saveAlertSteps([step(target, 'opened', { ...key('d'), ...critical })], at(-1))
      expect((await store.answeredAlerts(since)).filter(({ targetId }) => targetId === target)).toEqual([
        {
          targetId: target,
          ...key('b'),
          toldAt: at(6),
          acknowledgedAt: null,
          acknowledgedBy: null,
          resolvedAt: at(9),
        },
        {
          targetId: target,
          ...key('a'),
          toldAt: at(5),
          acknowledgedAt: at(8),
          acknowledgedBy: null,
          resolvedAt: null,
        },
      ])
    })
  })

  describe('the outbox', () => {
    test('gives what waits once, with the message as it was', async () => {
      const target = newTarget()
      await store.saveAlertSteps([step(target, 'opened')], AT)
      const batch = await claim(target)
      expect(batch).toMatchObject({
        channel: target,
        isInDoubt: false,
        deliveries: [{ seq: 1, attempts: 1 }],
      })
      const { message } = batch!.deliveries[0]!
      expect(message).toEqual(alertMessageRow({ targetId: target, at: minutesLater(1) }))
      expect(await claim(target)).toBeNull()
      await store.finishDeliveries(batch!.id, { is: 'sent', receipt: 'r1' }, minutesLater(2))
      expect(await claim(target, 99)).toBeNull()
      expect(await store.deliveries({ channel: target })).toMatchObject([
        { state: 'sent', sentAt: minutesLater(2), attempts: 1, lastError: null },
      ])
    })

    test('of one finding the earlier goes before the later, whatever becomes of it; others go on', async () => {
      const target = newTarget()
      const other = { findingKey: 'deadlocks:database/shop' }
      await store.saveAlertSteps(
        [step(target, 'opened'), step(target, 'resolved', { seq: 2 }), step(target, 'opened', other)],
        AT,
      )
      const [first, none] = [await claim(target), await claim(target)]
      expect(first!.deliveries.map(({ message }) => message.event)).toEqual(['opened', 'opened'])
      expect(none).toBeNull()
      await store.finishDeliveries(
        first!.id,
        { is: 'failed', because: 'HTTP 503', retryAt: minutesLater(5) },
        AT,
      )
      expect(await told(target, 4)).toBeNull()
      const again = await claim(target, 5)
      expect(again).toMatchObject({ id: first!.id, isInDoubt: false })
      expect(again!.deliveries.map(({ attempts }) => attempts)).toEqual([2, 2])
      await store.finishDeliveries(again!.id, { is: 'sent', receipt: null }, AT)
      expect(await told(target, 5)).toEqual(['slow-route:route/shop/GET /orders resolved'])
    })

    test('what was given up lets the next one through', async () => {
      const target = newTarget()
      await store.saveAlertSteps([step(target, 'opened'), step(target, 'resolved', { seq: 2 })], AT)
      const batch = await claim(target)
      await store.finishDeliveries(batch!.id, { is: 'given-up', because: 'HTTP 400' }, AT)
      expect(await told(target)).toEqual(['slow-route:route/shop/GET /orders resolved'])
      expect(await store.deliveries({ channel: target, states: ['given-up'] })).toMatchObject([
        { lastError: 'HTTP 400', event: 'opened' },
      ])
    })

    test('a lost sender leaves its batch in doubt, whole and under the same key', async () => {
      const target = newTarget()
      await store.saveAlertSteps(
        [step(target, 'opened'), step(target, 'opened', { findingKey: 'b:server' })],
        AT,
      )
      const lost = await claim(target)
      await store.saveAlertSteps([step(target, 'opened', { findingKey: 'c:server' })], AT)
      expect(await told(target)).toEqual(['c:server opened'])
      const found = await claim(target, 1)
      expect(found).toMatchObject({ id: lost!.id, isInDoubt: true })
      expect(found!.deliveries).toHaveLength(2)
    })

    test('what the only owner was sending is due again at once', async () => {
      const target = newTarget()
      await store.saveAlertSteps([step(target, 'opened')], AT)
      const lost = await claim(target)
      await store.giveBackDeliveries(AT)
      expect(await claim(target)).toMatchObject({ id: lost!.id, isInDoubt: true })
    })

    test('a batch is of one target and no larger than asked', async () => {
      const [one, two] = [newTarget(), newTarget()]
      const channels = [one]
      const keys = ['a:server', 'b:server', 'c:server']
      await store.saveAlertSteps(
        [
          ...keys.map((findingKey) => step(one, 'opened', { findingKey, channels })),
          step(two, 'opened', { channels }),
        ],
        AT,
      )
      expect(await told(one, 0, 2)).toEqual(['a:server opened', 'b:server opened'])
      expect(await told(one, 0, 2)).toEqual(['c:server opened'])
      expect(await told(one, 0, 2)).toEqual(['slow-route:route/shop/GET /orders opened'])
    })

    test('two that claim at once share nothing', async () => {
      const target = newTarget()
      await store.saveAlertSteps(
        Array.from({ length: 12 }, (_, at) => step(target, 'opened', { findingKey: `${at}:server` })),
        AT,
      )
      const batches = await Promise.all(Array.from({ length: 6 }, () => claim(target, 0, 3)))
      const ids = batches.flatMap((batch) => batch?.deliveries.map(({ id }) => id) ?? [])
      expect([ids.length, new Set(ids).size]).toEqual([12, 12])
    })
  })

  test('retention forgets alerts that are over, with what was sent of them, and old silences', async () => {
    const target = newTarget()
    const over = { findingKey: 'old:server', state: 'resolved', resolvedAt: AT, seq: 1 } as const
    const since = { targetId: target, findingKey: 'old:server' }
    await store.saveAlertSteps([step(target, 'opened', over), step(target, 'opened')], AT)
    await store.addSilence({
      match: {},
      from: AT,
      until: minutesLater(1),
      by: target,
      because: 'release',
      createdAt: AT,
    })
    await store.applyRetention({ ...POLICY, resolvedFindingsMs: DAY }, new Date(AT.getTime() + 2 * DAY))
    expect((await store.alerts({ targetId: target })).map(({ state }) => state)).toEqual(['firing'])
    expect(await store.deliveries({ finding: since })).toEqual([])
    expect((await store.silences(null)).filter(({ by }) => by === target)).toEqual([])
  })

  describe('what is sent on schedule', () => {
    const LEASE = 60_000
    const digest = (channel: string, period = '2026-11-20') => ({ kind: 'digest', channel, period })

    test('is sent by one of many, once', async () => {
      const id = digest('once')
      const claims = await Promise.all(Array.from({ length: 5 }, () => store.claimMailing(id, AT, LEASE)))
      expect(claims.filter((attempts) => attempts !== null)).toEqual([1])
      await store.finishMailing(id, { is: 'sent', receipt: null }, AT)
      expect(await store.claimMailing(id, minutesLater(600), LEASE)).toBeNull()
      expect(await store.claimMailing(digest('once', '2026-11-21'), minutesLater(600), LEASE)).toBe(1)
    })

    test('that failed waits for its next try, and what was given up is not tried again', async () => {
      const id = digest('fails')
      await store.claimMailing(id, AT, LEASE)
      await store.finishMailing(id, { is: 'failed', because: 'down', retryAt: minutesLater(5) }, AT)
      expect(await store.claimMailing(id, minutesLater(4), LEASE)).toBeNull()
      expect(await store.claimMailing(id, minutesLater(5), LEASE)).toBe(2)
      await store.finishMailing(id, { is: 'given-up', because: 'too large' }, minutesLater(5))
      expect(await store.claimMailing(id, minutesLater(600), LEASE)).toBeNull()
    })

    test('whose sender was lost on the way is claimed again once its lease has run out', async () => {
      const id = digest('lost')
      await store.claimMailing(id, AT, LEASE)
      expect(await store.claimMailing(id, AT, LEASE)).toBeNull()
      expect(await store.claimMailing(id, minutesLater(1), LEASE)).toBe(2)
    })
  })

  describe('silences', () => {
    const silence = (by: string): Omit<Silence, 'id' | 'endedAt'> => ({
      match: { targets: ['shop'], findings: ['slow-route:*'] },
      from: AT,
      until: minutesLater(60),
      by,
      because: 'release',
      createdAt: AT,
    })
    const of = async (by: string, at: Date | null) =>
      (await store.silences(at)).filter((each) => each.by === by)

    test('hold until their end, or until they are ended', async () => {
      const id = await store.addSilence(silence('kim'))
      expect(await of('kim', AT)).toEqual([{ ...silence('kim'), id, endedAt: null }])
      expect(await of('kim', minutesLater(60))).toEqual([])
      expect(await store.endSilence(id, 'lee', minutesLater(5))).toBe(true)
      expect(await store.endSilence(id, 'lee', minutesLater(6))).toBe(false)
      expect(await of('kim', minutesLater(6))).toEqual([])
      expect(await of('kim', null)).toMatchObject([{ id, endedAt: minutesLater(5) }])
    })

    test('one that is not there cannot be ended', async () => {
      expect(await store.endSilence('no number', 'kim', AT)).toBe(false)
    })
  })
}
