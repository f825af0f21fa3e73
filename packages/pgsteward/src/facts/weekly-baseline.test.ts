import { expect, test } from 'vitest'
import { memoryOf } from '../../test/application/memory.ts'
import { judgedApplication, metricRow } from '../../test/application/rows.ts'
import type { Series } from '../model/fact.ts'
import type { Window } from '../model/units.ts'
import { hoursOfWeeks, weeklyBaseline } from './weekly-baseline.ts'

const NOW = new Date('2026-03-10T12:20:00Z')
const HOUR_MS = 3_600_000
const WEEK_MS = 168 * HOUR_MS
const weeksAgo = (weeks: number, ms = 0) => new Date(NOW.getTime() - weeks * WEEK_MS - ms)
/** Within the hour from 11 to 12 of that week. */
const counted = (weeks: number, count: number, name = 'subscriptions.created') =>
  metricRow({ name, count, lastAt: weeksAgo(weeks, HOUR_MS / 2) })
const shop = judgedApplication({ firstSeenAt: weeksAgo(5), lastSeenAt: NOW })
const read = (operations: readonly ReturnType<typeof counted>[], applications = [shop]) => {
  const memory = memoryOf({ applications, operations })
  return weeklyBaseline.read(memory, 'shop', NOW).then((reading) => ({ ...reading, asked: memory.asked }))
}

test('the last hour of the clock that is over is compared with the same of the weeks before', () => {
  const { latest, before } = hoursOfWeeks(NOW)
  expect(latest).toEqual({ from: new Date('2026-03-10T11:00:00Z'), to: new Date('2026-03-10T12:00:00Z') })
  expect(before.map(({ to }) => to.toISOString())).toEqual([
    '2026-03-03T12:00:00.000Z',
    '2026-02-24T12:00:00.000Z',
    '2026-02-17T12:00:00.000Z',
    '2026-02-10T12:00:00.000Z',
  ])
})

test('counts are summed by name over labels and routes; a gap is null, and an hour without any is none', async () => {
  const { rows, hour } = await read([
    counted(0, 3),
    counted(0, 4),
    counted(1, 100),
    counted(2, 5, 'logins'),
    metricRow({ name: 'subscriptions.created', count: 999, lastAt: weeksAgo(0, 600_000) }),
  ])
  expect(hour.to).toEqual(new Date('2026-03-10T12:00:00Z'))
  expect(rows).toEqual([
    {
      application: 'shop',
      name: 'subscriptions.created',
      kind: 'count',
      latest: 7,
      before: [100, 0, null, null],
    },
    { application: 'shop', name: 'logins', kind: 'count', latest: 0, before: [0, 5, null, null] },
  ])
})

test('nothing is read of an application that is young or silent', async () => {
  const young = judgedApplication({ firstSeenAt: weeksAgo(2), lastSeenAt: NOW })
  const silent = judgedApplication({ firstSeenAt: weeksAgo(5), lastSeenAt: weeksAgo(0, 1_200_000) })
  for (const application of [young, silent]) {
    const { rows, asked } = await read([counted(0, 3), counted(1, 100)], [application])
    expect(rows).toEqual([])
    expect([...asked.keys()]).toEqual(['applications'])
  }
})

test('a level is its mean over the hour and over processes; what nobody tells now is left out', async () => {
  const told = (application: string, values: readonly number[], hour: Window): Series => ({
    name: 'subscriptions.active',
    unit: 'count',
    labels: { application, instance: 'one' },
    points: values.map((value) => [hour.to, value]),
  })
  const { latest, before } = hoursOfWeeks(NOW)
  const memory = {
    ...memoryOf({ applications: [shop], operations: [counted(0, 1, 'ticks')] }),
    series: async (_target: string, name: string, hour: Window) => {
      if (name !== 'subscriptions.active') return []
      if (hour.to.getTime() === latest.to.getTime())
        return [told('shop', [80, 90], hour), told('shop', [100], hour), told('unknown', [7], hour)]
      const week = before.findIndex(({ to }) => to.getTime() === hour.to.getTime())
      return week === 3 ? [] : [told('shop', [100 + week], hour)]
    },
  }
  const { rows } = await weeklyBaseline.read(memory, 'shop', NOW)
  expect(rows.filter(({ kind }) => kind === 'level')).toEqual([
    {
      application: 'shop',
      name: 'subscriptions.active',
      kind: 'level',
      latest: 90,
      before: [100, 101, 102, null],
    },
  ])
})
