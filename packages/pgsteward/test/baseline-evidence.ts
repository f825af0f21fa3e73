// Database evidence as data, for tests of causes, bottlenecks and baselines: an ordinary one, `...over` last.

import type { DatabaseEvidence } from '../src/model/load-run.ts'

type Statement = DatabaseEvidence['statements'][number]

/** 1,000 calls of 1 ms by an index. */
export function statementRow(over: Partial<Statement> = {}): Statement {
  return {
    queryId: '101',
    fingerprint: 'f101',
    text: 'select m.body from message m where m.conversation_id = $1',
    calls: 1_000,
    totalMs: 1_000,
    rows: 10_000,
    blocksHit: 20_000,
    blocksRead: 0,
    tempBlocksWritten: 0,
    planShape: 'aaaaaaaaaaaa',
    planText: 'Index Scan on message m using message_conversation_idx',
    route: null,
    blockReadMs: 0,
    ...over,
  }
}

export function evidenceRow(over: Partial<DatabaseEvidence> = {}): DatabaseEvidence {
  const statements = over.statements ?? [statementRow()]
  return {
    targetId: null,
    seconds: 10,
    statements,
    totals: {
      calls: statements.reduce((sum, { calls }) => sum + calls, 0),
      totalMs: statements.reduce((sum, { totalMs }) => sum + totalMs, 0),
      tempBytes: 0,
      deadlocks: 0,
      rollbacks: 0,
    },
    waits: [],
    activeSessions: { mean: 0.5, max: 3 },
    cacheHitRatio: 0.999,
    connections: { max: 97, peak: 12 },
    pools: [],
    tables: [],
    ...over,
  }
}
