// What every store must do with occurrences and the events that tell of them, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Occurrence } from '../../src/model/occurrence.ts'
import type { Store } from '../../src/store/store.ts'
import { slowQueryOccurrence } from '../export/occurrence-rows.ts'
import { minutesLater } from '../notify/alert-rows.ts'

const EVERY_MS = 15 * 60_000

export function occurrenceContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  let targetId = ''
  let targets = 0
  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(async () => {
    await store.close()
  })

  // each test is at hours of its own, so that what it leaves behind is due in no other
  let hour = 0
  const at = (minute: number) => minutesLater(hour * 60 + minute)
  const begin = () => {
    hour += 48
    targetId = `busy-${++targets}`
  }
  const slow = (minute: number, durationMs: number, over: Partial<Occurrence> = {}) =>
    slowQueryOccurrence({ at: at(minute), durationMs, ...over })
  const claim = (minute: number, eventId: string, most = 10) =>
    store.claimOccurrences({ eventId, now: at(minute), leaseMs: 60_000, everyMs: EVERY_MS, most })
  const sent = (eventId: string, minute: number) =>
    store.finishOccurrences(eventId, { is: 'sent', receipt: null }, EVERY_MS, at(minute))

  test('occurrences of a group are counted, and told by the worst of them', async () => {
    begin()
    await store.addOccurrences(targetId, [slow(0, 600), slow(1, 900, { traceId: 'a'.repeat(32) })])
    await store.addOccurrences(targetId, [slow(2, 700)])
    const event = await claim(3, 'one')
    expect(event).toMatchObject({
      eventId: 'one',
      targetId,
      attempts: 1,
      count: 3,
      totalMs: 2_200,
      worstMs: 900,
      firstAt: at(0),
      lastAt: at(2),
    })
    expect(event?.worst).toMatchObject({ at: at(1), durationMs: 900, traceId: 'a'.repeat(32) })
    await sent('one', 3)
    expect(await claim(4, 'two')).toBeNull()
  })

  test('a group that was told is told again when its time has passed, of what happened since', async () => {
    begin()
    await store.addOccurrences(targetId, [slow(0, 5_000)])
    expect((await claim(1, 'first'))?.count).toBe(1)
    await store.addOccurrences(targetId, [slow(1, 600)])
    await sent('first', 2)
    expect(await claim(16, 'too early')).toBeNull()
    expect(await claim(17, 'second')).toMatchObject({ count: 1, worstMs: 600, totalMs: 600, firstAt: at(1) })
    await sent('second', 17)
    expect(await claim(40, 'nothing happened')).toBeNull()
  })

  test('an event that failed, or whose sender was lost, comes again as it was, under the same id', async () => {
    begin()
    await store.addOccurrences(targetId, [slow(0, 800)])
    await claim(1, 'event')
    await store.addOccurrences(targetId, [slow(1, 9_000)])
    expect(await claim(1, 'other')).toBeNull()
    expect(await claim(2, 'other')).toMatchObject({ eventId: 'event', count: 1, worstMs: 800, attempts: 2 })
    await store.finishOccurrences(
      'event',
      { is: 'failed', because: 'HTTP 503', retryAt: at(10) },
      EVERY_MS,
      at(2),
    )
    expect(await claim(9, 'other')).toBeNull()
    expect(await claim(10, 'other')).toMatchObject({ eventId: 'event', attempts: 3 })
    await store.finishOccurrences('event', { is: 'given-up', because: 'HTTP 400' }, EVERY_MS, at(10))
    expect(await claim(25, 'next')).toMatchObject({ eventId: 'next', worstMs: 9_000, attempts: 1 })
    await sent('next', 25)
  })

  test('no more groups than allowed are told within the time, those that cost the most first', async () => {
    begin()
    const routes = ['GET /a', 'GET /b', 'GET /c']
    await store.addOccurrences(
      targetId,
      routes.map((route, index) => slow(0, 600 + index, { route })),
    )
    const told: unknown[] = []
    for (const eventId of ['c', 'b', 'a']) {
      const event = await claim(1, eventId, 2)
      told.push(event?.worst.kind === 'slow-query' ? event.worst.route : null)
      if (event !== null) await sent(eventId, 1)
    }
    expect(told).toEqual(['GET /c', 'GET /b', null])
    expect(await claim(17, 'a', 2)).toMatchObject({ worst: { route: 'GET /a' } })
    await sent('a', 17)
  })

  test('what happened more than a day ago is not told any more', async () => {
    begin()
    await store.addOccurrences(targetId, [slow(0, 600)])
    expect(await claim(24 * 60, 'late')).toBeNull()
    await store.addOccurrences(targetId, [slow(24 * 60, 700)])
    expect(await claim(24 * 60, 'in time')).toMatchObject({ worstMs: 700 })
    await sent('in time', 24 * 60)
  })

  test('texts with letters that PostgreSQL cannot hold are kept without them', async () => {
    begin()
    await store.addOccurrences(targetId, [
      slow(0, 600, { text: 'select \0 "Ä" \ud800' } as Partial<Occurrence>),
    ])
    expect(await claim(1, 'odd')).toMatchObject({ worst: { text: 'select  "Ä" \ufffd' } })
    await sent('odd', 1)
  })
}
