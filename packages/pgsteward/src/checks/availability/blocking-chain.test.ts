import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { blockingRow } from '../../../test/rows.ts'
import { blockingChain } from './blocking-chain.ts'

const quiet = {
  nothing: [],
  'a short wait': [blockingRow({ waitedMs: 9_000 })],
  'a queue of short waits': [1, 2, 3, 4, 5].map((i) => blockingRow({ waitingPid: 200 + i, waitedMs: 2_000 })),
  'a wait in another database': [blockingRow({ waitedMs: 90_000, waitingDatabase: 'other' })],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, blocking) => {
  expect(judge(blockingChain, { blocking })).toEqual([])
})

const finds = {
  'one that waits': { rows: [blockingRow({ waitedMs: 11_000 })], severity: 'warning', waiting: 1 },
  'one that waits for very long': {
    rows: [blockingRow({ waitedMs: 61_000 })],
    severity: 'critical',
    waiting: 1,
  },
  'a queue': {
    rows: [1, 2, 3].map((i) => blockingRow({ waitingPid: 200 + i, waitedMs: 11_000 })),
    severity: 'critical',
    waiting: 3,
  },
  'a queue of which only one is late': {
    rows: [1, 2, 3].map((i) => blockingRow({ waitingPid: 200 + i, waitedMs: 4_000 * i })),
    severity: 'warning',
    waiting: 3,
  },
}

test.each(Object.entries(finds))('finds %s', (_, { rows, severity, waiting }) => {
  expect(judge(blockingChain, { blocking: rows })).toMatchObject([
    {
      severity,
      evidence: expect.arrayContaining([{ label: 'sessions waiting', value: waiting, unit: 'count' }]),
    },
  ])
})

test('tells a chain once, from its head, and counts those further behind', () => {
  const chain = [
    blockingRow({ waitingPid: 200, blockingPid: 100, waitedMs: 12_000 }),
    blockingRow({ waitingPid: 300, blockingPid: 200, waitedMs: 11_000, blockerIsRoot: false }),
    blockingRow({ waitingPid: 400, blockingPid: 300, waitedMs: 5_000, blockerIsRoot: false }),
  ]
  const findings = judge(blockingChain, { blocking: chain })
  expect(findings).toHaveLength(1)
  expect(findings).toMatchObject([
    {
      subject: { name: expect.stringMatching(/^100@/) },
      evidence: expect.arrayContaining([{ label: 'sessions waiting', value: 3, unit: 'count' }]),
    },
  ])
})

test('two heads are two findings, and a session behind both counts for each', () => {
  const rows = [
    blockingRow({ waitingPid: 300, blockingPid: 100, waitedMs: 12_000 }),
    blockingRow({ waitingPid: 300, blockingPid: 101, waitedMs: 12_000 }),
  ]
  expect(judge(blockingChain, { blocking: rows })).toHaveLength(2)
})

test('terminates a blocker that is idle, cancels one at work, and leaves autovacuum alone', () => {
  const remedyOf = (over: Parameters<typeof blockingRow>[0]) => {
    const findings = judge(blockingChain, { blocking: [blockingRow({ waitedMs: 20_000, ...over })] })
    return 'skip' in findings ? null : findings[0]?.remedy?.sql[0]
  }
  expect(remedyOf({})).toContain('pg_terminate_backend')
  expect(remedyOf({ blockingState: 'active' })).toContain('pg_cancel_backend')
  expect(remedyOf({ blockingState: 'active', blockingBackendType: 'autovacuum worker' })).toBeUndefined()
})
