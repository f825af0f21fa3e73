import { expect, test } from 'vitest'
import { evidenceRow, statementRow } from '../../test/baseline-evidence.ts'
import { runRow, seriesRow } from '../../test/gate/runs.ts'
import type { DatabaseEvidence, LoadRun } from '../model/load-run.ts'
import { bottleneckOf } from './bottleneck.ts'

/** 1,000 requests of `requestMs`. */
function runOf(requestMs: number, evidence: Partial<DatabaseEvidence> | null, over: Partial<LoadRun> = {}) {
  return runRow({
    series: [
      seriesRow({ count: 1_000, medianMs: requestMs, spread: 0.01 }),
      seriesRow({ name: 'GET /api/conversations/:id', count: 500, medianMs: requestMs, spread: 0.01 }),
    ],
    database: evidence === null ? null : evidenceRow(evidence),
    ...over,
  })
}

const summaries = (run: LoadRun) => bottleneckOf(run).map(({ kind, summary }) => `${kind}: ${summary}`)

const slow = statementRow({
  text: 'select m.body from conversation_message m where m.conversation_id = $1',
  totalMs: 45_000,
  route: 'GET /api/conversations/:id',
  planText: 'Limit(Sort(Seq Scan on conversation_message m))',
})
const fast = statementRow({ queryId: '102', fingerprint: 'f102', text: 'select 1', totalMs: 9_900 })
const scanned = {
  name: 'public.conversation_message',
  rows: 220_000,
  sizeBytes: 1e8,
  sequentialScans: 1_000,
  sequentialRows: 220_000_000,
}

test('L4: the statement that reads a whole table for a few rows', () => {
  const run = runOf(60, { statements: [slow, fast], tables: [scanned] })
  const [first] = bottleneckOf(run)
  expect(first).toMatchObject({ kind: 'statement', queryId: '101' })
  expect(first!.share).toBeCloseTo(0.75, 2)
  expect(first!.summary).toBe(
    '82 % of the database\'s time is one statement, "SELECT conversation_message" of GET /api/conversations/:id: 45 ms a call; it reads the whole of conversation_message, 220,000 rows a scan, to return 10: an index is missing, or cannot be used.',
  )
})

test('a list without a bound is not an index that is missing', () => {
  const run = runOf(60, { statements: [{ ...slow, rows: 200_000_000 }], tables: [scanned] })
  expect(summaries(run)[0]).toContain('the list has no bound')
})

test('one query for each row, by the calls of its route', () => {
  const run = runOf(60, { statements: [{ ...slow, calls: 20_000, planText: null }] })
  expect(summaries(run)[0]).toContain(
    '2.3 ms a call, 40 calls a request, as where one query is sent for each row (N+1)',
  )
})

test('a cheap statement, sent again and again, costs the way there and back', () => {
  const chatty = statementRow({ text: 'select name from member where id = $1', calls: 40_000, totalMs: 400 })
  const other = statementRow({ queryId: '7', fingerprint: 'f7', totalMs: 3_000 })
  const found = bottleneckOf(runOf(20, { statements: [other, chatty] }))
  expect(found[0]!.summary).toBe(
    '"SELECT member" is sent 40 times a request, as where one query is sent for each row (N+1): the database has 0.01 ms of each, the way there and back comes to it every time.',
  )
})

test('a statement that every request sends once is no loop of the route that has most of it', () => {
  const session = statementRow({ calls: 1_000, totalMs: 900, route: 'GET /rare' })
  const run = runOf(20, {
    statements: [statementRow({ queryId: '7', fingerprint: 'f7', totalMs: 1_000 }), session],
  })
  const rare = seriesRow({ name: 'GET /rare', count: 20 })
  expect(summaries({ ...run, series: [...run.series, rare] }).join()).not.toContain('N+1')
})

test('what an index mends comes before an application that is slow by itself', () => {
  const run = runOf(200, { statements: [slow, fast], tables: [scanned] })
  expect(bottleneckOf(run).map(({ kind }) => kind)).toEqual(['statement', 'application', 'statement'])
})

test('locks, of the statement and of all sessions', () => {
  const lock = { type: 'Lock', event: 'transactionid', averageSessions: 4 }
  const run = runOf(60, {
    statements: [statementRow({ text: 'update church set sent = sent + 1', totalMs: 45_000, waits: [lock] })],
    waits: [lock, { type: 'CPU', event: null, averageSessions: 1 }],
    activeSessions: { mean: 5, max: 9 },
  })
  expect(summaries(run)).toEqual([
    'statement: 100 % of the database\'s time is one statement, "UPDATE church": 45 ms a call; 89 % of it is waiting for other transactions\' locks (Lock:transactionid).',
    "wait: Of 5 sessions active on average 4 waited for each other's locks (mostly Lock:transactionid).",
  ])
})

test('temporary files and the disk', () => {
  const run = runOf(60, {
    statements: [
      statementRow({
        totalMs: 45_000,
        tempBlocksWritten: 256_000,
        blocksHit: 100,
        blocksRead: 400_000,
        blockReadMs: 30_000,
      }),
    ],
    cacheHitRatio: 0.8,
  })
  const [first, cache] = summaries(run)
  expect(first).toContain('a sort or hash writes 2 MB a call to temporary files: more than work_mem holds')
  expect(first).toContain('3.1 MB a call come from outside shared buffers (67 % of its time)')
  expect(cache).toContain('cache: 20 % of the blocks came from outside shared buffers')
})

test('a full pool of busy connections leads to the statement, one of idle ones to the pool', () => {
  const pool = { name: 'db:5432/shop', max: 10, usedMax: 10, waitingMax: 37, waitP95Ms: 400 }
  const busy = runOf(500, { statements: [slow], pools: [pool], activeSessions: { mean: 9.5, max: 10 } })
  expect(bottleneckOf(busy).map(({ kind }) => kind)).toEqual(['statement', 'pool'])
  expect(bottleneckOf(busy)[1]!.summary).toContain('it is the statements that hold them')
  const idle = runOf(500, { statements: [fast], pools: [pool], activeSessions: { mean: 0.4, max: 3 } })
  expect(bottleneckOf(idle)[0]).toMatchObject({ kind: 'pool', subject: 'db:5432/shop' })
  expect(bottleneckOf(idle)[0]!.summary).toContain('the pool is too small, or connections are held')
})

test('connections near the limit, and errors', () => {
  const run = runOf(5, { connections: { max: 97, peak: 97 }, statements: [statementRow({ totalMs: 4_000 })] })
  const failing = { ...run, requests: { ...run.requests, errors: 100, errorKinds: { '503': 100 } } }
  expect(summaries(failing)).toEqual(
    expect.arrayContaining([
      'connections: Up to 97 of the 97 connections that ordinary roles may have were open.',
      'errors: 10 % of the requests failed: 503 100 times.',
    ]),
  )
})

test('a database that has little of a request is not the bottleneck', () => {
  const [first] = bottleneckOf(runOf(60, { statements: [statementRow({ totalMs: 3_000 })] }))
  expect(first).toMatchObject({ kind: 'application' })
  expect(first!.summary).toContain('The database has 3 ms of the 60 ms that a request takes')
})

test('without evidence there is nothing to say but errors', () => {
  const run = runOf(60, null)
  expect(bottleneckOf(run)).toEqual([])
  const failing = { ...run, requests: { ...run.requests, errors: 20, errorKinds: { timeout: 20 } } }
  expect(bottleneckOf(failing).map(({ kind }) => kind)).toEqual(['errors'])
})
