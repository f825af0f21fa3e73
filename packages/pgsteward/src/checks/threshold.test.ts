import { describe, expect, test } from 'vitest'
import { describeRule } from '../../test/rule-series.ts'
import type { CheckContext } from '../model/check.ts'
import type { StoredFact } from '../model/fact.ts'
import { type ThresholdRow, type ThresholdSpec, threshold } from './threshold.ts'

const HERE = {} as CheckContext
const rowOf = (value: number, volume?: number): ThresholdRow => ({
  subject: { kind: 'service', application: 'shop', name: 'mail' },
  value,
  summary: 'mail is slow',
  ...(volume === undefined ? {} : { volume }),
})

function check(over: Partial<ThresholdSpec<Record<string, never>>> = {}) {
  let rows: readonly ThresholdRow[] = []
  const made = threshold({
    id: 'mail-slow',
    area: 'availability',
    title: 'Mail is slow',
    needs: {},
    label: '95th percentile',
    unit: 'ms',
    is: 'above',
    warning: { at: 500, because: 'the target' },
    critical: { at: 1_000, because: 'twice the target' },
    rows: () => rows,
    ...over,
  })
  return (value: number, options: object = {}, volume?: number) => {
    rows = [rowOf(value, volume)]
    const found = made.run({}, made.options.parse(options), HERE)
    if ('skip' in found) return found.skip
    return (
      found.map(({ severity, sustains }) => (sustains ? `keeps ${severity}` : severity)).join() || 'quiet'
    )
  }
}

describe('above', () => {
  test.each([
    [449, 'quiet'],
    [450, 'keeps warning'],
    [499, 'keeps warning'],
    [500, 'warning'],
    [999, 'warning'],
    [1_000, 'critical'],
    [Number.NaN, 'quiet'],
    [Number.POSITIVE_INFINITY, 'quiet'],
  ])('%d: %s', (value, expected) => {
    expect(check()(value)).toBe(expected)
  })
})

describe('below', () => {
  const hits = check({
    is: 'below',
    unit: 'ratio',
    warning: { at: 0.95, because: '' },
    critical: { at: 0.4, because: '' },
    clear: { at: 0.97, because: '' },
  })
  test.each([
    [0.98, 'quiet'],
    [0.96, 'keeps warning'],
    [0.95, 'warning'],
    [0.4, 'critical'],
  ])('%d: %s', (value, expected) => {
    expect(hits(value)).toBe(expected)
  })
})

test('a value of too little volume is chance', () => {
  const few = check({ leastVolume: { at: 20, because: '' } })
  expect([few(2_000, {}, 19), few(2_000, {}, 20), few(2_000)]).toEqual(['quiet', 'critical', 'quiet'])
})

test('a limit that is moved takes with it where it lets go', () => {
  expect([check()(280, { warning: 300 }), check()(269, { warning: 300 })]).toEqual(['keeps warning', 'quiet'])
})

test.each([
  { it: 'above, in proportion', spec: { clear: { at: 250, because: '' } }, keeps: 160, quiet: 140 },
  {
    it: 'below, by as much',
    spec: {
      is: 'below' as const,
      warning: { at: 0.95, because: '' },
      critical: { at: 0.4, because: '' },
      clear: { at: 0.96, because: '' },
    },
    moved: 0.98,
    keeps: 0.985,
    quiet: 0.995,
  },
])('a rule with a place of its own to let go moves it too: $it', ({ spec, moved = 300, keeps, quiet }) => {
  const judged = check(spec)
  expect([judged(keeps, { warning: moved }), judged(quiet, { warning: moved })]).toEqual([
    'keeps warning',
    'quiet',
  ])
})

test('one limit is enough, and options move them', () => {
  const { warning: _, ...rest } = { warning: undefined }
  expect(check(rest)(700, { warning: null, clear: 900 })).toBe('quiet')
  expect(check()(700, { critical: 600 })).toBe('critical')
})

test.each([
  [{ clear: 600 }, 'clear <= warning <= critical'],
  [{ warning: 2_000 }, 'clear <= warning <= critical'],
  [{ warning: null, critical: null }, 'a limit is needed'],
])('%j is refused: %s', (options, message) => {
  expect(() => check()(1, options)).toThrow(message)
})

test('the evidence repeats the number compared against', () => {
  const made = threshold({
    id: 'x',
    area: 'query',
    title: 'x',
    needs: {},
    label: 'slow statements a minute',
    unit: 'count',
    is: 'above',
    warning: { at: 5, because: '' },
    rows: () => [{ ...rowOf(7), evidence: [{ label: 'the slowest', value: 'select 1' }] }],
  })
  expect(made.run({}, made.options.parse({}), HERE)).toMatchObject([
    {
      evidence: [
        { label: 'slow statements a minute', value: 7, unit: 'count' },
        { label: 'reported from', value: 5, unit: 'count' },
        { label: 'the slowest', value: 'select 1' },
      ],
    },
  ])
})

describeRule(
  threshold({
    id: 'mail-late',
    area: 'availability',
    title: 'Mail is late',
    needs: { mail: { from: 'store', id: 'mail', title: 'Mail', read: async () => 0 } as StoredFact<number> },
    label: '95th percentile',
    unit: 'ms',
    is: 'above',
    warning: { at: 500, because: 'the target' },
    critical: { at: 1_000, because: 'twice the target' },
    holdMs: 3 * 60_000,
    clearMs: 2 * 60_000,
    rows: ({ mail }) => [rowOf(mail)],
  }),
  { facts: (mail) => ({ mail }), fires: 500, worsens: 1_000, between: 460, calm: 440 },
)
