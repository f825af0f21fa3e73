import { describe, expect, test } from 'vitest'
import { sampleAt, sampled, T0 } from '../../../test/activity/samples.ts'
import { ActivityRollup } from './activity-rollup.ts'

describe('the roll-up of samples', () => {
  test('counts a sample for the time since the one before, so that a slower pace weighs the same', () => {
    const rollup = new ActivityRollup(1_000)
    rollup.add(sampleAt(0, [sampled(1)]))
    rollup.add(sampleAt(1, [sampled(1)]))
    rollup.add(sampleAt(5, [sampled(1), sampled(2)]), 4_000)
    expect(rollup.current()).toMatchObject({ samples: 6, peakActive: 2 })
    expect(rollup.current()!.groups.map((each) => [each.queryId, each.sessions])).toEqual([
      ['1', 6],
      ['2', 4],
    ])
  })

  test('does not fill a gap with the sample after it', () => {
    const rollup = new ActivityRollup(1_000)
    rollup.add(sampleAt(0, []))
    rollup.add(sampleAt(40, [sampled(1)]))
    expect(rollup.current()).toMatchObject({ samples: 11 })
  })

  test('hands out each minute once, when the next begins', () => {
    const rollup = new ActivityRollup(1_000)
    expect(rollup.add(sampleAt(58, [sampled(1)]))).toBe(null)
    expect(rollup.add(sampleAt(59, [sampled(1)]))).toBe(null)
    expect(rollup.add(sampleAt(60, []))).toMatchObject({
      at: new Date(T0),
      startedAt: new Date(T0 + 58_000),
      samples: 2,
    })
    expect(rollup.current()).toMatchObject({ at: new Date(T0 + 60_000), groups: [] })
  })

  test('keeps idle in transaction, waiting for locks and the oldest apart from activity', () => {
    const rollup = new ActivityRollup(1_000)
    rollup.add(
      sampleAt(0, [
        sampled(1, {
          state: 'idle in transaction (aborted)',
          waitType: 'Client',
          transactionMs: 9_000,
          xminAge: 70,
        }),
        sampled(2, { waitType: 'Lock', waitEvent: 'tuple' }),
        sampled(3, { backendType: 'parallel worker', leaderPid: 2 }),
        sampled(4, { backendType: 'autovacuum worker', transactionMs: 90_000, application: '' }),
        sampled(5, { backendType: 'background worker' }),
      ]),
    )
    expect(rollup.current()).toMatchObject({
      peakActive: 3,
      idleInTransactionMean: 1,
      blockedMean: 1,
      oldestTransactionMs: 9_000,
      oldestXminAge: 70,
    })
    expect(
      rollup
        .current()!
        .groups.map((each) => each.application)
        .sort(),
    ).toEqual(['(autovacuum)', 'web', 'web'])
  })

  test('stays small however many statements there are: beyond 200 groups only the wait is told', () => {
    const rollup = new ActivityRollup(1_000)
    rollup.add(
      sampleAt(
        0,
        [...Array(1_000).keys()].map((pid) => sampled(pid, { waitType: 'IO', waitEvent: 'DataFileRead' })),
      ),
    )
    const { groups } = rollup.current()!
    expect(groups.length).toBe(201)
    expect(groups[0]).toMatchObject({ queryId: null, application: '(other)', waitType: 'IO', sessions: 800 })
  })
})
