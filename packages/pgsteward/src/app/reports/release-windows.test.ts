import { expect, test } from 'vitest'
import type { TargetEvent } from '../../model/plan.ts'
import { releaseOf } from './release-windows.ts'

const deployed = (at: string, to: string): TargetEvent => ({
  at: new Date(at),
  kind: 'deployment',
  subject: 'messaging',
  detail: `version 1.0.0 to ${to}`,
})
const now = new Date('2026-11-23T10:20:00Z')
const span = (window: { from: Date; to: Date } | undefined) =>
  window === undefined ? null : [window.from.toISOString(), window.to.toISOString()]

test('as long after as before, in whole days, at full hours', () => {
  const { windows } = releaseOf([deployed('2026-11-20T09:30:00Z', '1.1.0')], undefined, now)!
  expect(span(windows!.after)).toEqual(['2026-11-20T10:00:00.000Z', '2026-11-23T10:00:00.000Z'])
  expect(span(windows!.before)).toEqual(['2026-11-17T09:00:00.000Z', '2026-11-20T09:00:00.000Z'])
  expect(span(windows!.weeksBefore[0])).toEqual(['2026-11-13T10:00:00.000Z', '2026-11-16T10:00:00.000Z'])
  expect(windows).toMatchObject({ endedBy: 'now', weeksBefore: { length: 4 } })
})

test('a version is found by its name, and the next deployment ends it', () => {
  const events = [
    deployed('2026-11-20T09:30:00Z', '1.1.0'),
    deployed('2026-11-21T12:10:00Z', '1.2.0'),
    deployed('2026-11-22T08:00:00Z', '1.2.1'),
  ]
  const { event, windows } = releaseOf(events, '1.2.0', now)!
  expect(event.detail).toContain('1.2.0')
  // 19 hours to the next, which is less than a day
  expect(span(windows!.after)).toEqual(['2026-11-21T13:00:00.000Z', '2026-11-22T08:00:00.000Z'])
  expect(windows!.endedBy).toBe('the next deployment')
  expect(releaseOf(events, '1.2', now)).toBeNull()
})

test('of one an hour ago nothing can be said yet', () => {
  expect(releaseOf([deployed('2026-11-23T09:30:00Z', '2')], undefined, now)).toMatchObject({ windows: null })
})

test('beyond a week it is what came after', () => {
  const { windows } = releaseOf([deployed('2026-10-01T00:00:00Z', '2')], '2', now)!
  expect(span(windows!.after)).toEqual(['2026-10-01T00:00:00.000Z', '2026-10-08T00:00:00.000Z'])
  expect(windows!.endedBy).toBeNull()
})
