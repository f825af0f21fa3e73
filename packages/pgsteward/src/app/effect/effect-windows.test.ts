import { expect, test } from 'vitest'
import { type Disturbance, effectWindows, type Moments } from './effect-windows.ts'

const MINUTE = 60_000
const T0 = Date.UTC(2026, 9, 5, 8, 20)
const at = (minutes: number) => new Date(T0 + minutes * MINUTE)
const moments = (over: Partial<Moments> = {}): Moments => ({
  absentUntil: at(0),
  appearedAt: at(5),
  goneAt: null,
  historyFrom: at(-10_000),
  now: at(65),
  ...over,
})
const restart = (minutes: number): Disturbance => ({ at: at(minutes), what: 'the server was restarted' })

test('both windows are as long as the time since, and grow', () => {
  expect(effectWindows(moments(), [])).toEqual({
    before: { from: at(-60), to: at(0) },
    after: { from: at(5), to: at(65) },
    isComplete: false,
    disturbedBy: null,
  })
})

test('after a day they are complete, and end at full hours outside of the change', () => {
  const { before, after, isComplete } = effectWindows(moments({ now: at(3000) }), [])
  expect(isComplete).toBe(true)
  expect(before.to <= at(0) && after.from >= at(5)).toBe(true)
  expect(after.to.getTime() - after.from.getTime()).toBe(before.to.getTime() - before.from.getTime())
  expect([before.from, before.to, after.from, after.to].map((each) => each.getUTCMinutes())).toEqual([
    0, 0, 0, 0,
  ])
})

test.each([
  ['a history that begins late', moments({ historyFrom: at(-10) }), []],
  ['what changed before', moments(), [restart(-500), restart(-10)]],
  ['what changed after', moments(), [restart(15), restart(40)]],
  ['its end', moments({ goneAt: at(15) }), []],
])('%s bounds both, and they are complete', (_name, given, disturbances) => {
  expect(effectWindows(given, disturbances)).toMatchObject({
    before: { from: at(-10), to: at(0) },
    after: { from: at(5), to: at(15) },
    isComplete: true,
    disturbedBy: null,
  })
})

test('what changed between the two readings disturbs', () => {
  expect(effectWindows(moments(), [restart(3)])).toMatchObject({ disturbedBy: 'the server was restarted' })
})
