import { expect, test } from 'vitest'
import { failingProbe } from '../../../test/availability/rows.ts'
import { ago, judge } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import type { SeenProbe } from '../../facts/availability.ts'
import { probeFailing } from './probe-failing.ts'

const found = (probe: SeenProbe, options = {}) => judge(probeFailing, { probes: [probe] }, { options })

test('quiet while probes are up', () => {
  expect(found(failingProbe(0))).toEqual([])
})

test('skips where nothing is probed', () => {
  expect(judge(probeFailing, { probes: [] })).toEqual({ skip: 'nothing is probed' })
})

test('critical after two failures in a row, with the error, since when, and what was asked (N5)', () => {
  expect(found(failingProbe(2))).toEqual([
    {
      subject: { kind: 'probe', name: 'health' },
      severity: 'critical',
      summary: 'health does not answer as it should: it answered 503',
      evidence: [
        { label: 'asked', value: 'https://shop.example.com/health', unit: 'text' },
        { label: 'error', value: 'it answered 503', unit: 'text' },
        { label: 'failing since', value: ago(40_000).toISOString(), unit: 'text' },
        { label: 'for', value: 40_000, unit: 'ms' },
        { label: 'failures in a row', value: 2, unit: 'count' },
        { label: 'reported from', value: 2, unit: 'count' },
        { label: 'took', value: 20, unit: 'ms' },
        { label: 'last asked', value: ago(10_000).toISOString(), unit: 'text' },
        { label: 'asked every', value: 30_000, unit: 'ms' },
      ],
    },
  ])
})

test('of a database it says what that means', () => {
  const latest = { ...failingProbe(3).latest!, error: 'db:5432 refused the connection' }
  expect(found(failingProbe(3, { kind: 'database', name: 'database', latest }))).toMatchObject([
    { summary: 'The database does not take a session: db:5432 refused the connection' },
  ])
})

test('the first failure opens nothing, and ends nothing', () => {
  expect(found(failingProbe(1))).toMatchObject([{ sustains: true }])
  expect(found(failingProbe(1), { failures: 1 })).not.toMatchObject([{ sustains: true }])
})

test('what nobody has asked for a while stays as it was', () => {
  expect(found(failingProbe(9, { isStale: true }))).toMatchObject([{ sustains: true }])
  expect(found(failingProbe(0, { isStale: true }))).toEqual([])
})

test('a certificate that ends within two weeks is a warning, told before anything fails', () => {
  const ends = (days: number, failures = 0) => {
    const certificateExpiresAt = ago(-days * 86_400_000)
    return found(
      failingProbe(failures, { latest: { ...failingProbe(failures).latest!, certificateExpiresAt } }),
    )
  }
  expect(ends(15)).toEqual([])
  expect(ends(13)).toMatchObject([
    { severity: 'warning', summary: 'The certificate of health ends soon', subject: { name: 'health' } },
  ])
  expect(ends(13, 2)).toMatchObject([{ severity: 'critical' }])
})

describeRule(probeFailing, {
  facts: (failures) => ({ probes: [failingProbe(failures)] }),
  fires: 2,
  between: 1,
  calm: 0,
})
