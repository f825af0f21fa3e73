import { expect, test } from 'vitest'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { FindingEvent } from '../../store/store.ts'
import { lifeWithin } from './finding-lives.ts'

const at = (hour: number) => new Date(Date.parse('2026-11-22T00:00:00Z') + hour * 3_600_000)
const day = { from: at(0), to: at(24) }
const finding = { key: 'a' } as OpenFinding
const history = (
  ...events: readonly (readonly [hour: number, transition: string, severity?: FindingEvent['severity']])[]
) =>
  events.map(([hour, transition, severity = 'warning']) => ({
    at: at(hour),
    transition,
    severity,
    actor: null,
    reason: null,
  }))

test('what opened the day after was not open', () => {
  expect(lifeWithin(finding, history([25, 'opened']), day)).toBeNull()
})

test('what was over before the day was not open', () => {
  expect(lifeWithin(finding, history([-9, 'opened'], [-1, 'resolved']), day)).toBeNull()
})

test('what stands since before, and was resolved after, stood all day as it was then', () => {
  expect(
    lifeWithin(finding, history([-9, 'opened'], [30, 'worsened', 'critical'], [31, 'resolved']), day),
  ).toMatchObject({ standing: 'open', severity: 'warning', since: at(-9), openedAt: [], resolvedAt: [] })
})

test('each opening and end within the day counts', () => {
  expect(
    lifeWithin(
      finding,
      history([-9, 'opened'], [1, 'resolved'], [3, 'opened'], [4, 'worsened', 'critical'], [5, 'resolved']),
      day,
    ),
  ).toMatchObject({
    standing: 'no',
    severity: 'critical',
    since: at(3),
    openedAt: [at(3)],
    worsenedAt: [at(4)],
    resolvedAt: [at(1), at(5)],
  })
})

test('a mute hides it until it ends, and a proposal changes nothing', () => {
  const muted = history([1, 'opened'], [2, 'muted'], [3, 'proposed'], [26, 'unmuted'])
  expect(lifeWithin(finding, muted, day)).toMatchObject({ standing: 'muted' })
  expect(lifeWithin(finding, muted, { from: at(24), to: at(48) })).toMatchObject({ standing: 'open' })
})
