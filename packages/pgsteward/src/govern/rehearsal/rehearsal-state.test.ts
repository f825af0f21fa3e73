import { describe, expect, test } from 'vitest'
import { minutesLater } from '../../../test/notify/alert-rows.ts'
import type { GovernanceRecord } from '../../model/governance.ts'
import type { RehearsalAction } from './rehearsal-entries.ts'
import { nextStep, refuseRehearsal, rehearsalOf } from './rehearsal-state.ts'

const MINUTE = 60_000
type Told = readonly [minute: number, action: RehearsalAction, body: object]
const step = (section: string, title: string, minutes: number | null = null) => ({
  section,
  title,
  owner: null,
  expectedMs: minutes === null ? null : minutes * MINUTE,
  run: null,
  text: '',
})
const rehearsal = (...entries: readonly Told[]): GovernanceRecord => ({
  kind: 'rehearsal',
  number: 1,
  targetId: null,
  origin: null,
  entries: (
    [
      [
        0,
        'opened',
        {
          title: 'Release 7',
          release: '7.0',
          steps: [
            step('pre-flight', 'backup'),
            step('steps', 'migrate', 5),
            step('steps', 'roll out', 2),
            step('rollback', 'back', 1),
          ],
        },
      ],
      ...entries,
    ] as const
  ).map(([minute, action, body], seq) => ({
    seq,
    at: minutesLater(minute),
    actor: 'ada',
    action,
    body: { ...body },
  })),
})
/** Begun at one minute and ended at another. */
const did = (
  number: number,
  from: number,
  to: number,
  action: RehearsalAction = 'step-done',
): readonly Told[] => [
  [from, 'step-begun', { step: number }],
  [to, action, { step: number, note: 'so' }],
]
const FINISHED: Told = [99, 'finished', { note: '' }]

test('planned and actual time of each step, and of those that have both', () => {
  const told = rehearsalOf(rehearsal(...did(1, 0, 3), ...did(2, 3, 11), ...did(3, 11, 13), FINISHED))
  expect(told.steps.map(({ tookMs, isSlow }) => [tookMs! / MINUTE, isSlow])).toEqual([
    [3, false],
    [8, true],
    [2, false],
    [0, false],
  ])
  expect(told).toMatchObject({ expectedMs: 7 * MINUTE, tookMs: 10 * MINUTE, verdict: 'passed' })
  expect(told.verdictWords).toBe('Every step was done. 1 took far longer than planned.')
})

describe('the verdict', () => {
  test.each<[string, string, readonly Told[]]>([
    ['passed', 'Every step was done.', [...did(1, 0, 1), ...did(2, 1, 2), ...did(3, 2, 3)]],
    [
      'passed',
      '1 skipped',
      [...did(1, 0, 1), [1, 'step-skipped', { step: 2, note: 'no migration' }], ...did(3, 2, 3)],
    ],
    ['failed', 'Pre-flight failed: backup', did(1, 0, 1, 'step-failed')],
    [
      'rolled back',
      'step 2 failed: migrate',
      [...did(1, 0, 1), ...did(2, 1, 2, 'step-failed'), ...did(4, 2, 3)],
    ],
    ['failed', 'Not rolled back to the end', [...did(1, 0, 1), ...did(2, 1, 2, 'step-failed')]],
    [
      'failed',
      'Not rolled back: back failed',
      [...did(1, 0, 1), ...did(2, 1, 2, 'step-failed'), ...did(4, 2, 3, 'step-failed')],
    ],
    [
      'rolled back',
      'to try it',
      [...did(1, 0, 1), [1, 'rollback-begun', { reason: 'to try it' }], ...did(4, 2, 3)],
    ],
    ['abandoned', 'Ended before migrate', did(1, 0, 1)],
  ])('%s: %s', (verdict, words, entries) => {
    const told = rehearsalOf(rehearsal(...entries, FINISHED))
    expect(told.verdict).toBe(verdict)
    expect(told.verdictWords).toContain(words)
  })
})

test('a step that fails leads to the rollback, a pre-flight that fails to the end', () => {
  const next = (...entries: readonly Told[]) => nextStep(rehearsalOf(rehearsal(...entries)))?.title ?? null
  expect(next()).toBe('backup')
  expect(next(...did(1, 0, 1))).toBe('migrate')
  expect(next(...did(1, 0, 1), ...did(2, 1, 2, 'step-failed'))).toBe('back')
  expect(next(...did(1, 0, 1, 'step-failed'))).toBeNull()
  expect(next(...did(1, 0, 1), ...did(2, 1, 2), ...did(3, 2, 3))).toBeNull()
})

describe('refuses', () => {
  const RUNNING: Told = [0, 'step-begun', { step: 1 }]
  test.each<[string, RehearsalAction, number | null, readonly Told[]]>([
    ['Next is step 1: backup', 'step-begun', 2, []],
    ['It has 1 to 4', 'step-begun', 9, []],
    ['Say how it ended', 'step-begun', 1, [RUNNING]],
    ['Say how it ended', 'finished', null, [RUNNING]],
    ['Start another', 'step-begun', 1, [FINISHED]],
    [
      'Go on with the steps of its rollback',
      'rollback-begun',
      null,
      [[1, 'rollback-begun', { reason: 'x' }]],
    ],
    ['rehearsal finish', 'step-begun', 3, [...did(1, 0, 1), ...did(2, 1, 2), ...did(3, 2, 3)]],
  ])('%s', (hint, action, number, entries) => {
    expect(() => refuseRehearsal(rehearsalOf(rehearsal(...entries)), action, number)).toThrow(
      expect.objectContaining({ code: 'record-changed', hint: expect.stringContaining(hint) }),
    )
  })
})
