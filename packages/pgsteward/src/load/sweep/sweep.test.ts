import { describe, expect, test } from 'vitest'
import { type ScenarioInput, scenarioSchema } from '../../model/scenario.ts'
import type { SweepStep } from '../../model/sweep.ts'
import { stepScenario } from './step-scenario.ts'
import { sweepValue } from './sweep-value.ts'

const step = (offered: number, requestsPerSecond: number, more: Partial<SweepStep> = {}): SweepStep => ({
  offered,
  round: 0,
  runId: 'r',
  requestsPerSecond,
  p50Ms: 5,
  p95Ms: 10,
  p99Ms: 20,
  errorRatio: 0,
  invalid: [],
  pool: null,
  statementsPerRequest: null,
  databaseMsPerRequest: null,
  activeSessions: null,
  bufferHitRatio: null,
  hostBusyRatio: null,
  ...more,
})
const pool = (usedMax: number, waitingMax = 0) => ({
  pool: { max: 10, usedMax, waitingMax, waitP95Ms: null },
})
const LIMIT = { p95LimitMs: null, trouble: null }
const random = () => 0.5

describe('a value of a sweep', () => {
  /** Rises to 8 users and is flat from there on. */
  const curve = (...used: readonly number[]) =>
    [
      [1, 100],
      [2, 195],
      [4, 380],
      [8, 700],
      [16, 720],
      [32, 722],
    ].map(([users, throughput], index) =>
      step(users!, throughput!, used[index] === undefined ? {} : pool(used[index]!)),
    )

  test.each<[name: string, used: readonly number[], signal: string, from: number | null]>([
    ['warns before the knee when it is used up early', [3, 8, 9, 10, 10, 10], 'before-knee', 2],
    ['never warns when seven of ten are the most', [1, 2, 3, 5, 7, 7], 'never', null],
    ['warns after the knee when something else was the limit', [1, 1, 2, 3, 4, 9], 'after-knee', 32],
    ['is unknown where no pool is told', [], 'unknown', null],
  ])('the pool %s (L5)', (_name, used, poolSignal, poolWarnsAt) => {
    expect(sweepValue('10', curve(...used), LIMIT, random)).toMatchObject({ poolSignal, poolWarnsAt })
  })

  test('its best step is the highest that is believed and within the limit', () => {
    const steps = [
      step(1, 100),
      step(2, 200),
      step(4, 300, { p95Ms: 600 }),
      step(8, 900, { invalid: ['generator-starved'] }),
    ]
    expect(sweepValue('10', steps, LIMIT, random).best!.offered).toBe(4)
    expect(sweepValue('10', steps, { ...LIMIT, p95LimitMs: 500 }, random).best!.offered).toBe(2)
    expect(sweepValue('10', steps, { ...LIMIT, p95LimitMs: 1 }, random).best).toBeNull()
  })

  test('without a step it has no best and no curve', () => {
    const value = sweepValue('10', [], { ...LIMIT, trouble: 'it ended with code 1' }, random)
    expect(value).toMatchObject({ best: null, trouble: 'it ended with code 1' })
    expect(value.fit.doesNotFit).toBe('nothing was measured')
  })
})

describe('a step of a sweep', () => {
  const input: ScenarioInput = {
    id: 's',
    title: 'S',
    load: { model: 'open', stages: [{ for: '1m', perSecond: 5 }], sessions: 7 },
    flows: [
      {
        name: 'f',
        start: [{ path: '/sign-in' }, { pause: '1s' }],
        steps: [
          { path: '/a' },
          { pause: '2s' },
          { repeat: 2, steps: [{ pause: '1s' }] },
          { repeat: 2, steps: [{ path: '/b' }, { pause: '1s' }] },
        ],
      },
    ],
    thresholds: [{ metric: 'p95', below: '1ms', stop: true }],
  }
  const scenario = scenarioSchema.parse(input)
  const load = { model: 'closed', offered: 12, forMs: 5_000, warmUpMs: 1_000, withPauses: false } as const

  test('has a constant load from its first moment, no thresholds that would end it, and no think times', () => {
    const made = stepScenario(scenario, load)
    expect(made.load).toEqual({ model: 'closed', startUsers: 12, stages: [{ for: 6_000, users: 12 }] })
    expect(made).toMatchObject({ warmUp: 1_000, thresholds: [] })
    const paths = JSON.stringify(made.flows)
    expect(paths).not.toContain('pause')
    expect(made.flows[0]!.steps).toHaveLength(2)
    expect(scenarioSchema.parse(made)).toEqual(made)
  })

  test('keeps think times when asked, and the sessions of an open scenario', () => {
    const made = stepScenario(scenario, { ...load, model: 'open', withPauses: true })
    expect(made.flows).toEqual(scenario.flows)
    expect(made.load).toMatchObject({ model: 'open', startPerSecond: 12, sessions: 7 })
  })
})
