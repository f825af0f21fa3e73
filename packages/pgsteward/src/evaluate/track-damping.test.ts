// Hysteresis, the wait before a finding is over, and flapping: time goes by in minutes, one outcome each.

import { expect, test } from 'vitest'
import type { Outcome } from '../model/check.ts'
import type { Finding, Severity } from '../model/finding.ts'
import type { OpenFinding } from '../model/open-finding.ts'
import { isFlapping, rememberedSince } from './flapping.ts'
import { track } from './track.ts'

const AT = Date.UTC(2026, 0, 1)
const at = (minute: number) => new Date(AT + minute * 60_000)
const plain = { id: 'pool-wait', area: 'capacity' } as const

type Mark = '#' | '!' | '~' | '.' | '?'
const SEVERITY: Readonly<Record<'#' | '!', Severity>> = { '#': 'warning', '!': 'critical' }

/** `#` warning, `!` critical, `~` between the limits, `.` quiet, `?` could not be judged. Says what came of each minute. */
function play(marks: string, check: { holdMs?: number; clearMs?: number } = {}) {
  let known: OpenFinding[] = []
  const openings: number[] = []
  const ends: number[] = []
  ;[...marks].forEach((mark, minute) => {
    const since = rememberedSince(at(minute))
    known = known.filter(({ state, resolvedAt }) => state !== 'resolved' || resolvedAt! >= since)
    for (const change of track(
      'shop',
      [{ ...plain, ...check }],
      known,
      [outcome(mark as Mark)],
      at(minute),
    )) {
      if (change.transition === 'opened') openings.push(minute)
      if (change.transition === 'resolved') ends.push(minute)
      known = [
        ...known.filter(({ key }) => key !== change.finding.key),
        ...(change.transition === 'forgotten' ? [] : [change.finding]),
      ]
    }
  })
  return { openings, ends, known }
}

function outcome(mark: Mark): Outcome {
  if (mark === '.') return { status: 'quiet', checkId: plain.id }
  if (mark === '?') return { status: 'skipped', checkId: plain.id, because: 'no traffic' }
  const finding: Finding = {
    subject: { kind: 'pool', application: 'shop', name: 'main' },
    severity: mark === '~' ? 'info' : SEVERITY[mark],
    summary: 'requests wait for a connection',
    evidence: [],
    ...(mark === '~' ? { sustains: true } : {}),
  }
  return { status: 'found', checkId: plain.id, findings: [finding] }
}

test('between its limits a value keeps what is open, at its severity, and opens nothing', () => {
  const { openings, ends } = play('~~#~~~.~~')
  expect([openings, ends]).toEqual([[2], [6]])
  const { known } = play('!~')
  expect(known).toMatchObject([{ state: 'open', severity: 'critical' }])
  expect(known[0]).not.toHaveProperty('sustains')
})

test('what is held back has to be over its limit all the time', () => {
  const hold = { holdMs: 3 * 60_000 }
  expect(play('####', hold).openings).toEqual([3])
  expect(play('##~###', hold).openings).toEqual([])
  expect(play('##~####', hold).openings).toEqual([6])
})

test('it is over when it has been quiet for as long as the check asks', () => {
  const clear = { clearMs: 3 * 60_000 }
  expect(play('#....', clear).ends).toEqual([4])
  expect(play('#..#..', clear).ends).toEqual([])
  expect(play('#..~..', clear).ends).toEqual([])
  // no evidence is not good news
  expect(play('#.???', clear).ends).toEqual([])
  expect(play('#.??.', clear).ends).toEqual([4])
})

test('one that flaps opens three times and is held until it has been quiet for a quarter of an hour', () => {
  const { openings, ends } = play(`#.#.#${'.#'.repeat(8)}${'.'.repeat(16)}`)
  expect(openings).toEqual([0, 2, 4])
  expect(ends.slice(0, 2)).toEqual([1, 3])
  expect(ends).toHaveLength(3)
  // the last sight is that of minute 20
  expect(ends[2]).toBe(21 + 15)
})

test('one that goes on flapping stays damped for as long as it does', () => {
  const { openings, ends } = play(`#.#.${'#.'.repeat(120)}${'.'.repeat(20)}`)
  expect(openings).toEqual([0, 2, 4])
  expect(ends).toEqual([1, 3, 243 + 15])
})

test('openings of long ago are forgotten', () => {
  const { openings, ends } = play(`#.${'.'.repeat(30)}#.${'.'.repeat(30)}#.`)
  expect(openings).toEqual([0, 32, 64])
  expect(ends).toEqual([1, 33, 65])
})

test('flapping is three openings within half an hour', () => {
  expect(isFlapping([at(0), at(10), at(29)])).toBe(true)
  expect(isFlapping([at(0), at(10), at(30)])).toBe(false)
  expect(isFlapping([at(10), at(20)])).toBe(false)
  expect(isFlapping([])).toBe(false)
})
