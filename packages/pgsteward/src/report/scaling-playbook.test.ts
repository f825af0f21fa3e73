import { describe, expect, test } from 'vitest'
import type { ScalabilityFit, Sweep, SweepStep } from '../model/sweep.ts'
import { type PlaybookFigures, scalingPlaybook } from './scaling-playbook.ts'
import { sweepText } from './sweep-text.ts'

const FIT: ScalabilityFit = {
  usl: { lambda: 100, sigma: 0.1, kappa: 0 },
  r2: 0.98,
  knee: { n: 12.4, by: 'usl', interval: [9, 16] },
  peak: { n: 64, throughput: 520, isMeasured: true },
  doesNotFit: null,
  disagreeing: [],
}
const STEP: SweepStep = {
  offered: 16,
  round: 0,
  runId: 'r',
  requestsPerSecond: 512,
  p50Ms: 20,
  p95Ms: 48,
  p99Ms: 90,
  errorRatio: 0,
  invalid: [],
  pool: { max: 10, usedMax: 9, waitingMax: 3, waitP95Ms: 4 },
  statementsPerRequest: 3,
  databaseMsPerRequest: 1.5,
  activeSessions: 2,
  bufferHitRatio: 0.99,
  hostBusyRatio: 0.5,
}
const sweep = (more: Partial<Sweep> = {}): Sweep => ({
  format: 'pgsteward-sweep/1',
  startedAt: '2026-11-22T18:00:00.000Z',
  scenario: { id: 'load', title: 'Load', hash: 'h' },
  variable: 'POOL_SIZE',
  model: 'closed',
  stepMs: 10_000,
  rounds: 1,
  p95LimitMs: null,
  ended: 'completed',
  values: [
    {
      value: '5',
      steps: [{ ...STEP, requestsPerSecond: 300 }],
      fit: FIT,
      best: { ...STEP, requestsPerSecond: 300 },
      poolWarnsAt: 8,
      poolSignal: 'before-knee',
      trouble: null,
    },
    {
      value: '10',
      steps: [STEP],
      fit: FIT,
      best: STEP,
      poolWarnsAt: 16,
      poolSignal: 'at-knee',
      trouble: null,
    },
    {
      value: 'many',
      steps: [],
      fit: { ...FIT, usl: null, knee: null, doesNotFit: 'nothing was measured' },
      best: null,
      poolWarnsAt: null,
      poolSignal: 'unknown',
      trouble: 'npm start does not serve: it ended with code 1',
    },
  ],
  overall: null,
  cores: 8,
  ...more,
})
const FIGURES: PlaybookFigures = { application: 'shop', date: '2026-11-22', machine: '8 cores', sweeps: [] }
const TEMPLATE =
  '{{application}} {{date}} {{machine}} {{other}} {{unknown}}\n{{thresholds}}\n{{pool}}\n{{cache}}'

describe('the scaling playbook (L5)', () => {
  test('loses what the template says about itself', () => {
    expect(scalingPlaybook('a\n\n<!-- template -->\nfills {{pool}}\n<!-- /template -->\n\nb', FIGURES)).toBe(
      'a\n\nb',
    )
  })

  test('says of what was not measured that it was not, and how to', () => {
    const text = scalingPlaybook(TEMPLATE, FIGURES)
    expect(text).toContain('shop 2026-11-22 8 cores None. {{unknown}}')
    expect(text).toContain('Not measured yet: `pgsteward load sweep SCENARIO --vary POOL_SIZE=10,20,40')
    expect(text).toContain('Not measured yet: load the application with its cache')
  })

  test('is filled with what was: enough, the knee, and whether the threshold warned in time', () => {
    const text = scalingPlaybook(TEMPLATE, { ...FIGURES, sweeps: [sweep()] })
    expect(text).toContain(
      'POOL_SIZE=10 gives 512 requests/s, within 5 % of the best (POOL_SIZE=10): more is not worth it.',
    )
    expect(text).toContain(
      '| 10 | 512 | 16 | 48 ms | 9 of 10, 3 waiting | a knee at 12, 90 % interval 9 to 16 (universal scalability law, R² 0.98) |',
    )
    expect(text).toContain('| over 70 % of the pool, POOL_SIZE=5 | warns before the knee from 8 users on |')
    expect(text).toContain('| many | - | - | - | did not run |')
  })

  test('shows what a cache removes, and judges its hits by the threshold', () => {
    const of = (label: string, hitRatio: number | null, databaseMsPerRequest: number) => ({
      label,
      hitRatio,
      databaseMsPerRequest,
      statementsPerRequest: 3,
      requestsPerSecond: 100,
    })
    const text = scalingPlaybook(TEMPLATE, {
      ...FIGURES,
      cache: [of('none', null, 2), of('small', 0.3, 1.5), of('large', 0.9, 0.5)],
    })
    expect(text).toContain('| large | 90 % | 100 | 3 | 0.5 ms | 75 % |')
    expect(text).toContain('| under 50 % of cache hits, small | 30 %: below,')
    expect(text).toContain('| under 50 % of cache hits, large | 90 %: above,')
  })

  test('says that a full machine tells about itself', () => {
    const full = sweep()
    const values = full.values.map((value) => ({
      ...value,
      best: value.best === null ? null : { ...value.best, hostBusyRatio: 0.99 },
    }))
    expect(scalingPlaybook('{{pool}}', { ...FIGURES, sweeps: [sweep({ values })] })).toMatch(
      /^The machine was the limit and not POOL_SIZE: .* over 90 % busy, on 8 cores with the generator among them/,
    )
  })
})

test('a sweep in the terminal begins with the answer, and shows why a value did not run', () => {
  const lines = sweepText(sweep()).split('\n')
  expect(lines[0]).toBe(
    'POOL_SIZE=10 gives 512 requests/s, within 5 % of the best (POOL_SIZE=10): more is not worth it.',
  )
  expect(lines).toContain('  npm start does not serve: it ended with code 1')
  expect(lines).toContain('  over 70 % of the pool: warns at the knee from 16 users on')
})
