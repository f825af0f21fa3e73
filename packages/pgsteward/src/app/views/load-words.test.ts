import { expect, test } from 'vitest'
import { madeRun } from '../../../test/store/made-run.ts'
import type { KeptComparison, KeptRun } from '../../store/load/load-store.ts'
import { runVerdict } from './load-words.ts'

const RUN: KeptRun = {
  id: 'r',
  startedAt: new Date('2026-11-22T12:00:00Z'),
  durationMs: 60_000,
  scenario: madeRun({ id: 'r' }).scenario,
  engine: 'node',
  target: null,
  targetId: null,
  ended: 'completed',
  requests: 600,
  errors: 0,
  p50Ms: 10,
  p95Ms: 118,
  p99Ms: 200,
  invalid: [],
  thresholds: 0,
  crossed: [],
  hostClass: 'a',
  gitSha: null,
  branch: null,
  experimentId: null,
  experimentSide: null,
  leftOut: [],
}
const compared = (verdict: KeptComparison['verdict'], summary: string): KeptComparison => ({
  id: '1',
  at: new Date(0),
  base: 'b',
  head: 'r',
  baseIds: ['b'],
  headIds: ['r'],
  design: 'stored',
  verdict,
  summary,
})

test.each<[string, Partial<KeptRun>, KeptComparison | null, string, string]>([
  ['alone: its figures', {}, null, 'measured', 'p95 118 ms at 10/s, none failed.'],
  [
    'with thresholds: that they are met',
    { thresholds: 2 },
    null,
    'good',
    'All 2 thresholds are met: p95 118 ms at 10/s, none failed.',
  ],
  [
    'with a crossed one: which',
    { thresholds: 2, crossed: ['p95 < 100 ms'] },
    null,
    'failed',
    'Crossed 1 of 2 thresholds: p95 < 100 ms.',
  ],
  [
    'slower than before: that first, whatever the thresholds say',
    { thresholds: 1 },
    compared('fail', 'p95 is 32 % slower'),
    'failed',
    'p95 is 32 % slower. Its threshold is met: p95 118 ms at 10/s, none failed.',
  ],
  ['undecided: that nobody knows', {}, compared('inconclusive', 'too noisy'), 'inconclusive', 'too noisy.'],
  [
    'what must not be compared says nothing',
    {},
    compared('invalid', 'another host'),
    'measured',
    'p95 118 ms at 10/s, none failed.',
  ],
  [
    'invalid: nothing else',
    { invalid: ['7 arrivals were dropped', 'late'], thresholds: 1 },
    compared('pass', 'fine'),
    'invalid',
    'Not to be believed: 7 arrivals were dropped. And 1 more reason.',
  ],
])('%s', (_, over, comparison, standing, text) => {
  expect(runVerdict({ ...RUN, ...over }, comparison)).toEqual({ standing, text })
})
