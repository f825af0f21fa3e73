import { expect, test } from 'vitest'
import type { RehearsalDetailWire, RehearsedStepWire } from '../model/rehearsal-wire.ts'
import { paint } from './paint.ts'
import { rehearsalLines } from './render-rehearsal.ts'

const step = (number: number, over: Partial<RehearsedStepWire>) =>
  ({
    number,
    section: 'steps',
    title: `Step ${number}`,
    owner: null,
    state: 'to do',
    expectedMs: 60_000,
    tookMs: null,
    isSlow: false,
    note: '',
    ...over,
  }) as RehearsedStepWire
const lines = (steps: readonly RehearsedStepWire[], next: number, over: Partial<RehearsalDetailWire> = {}) =>
  rehearsalLines(
    {
      name: 'REH-1',
      title: 'Release',
      release: '7.2',
      state: 'running',
      verdict: null,
      verdictWords: '',
      rollbackBecause: null,
      startedAt: '2026-11-23T10:00:00.000Z',
      startedBy: 'ada',
      expectedMs: 0,
      tookMs: 0,
      steps,
      next,
      ...over,
    } as unknown as RehearsalDetailWire,
    paint(false),
  )

test('a step that has begun is under way, one that has not is next', () => {
  expect(lines([step(1, {}), step(2, {})], 1)).toContain('1. Step 1  next  (1 min planned)')
  expect(lines([step(1, { state: 'running' }), step(2, {})], 1)).toContain('1. Step 1  under way')
})

test('times are added up once there are some', () => {
  expect(lines([step(1, {})], 1)).toContain('No step was timed yet.')
  const done = step(1, { state: 'done', tookMs: 90_000 })
  expect(lines([done], 1, { tookMs: 90_000, expectedMs: 60_000 })).toContain('1 min 30 s of 1 min planned')
})
