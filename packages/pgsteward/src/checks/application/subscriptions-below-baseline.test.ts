import { expect, test } from 'vitest'
import { judgedApplication, NOBODY, weeklyRow } from '../../../test/application/rows.ts'
import { ago, judge, NOW } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import type { WeeklyReading } from '../../facts/weekly-baseline.ts'
import { subscriptionsBelowBaseline } from './subscriptions-below-baseline.ts'

type Row = Parameters<typeof weeklyRow>[0]
const given = (...rows: readonly Row[]): { readonly weekly: WeeklyReading } => ({
  weekly: {
    isReporting: true,
    applications: [judgedApplication()],
    rows: rows.map((row) => weeklyRow(row)),
    hour: { from: ago(3_600_000), to: NOW },
  },
})
const judged = (rows: readonly Row[], options = {}) =>
  judge(subscriptionsBelowBaseline, given(...rows), { options })
/** Four weeks of as many. */
const usual = (count: number) => [count, count, count, count]

const quiet: Record<string, Row> = {
  'as many as usual': { latest: 1_000 },
  'a tenth less than usual': { latest: 910 },
  'none where there are never any': { latest: 0, before: usual(0) },
  'one holiday among the weeks before': { latest: 990, before: [1_000, 5_000, 1_010, 1_000] },
  'another count': { name: 'logins', latest: 0 },
}

test.each(Object.entries(quiet))('opens nothing on %s', (_, row) => {
  // beside one that is judged, so that nothing is skipped
  expect(judged([row, { application: 'other' }])).toEqual([])
})

const chance: Record<string, Row> = {
  'none at night, where there are hardly any': { latest: 0, before: [3, 1, 0, 2] },
  'a fifth less of few: their chance is larger': { latest: 40, before: usual(60) },
  'weeks that differ as much among themselves': { latest: 700, before: [1_400, 1_000, 1_300, 800] },
}

test.each(Object.entries(chance))('opens nothing, and keeps what is open, on %s', (_, row) => {
  expect(judged([row])).toMatchObject([{ sustains: true }])
})

test('finds a count over a fifth below the same hour of other weeks (N3)', () => {
  expect(judged([{ latest: 700, before: [1_010, 990, null, 1_000] }])).toMatchObject([
    {
      subject: { kind: 'metric', application: 'shop', name: 'subscriptions.created' },
      severity: 'warning',
      evidence: [
        { label: 'below the usual', value: expect.closeTo(0.3, 9), unit: 'ratio' },
        { label: 'reported from', value: 0.2, unit: 'ratio' },
        { label: 'in that hour', value: 700, unit: 'count' },
        { label: 'usual at this hour', value: 1_000, unit: 'count' },
        { label: 'weeks compared', value: 3, unit: 'count' },
        { label: 'hour', value: 'to 2026-03-10 12:00 UTC', unit: 'text' },
        { label: 'chance explains', value: expect.closeTo(0.126, 3), unit: 'ratio' },
        { label: 'application', value: 'shop', unit: 'text' },
      ],
    },
  ])
})

test('a level that fell is no chance, however small', () => {
  const level = { kind: 'level', name: 'subscriptions.active', latest: 7, before: [10, 10, 10, 10] } as const
  expect(judged([level])).toMatchObject([{ severity: 'warning', subject: { name: 'subscriptions.active' } }])
})

test('other counts by name', () => {
  expect(judged([{ name: 'orders', latest: 100 }], { metrics: ['orders'] })).toMatchObject([
    { severity: 'critical', summary: expect.stringContaining('orders of shop') },
  ])
})

const skipped: Record<string, readonly Row[]> = {
  'no application reports it for long enough': [{ name: 'logins' }],
  'the hour is known of two weeks only': [{ latest: 0, before: [1_000, null, 1_000, null] }],
  'little is known of the last hour': [{ latest: null }],
}

test.each(Object.entries(skipped))('is skipped where %s', (_, rows) => {
  expect(judged(rows)).toEqual({ skip: expect.stringContaining('3 weeks') })
})

test('is skipped where nobody reports', () => {
  const weekly = { ...NOBODY, hour: { from: ago(3_600_000), to: NOW } }
  expect(judge(subscriptionsBelowBaseline, { weekly })).toHaveProperty('skip')
})

describeRule(subscriptionsBelowBaseline, {
  facts: (below) => given({ latest: 1_000 * (1 - below) }),
  fires: 0.25,
  worsens: 0.6,
  between: 0.15,
  calm: 0,
})
