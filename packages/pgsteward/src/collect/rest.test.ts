import { expect, test } from 'vitest'
import type { Reading } from '../model/fact.ts'
import { Rest } from './rest.ts'

const MINUTE = 60_000
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1) + minute * MINUTE)
const options = { idleAfterMs: 5 * MINUTE, everyMs: 60 * MINUTE }

const client = (state: string, stateAgeMs: number) => ({ backendType: 'client backend', state, stateAgeMs })
const rows = (...each: readonly unknown[]): Reading => ({
  status: 'rows',
  rows: each,
  at: at(0),
  tookMs: 1,
})
const moved = (...each: readonly unknown[]): Reading => {
  const interval = { window: { from: at(0), to: at(1) }, seconds: 60, rows: each, breaks: [] }
  return { status: 'interval', interval, latest: interval, at: at(1), tookMs: 1 }
}

const quiet = new Map([
  ['activity', rows(client('idle', 600_000), { backendType: 'checkpointer', state: null, stateAgeMs: null })],
  ['statements', moved()],
])
const busy = new Map([['activity', rows(client('active', 10))]])

function restAfter(rounds: readonly (readonly [minute: number, readings: ReadonlyMap<string, Reading>])[]) {
  const rest = new Rest(options)
  for (const [minute, readings] of rounds) rest.note(at(minute), readings)
  return rest
}

test('rests after five quiet minutes, for an hour', () => {
  const rest = restAfter([0, 1, 2, 3, 4].map((minute) => [minute, quiet]))
  expect(rest.until(at(4))).toBeNull()
  rest.note(at(5), quiet)
  expect(rest.until(at(5))).toEqual(at(65))
  expect(rest.until(at(65))).toBeNull()
})

test('one look while resting, and rests again', () => {
  const rest = restAfter([
    [0, quiet],
    [5, quiet],
    [65, quiet],
  ])
  expect(rest.until(at(66))).toEqual(at(125))
})

test.each([
  ['a client at work', busy],
  ['a client in a transaction', new Map([['activity', rows(client('idle in transaction', 900_000))]])],
  ['a client that has just finished', new Map([['activity', rows(client('idle', 20_000))]])],
  ['statements of clients that are gone', new Map([['statements', moved({})]])],
])('%s keeps it awake', (_, readings) => {
  const rest = restAfter([
    [0, quiet],
    [4, readings],
    [5, quiet],
  ])
  expect(rest.until(at(5))).toBeNull()
})

test('a target found busy after a rest is read as usual again, for five minutes at least', () => {
  const rest = restAfter([
    [0, quiet],
    [5, quiet],
    [65, busy],
    [69, quiet],
  ])
  expect(rest.until(at(69))).toBeNull()
  rest.note(at(70), quiet)
  expect(rest.until(at(70))).toEqual(at(130))
})

test('without the option nothing ever rests', () => {
  const rest = new Rest(undefined)
  for (let minute = 0; minute < 100; minute++) rest.note(at(minute), quiet)
  expect(rest.until(at(100))).toBeNull()
})
