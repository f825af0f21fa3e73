import { describe, expect, it } from 'vitest'
import type { LogEvent } from '../../model/log-event.ts'
import { LogTally } from './log-tally.ts'

const NOW = new Date('2026-03-10T12:00:00Z')
const ago = (ms: number) => new Date(NOW.getTime() - ms)

const event = (over: Partial<LogEvent> = {}): LogEvent => ({
  line: 1,
  at: NOW,
  severity: 'ERROR',
  sqlState: null,
  pid: 7,
  user: 'app',
  database: 'shop',
  application: 'api',
  client: null,
  queryId: null,
  message: 'deadlock detected',
  detail: null,
  hint: null,
  context: null,
  statement: null,
  class: 'deadlock',
  durationMs: null,
  query: null,
  parameters: null,
  plan: null,
  figures: {},
  ...over,
})

const tally = () =>
  new LogTally({
    severityOf: (id) => (id === 'deadlock' ? 'warning' : id === 'panic' ? 'critical' : 'info'),
    keepMs: 86_400_000,
    slowFromMs: 100,
  })

describe('what is read', () => {
  it('is counted by minute, class, severity and database, whether or not it is kept', () => {
    const one = tally()
    for (let index = 0; index < 100; index++)
      one.add(event({ class: 'connection-received', severity: 'LOG', database: null }), 'f', NOW)
    one.add(event({ at: ago(61_000) }), 'f', NOW)
    const { events, counts } = one.take()
    expect(counts).toEqual([
      {
        at: NOW,
        class: 'connection-received',
        severity: 'LOG',
        database: null,
        count: 100,
        firstAt: NOW,
        lastAt: NOW,
      },
      {
        at: new Date('2026-03-10T11:58:00Z'),
        class: 'deadlock',
        severity: 'ERROR',
        database: 'shop',
        count: 1,
        firstAt: ago(61_000),
        lastAt: ago(61_000),
      },
    ])
    expect(events.map((each) => each.class)).toEqual([...Array(5).fill('connection-received'), 'deadlock'])
    expect(one.take()).toEqual({ events: [], counts: [], slowQueries: [], slowQueriesRefused: 0, plans: [] })
  })

  it('is bounded a minute, and lets the first of each class in even then', () => {
    const one = tally()
    for (let index = 0; index < 2000; index++) {
      one.add(event({ class: 'panic' }), 'f', NOW)
      one.add(event({ class: `deadlock` }), 'f', NOW)
      one.add(event({ class: `class ${index % 200}` }), 'f', NOW)
    }
    one.add(event({ class: 'rare' }), 'f', NOW)
    const { events } = one.take()
    expect(events.length).toBeLessThan(900)
    expect(events.at(-1)?.class).toBe('rare')
    expect(events.filter((each) => each.class === 'deadlock').length).toBeLessThanOrEqual(60)
    // a minute later there is room again
    one.add(event({ at: ago(-60_000) }), 'f', NOW)
    expect(one.take().events.length).toBe(1)
  })

  it('is left out where it is older than events are kept, and counts as of now without a believable time', () => {
    const one = tally()
    expect(one.add(event({ at: ago(2 * 86_400_000) }), 'f', NOW)).toBe(false)
    expect(one.add(event({ at: null }), 'f', NOW)).toBe(true)
    expect(one.add(event({ at: ago(-86_400_000) }), 'f', NOW)).toBe(true)
    expect(one.take().events.map(({ at }) => at)).toEqual([NOW, NOW])
    expect(one.lastAt('f')).toEqual(NOW)
    expect(one.lastAt('g')).toBe(null)
  })

  it('is a slow query from the threshold on; faster ones are counted only', () => {
    const one = tally()
    const timed = (durationMs: number) =>
      event({
        class: 'statement-duration',
        severity: 'LOG',
        durationMs,
        query: 'select 1 from t where id = $1',
        parameters: ['1', null],
      })
    for (const ms of [5, 99.9, 100, 2000]) one.add(timed(ms), 'f', NOW)
    const { slowQueries, events, counts } = one.take()
    expect(slowQueries.map((each) => each.durationMs)).toEqual([100, 2000])
    expect(slowQueries[0]).toMatchObject({
      source: 'log',
      database: 'shop',
      user: 'app',
      parameters: ['1', 'null'],
    })
    expect(events.map((each) => each.durationMs)).toEqual([100, 2000])
    expect(counts[0]?.count).toBe(4)
  })

  it('is a slow query with its sender, which the event that is kept has no place for', () => {
    const one = tally()
    const sender = {
      caller: 'src/members.ts:41',
      route: 'GET /members',
      model: 'Member',
      action: 'findMany',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    }
    const slow = { class: 'statement-duration', severity: 'LOG', durationMs: 200, query: 'select 1' } as const
    one.add(event({ ...slow, sender }), 'f', NOW)
    one.add(event(slow), 'f', NOW)
    const { slowQueries, events } = one.take()
    expect(slowQueries[0]).toMatchObject(sender)
    expect(slowQueries[1]).toMatchObject({
      caller: null,
      route: null,
      model: null,
      action: null,
      traceId: null,
    })
    expect(events[0]).not.toHaveProperty('sender')
  })

  it('hands out every plan, also where the event is not kept', () => {
    const one = tally()
    for (let index = 0; index < 20; index++)
      one.add(
        event({
          class: 'auto-explain',
          severity: 'LOG',
          durationMs: 5,
          query: 'select 1',
          plan: { nodeType: 'Result' } as never,
        }),
        'f',
        NOW,
      )
    const { plans, events } = one.take()
    expect([plans.length, events.length]).toEqual([20, 5])
  })
})
