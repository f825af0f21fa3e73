// Drives a check over a synthetic series through the real evaluate and track, as the loop would, and says what became of it. A built-in
// rule registers the tests that each needs: it fires, holds, clears, and does not flap.

import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { evaluate } from '../src/evaluate/evaluate.ts'
import { rememberedSince } from '../src/evaluate/flapping.ts'
import { track } from '../src/evaluate/track.ts'
import type { AnyCheck, Check, Given, Needs } from '../src/model/check.ts'
import type { Fact, Memory, Snapshot } from '../src/model/fact.ts'
import type { Severity } from '../src/model/finding.ts'
import type { OpenFinding, Transition } from '../src/model/open-finding.ts'
import type { Milliseconds } from '../src/model/units.ts'
import { NOW, serverInfo } from './judge.ts'

const MINUTE_MS = 60_000
const TWO_HOURS_MS = 120 * MINUTE_MS
/** `collect.every`: how often the loop judges by default. */
const TICK_MS = 60_000

export interface Moment {
  /** Since the series began. */
  readonly atMs: Milliseconds
  readonly transition: Exclude<Transition, 'persisted'>
  readonly key: string
  readonly severity: Severity
}

export interface SeriesCircumstances {
  readonly everyMs?: Milliseconds
  readonly forMs: Milliseconds
  /** In their input form. */
  readonly options?: object
}

/** What became of each judgement but 'persisted'. `facts` gives what is known at a moment; it throws what the check throws. */
export async function playSeries<N extends Needs, O extends z.ZodType>(
  check: Check<N, O>,
  facts: (atMs: Milliseconds, now: Date) => Given<N>,
  { everyMs = cadenceOf(check), forMs, options = {} }: SeriesCircumstances,
): Promise<readonly Moment[]> {
  const parsed = new Map([[check.id, check.options.parse(options)]])
  const moments: Moment[] = []
  let known: readonly OpenFinding[] = []
  /** The end of each one's last life: what is held back and passes goes back to it, as in the store. */
  const ended = new Map<string, OpenFinding>()
  for (let atMs = 0; atMs <= forMs; atMs += everyMs) {
    const now = new Date(NOW.getTime() + atMs)
    const given = answering(check, facts(atMs, now))
    const outcomes = await evaluate([given], snapshotAt(now), {} as Memory, { options: parsed }, now)
    for (const outcome of outcomes) if (outcome.status === 'failed') throw outcome.error
    const since = rememberedSince(now)
    const remembered = known.filter(({ resolvedAt }) => resolvedAt === null || resolvedAt >= since)
    const changes = track('shop', [check], remembered, outcomes, now)
    const changed = new Set(changes.map(({ finding }) => finding.key))
    known = [
      ...remembered.filter(({ key }) => !changed.has(key)),
      ...changes.flatMap(({ transition, finding }) =>
        transition === 'forgotten' ? (ended.get(finding.key) ?? []) : finding,
      ),
    ]
    for (const { transition, finding } of changes)
      if (transition === 'resolved') ended.set(finding.key, finding)
    for (const { transition, finding } of changes)
      if (transition !== 'persisted')
        moments.push({ atMs, transition, key: finding.key, severity: finding.severity })
  }
  return moments
}

/** The check with each need answered by what is given, as the store would answer. */
function answering<N extends Needs, O extends z.ZodType>(check: Check<N, O>, given: Given<N>): AnyCheck {
  const needs = Object.entries<Fact>(check.needs).map(([name, { id, title }]): [string, Fact] => [
    name,
    { from: 'store', id, title, read: async () => given[name] },
  ])
  return { ...check, needs: Object.fromEntries(needs) }
}

function snapshotAt(now: Date): Snapshot {
  return {
    targetId: 'shop',
    takenAt: now,
    server: serverInfo(),
    readings: new Map(),
    refreshed: new Set(),
    cost: { statements: 0, rows: 0, bytes: 0, tookMs: 0 },
  }
}

/** As often as the quickest of its facts is read, and no more often than the loop turns. */
function cadenceOf({ needs }: AnyCheck): Milliseconds {
  const each = Object.values<Fact>(needs).map((fact) => (fact.from === 'store' ? TICK_MS : fact.everyMs))
  return Math.max(TICK_MS, Math.min(...each))
}

export interface RuleSeries<N extends Needs> {
  /** The facts where the rule's value is this; all of one subject, in the same volume. */
  readonly facts: (value: number, now: Date) => Given<N>
  /** Just past the milder limit. */
  readonly fires: number
  /** Past the critical limit, where there are two. */
  readonly worsens?: number
  /** Between where it lets go and the milder limit; null for what does not swing, as a setting, and lets go at its limit. */
  readonly between: number | null
  readonly calm: number
  readonly everyMs?: Milliseconds
  readonly options?: object
}

/** Damping lets a finding open three times, then holds it until it was quiet for a quarter of an hour. */
const MOST_OPENINGS = 3

/** The tests that each rule of src/checks/rules.ts needs; the catalogue test looks for this call beside each check. */
export function describeRule<N extends Needs, O extends z.ZodType>(
  check: Check<N, O>,
  { facts, fires, worsens, between, calm, options = {}, everyMs = cadenceOf(check) }: RuleSeries<N>,
): void {
  const { holdMs = 0, clearMs = 0 } = check
  const readings = (ms: Milliseconds) => Math.ceil(ms / everyMs) * everyMs
  const heldMs = readings(holdMs)
  /** What the value is from which moment on. */
  type Leg = readonly [fromMs: Milliseconds, value: number]
  const play = (legs: readonly Leg[], forMs: Milliseconds) =>
    playSeries(check, (atMs, now) => facts(legs.findLast(([fromMs]) => fromMs <= atMs)![1], now), {
      everyMs,
      forMs,
      options,
    })
  const told = (moments: readonly Moment[]) =>
    moments
      .filter(({ transition }) => transition !== 'pending' && transition !== 'forgotten')
      .map(({ atMs, transition }) => [atMs, transition])
  /** As many readings at one value as at the other. */
  const swing = (one: number, other: number, spellMs: Milliseconds, forMs: Milliseconds) =>
    playSeries(check, (atMs, now) => facts(Math.floor(atMs / spellMs) % 2 === 0 ? one : other, now), {
      everyMs,
      forMs,
      options,
    })
  const openings = (moments: readonly Moment[]) =>
    moments.filter(({ transition }) => transition === 'opened').length

  describe(`${check.id} over a series`, () => {
    test('fires when its limit was passed for as long as it holds back, of one subject', async () => {
      const from = 2 * everyMs
      const moments = await play(
        [
          [0, calm],
          [from, fires],
        ],
        from + heldMs + 10 * everyMs,
      )
      expect(told(moments)).toEqual([[from + heldMs, 'opened']])
      expect(new Set(moments.map(({ key }) => key)).size).toBe(1)
    })

    if (worsens !== undefined)
      test('worsens to critical, and eases again', async () => {
        const [worseAt, easedAt] = [heldMs + everyMs, heldMs + 3 * everyMs]
        const moments = await play(
          [
            [0, fires],
            [worseAt, worsens],
            [easedAt, fires],
          ],
          easedAt + everyMs,
        )
        expect(told(moments)).toEqual([
          [heldMs, 'opened'],
          [worseAt, 'worsened'],
          [easedAt, 'eased'],
        ])
        expect(moments.find(({ transition }) => transition === 'worsened')!.severity).toBe('critical')
      })

    test('holds: it stays open for as long as it lasts, between its limits too, where it opens nothing', async () => {
      const long = Math.max(TWO_HOURS_MS, heldMs + 20 * everyMs)
      const moments = await play(
        [
          [0, fires],
          [heldMs + everyMs, between ?? fires],
        ],
        long,
      )
      expect(told(moments)).toEqual([[heldMs, 'opened']])
      if (between !== null) expect(await play([[0, between]], long)).toEqual([])
    })

    if (heldMs > 0)
      test('a spike that is shorter than its hold opens nothing', async () => {
        const moments = await play(
          [
            [0, calm],
            [everyMs, fires],
            [everyMs + heldMs, calm],
          ],
          heldMs + 10 * everyMs,
        )
        expect(new Set(moments.map(({ transition }) => transition))).toEqual(
          new Set(['pending', 'forgotten']),
        )
      })

    test('clears when it was calm for as long as it waits', async () => {
      const calmAt = heldMs + 2 * everyMs
      const moments = await play(
        [
          [0, fires],
          [calmAt, calm],
        ],
        calmAt + clearMs + 10 * everyMs,
      )
      expect(told(moments)).toEqual([
        [heldMs, 'opened'],
        [calmAt + readings(clearMs), 'resolved'],
      ])
    })

    test('does not flap: a value that swings around its limit for two hours opens once', async () => {
      const spells = heldMs + everyMs
      const long = Math.max(TWO_HOURS_MS, 6 * spells)
      expect(openings(await swing(fires, between ?? fires, spells, long))).toBe(1)
    })

    test.each([1, 2])(
      `does not flap: one that comes and goes, %d readings past its hold, opens ${MOST_OPENINGS} times at most in two hours`,
      async (more) => {
        const moments = await swing(fires, calm, heldMs + more * everyMs, TWO_HOURS_MS)
        expect(openings(moments)).toBeGreaterThan(0)
        expect(openings(moments)).toBeLessThanOrEqual(MOST_OPENINGS)
      },
    )
  })
}
