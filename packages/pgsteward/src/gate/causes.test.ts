import { expect, test } from 'vitest'
import { evidenceRow, statementRow } from '../../test/baseline-evidence.ts'
import { runRow, seriesRow } from '../../test/gate/runs.ts'
import type { DatabaseEvidence, LoadRun } from '../model/load-run.ts'
import { findCauses } from './causes.ts'

/** 1,000 requests of `requestMs`. */
function runOf(
  requestMs: number,
  evidence: Partial<DatabaseEvidence> | null = {},
  over: Partial<LoadRun> = {},
) {
  return runRow({
    series: [
      seriesRow({ count: 1_000, medianMs: requestMs, spread: 0.01 }),
      seriesRow({ name: 'GET /api/conversations/:id', count: 1_000, medianMs: requestMs, spread: 0.01 }),
    ],
    database: evidence === null ? null : evidenceRow(evidence),
    ...over,
  })
}

const WITH_INDEX = environment({
  'index public.message_conversation_idx': 'on public.message (conversation_id)',
  'table public.message': 'aaaa',
})
const WITHOUT = environment({ 'table public.message': 'aaaa' })

function environment(
  schemaObjects: Record<string, string>,
  settings: Record<string, string> = {},
): Partial<LoadRun> {
  return {
    environment: {
      ...runRow().environment,
      postgres: {
        versionNum: 180_000,
        settingsHash: JSON.stringify(settings),
        settings,
        schemaHash: JSON.stringify(schemaObjects),
        schemaObjects,
        dataBytes: 1e9,
      },
    },
  }
}

const message = { name: 'public.message', rows: 220_000, sizeBytes: 1e8 }

const summaries = (base: readonly LoadRun[], head: readonly LoadRun[]) =>
  findCauses(base, head).map(({ kind, summary }) => `${kind}: ${summary}`)

test('V5: a dropped index: the statement, its plan, the table and the index', () => {
  const base = runOf(12, {}, WITH_INDEX)
  const head = runOf(
    96,
    {
      statements: [
        statementRow({
          totalMs: 85_000,
          planShape: 'bbbbbbbbbbbb',
          planText: 'Seq Scan on message m',
          blocksHit: 4e6,
        }),
      ],
      tables: [{ ...message, sequentialScans: 1_000, sequentialRows: 220_000_000 }],
    },
    WITHOUT,
  )
  const [first, ...others] = findCauses([base], [head])
  expect(first).toMatchObject({ kind: 'plan', queryId: '101' })
  expect(first!.summary).toBe(
    '"SELECT message" takes 84 ms a request more (1 ms before, 85 ms now), 100 % of the whole growth: its plan changed, Index Scan using message_conversation_idx on message became Seq Scan on message; index message_conversation_idx is gone; it reads the whole of message, 220,000 rows each time.',
  )
  expect(others.map(({ kind, summary }) => `${kind}: ${summary}`)).toEqual([
    'schema: One thing in the schema differs: index public.message_conversation_idx is gone (on public.message (conversation_id)).',
  ])
})

test('the other way about, the same words say what was gained', () => {
  const slow = {
    statements: [statementRow({ totalMs: 85_000, planShape: 'b', planText: 'Seq Scan on message m' })],
  }
  const [first] = findCauses([runOf(96, slow, WITHOUT)], [runOf(12, {}, WITH_INDEX)])
  expect(first!.summary).toContain('84 ms a request less (85 ms before, 1 ms now), 100 % of the whole gain')
  expect(first!.summary).toContain('index message_conversation_idx is new')
})

test('where one side has no plan, the index that came on its table is the reason', () => {
  const pkey = { 'index public.message_pkey': 'unique on public.message (id)' }
  const slow = {
    statements: [statementRow({ totalMs: 85_000, planShape: 'b', planText: 'Seq Scan on message m' })],
  }
  const base = runOf(96, slow, environment(pkey))
  const head = runOf(
    12,
    { statements: [statementRow({ planShape: null, planText: null })] },
    environment({
      ...pkey,
      'index public.message_conversation_idx': 'on public.message (conversation_id)',
      'index public.other_idx': 'on public.message_recipient (id)',
    }),
  )
  expect(findCauses([base], [head])[0]!.summary).toContain(
    '(85 ms before, 1 ms now), 100 % of the whole gain: on its table index message_conversation_idx is new.',
  )
})

test('V5: one query for each row', () => {
  const head = runOf(31, { statements: [statementRow({ calls: 20_000, totalMs: 20_000 })] })
  expect(summaries([runOf(12)], [head])).toEqual([
    'statement: "SELECT message" takes 19 ms a request more (1 ms before, 20 ms now), 100 % of the whole growth: it is called 20 times as often (one query for each row, N+1?).',
  ])
})

test('V5: one query for each row, so cheap that only the way there and back is felt', () => {
  const head = runOf(27, { statements: [statementRow({ calls: 31_000, totalMs: 1_200 })] })
  const [first, ...others] = findCauses([runOf(12)], [head])
  expect(first!.summary).toBe(
    '"SELECT message" is sent 31 times a request, 1 before (one query for each row, N+1?): in the database that is 1.2 ms, and about 15 ms the way there and back.',
  )
  expect(first!.share).toBeGreaterThan(0.9)
  expect(others).toEqual([])
})

test('calls explain better than the little time that they took in the database', () => {
  const head = runOf(27, { statements: [statementRow({ calls: 31_000, totalMs: 3_000 })] })
  const found = findCauses([runOf(12)], [head])
  expect(found.map(({ subject }) => subject)).toEqual([statementRow().text])
  expect(found[0]!.summary).toContain('is sent 31 times a request')
})

test('runs of different length compare: everything is by request', () => {
  const long = runOf(12, { statements: [statementRow({ calls: 5_000, totalMs: 5_000 })] })
  const longer = { ...long, requests: { ...long.requests, count: 5_000 } }
  expect(summaries([runOf(12)], [longer])).toEqual([])
})

test('a new statement and one that is gone', () => {
  const added = statementRow({
    queryId: '7',
    fingerprint: 'f7',
    text: 'select * from audit_log',
    totalMs: 6_000,
  })
  const both = runOf(18, { statements: [statementRow(), added] })
  expect(summaries([runOf(12)], [both])).toEqual([
    'statement: "SELECT audit_log" is new and takes 6 ms of a request, 100 % of the whole growth.',
  ])
  expect(summaries([both], [runOf(12)])).toEqual([
    'statement: "SELECT audit_log" is no longer sent, which saves 6 ms a request, 100 % of the whole gain.',
  ])
})

test('the same plan over a table that has grown', () => {
  const grown = (rows: number, totalMs: number): Partial<DatabaseEvidence> => ({
    statements: [statementRow({ totalMs, planText: 'Seq Scan on message m', blocksHit: rows })],
    tables: [{ ...message, rows, sequentialScans: 1_000, sequentialRows: rows * 1_000 }],
  })
  const found = summaries([runOf(12, grown(100_000, 5_000))], [runOf(22, grown(300_000, 15_000))])
  expect(found[0]).toContain('message has grown from 100,000 to 300,000 rows')
  expect(found).toContain('table: public.message has 300,000 rows, 100,000 before.')
})

test('waits of a statement, and of all sessions', () => {
  const lock = { type: 'Lock', event: 'transactionid', averageSessions: 2 }
  const head = runOf(32, { statements: [statementRow({ totalMs: 21_000, waits: [lock] })], waits: [lock] })
  const found = summaries([runOf(12)], [head])
  expect(found[0]).toContain("it waits for Lock:transactionid, 20 ms of a call's 21 ms")
  expect(found[1]).toBe(
    "wait: Sessions wait for each other's locks (Lock:transactionid) 20 ms a request, not at all before.",
  )
})

test('temporary files, blocks from outside the cache, and the lost hit ratio', () => {
  const head = runOf(22, {
    statements: [
      statementRow({ totalMs: 11_000, blocksHit: 12_000, blocksRead: 8_000, tempBlocksWritten: 128_000 }),
    ],
    cacheHitRatio: 0.9,
  })
  const found = summaries([runOf(12)], [head])
  expect(found[0]).toContain(
    'it spills 1 MB a call to temporary files; 8 blocks a call come from outside the cache',
  )
  expect(found).toContain(
    'cache: The cache hit ratio fell from 99.9 % to 90 %: 100 times as many blocks come from outside.',
  )
})

test('a pool that has become full, and errors', () => {
  const pool = { name: 'db:5432/shop', max: 10, usedMax: 10, waitingMax: 37, waitP95Ms: 90 }
  const head = runOf(12, { pools: [pool] })
  const failing = {
    ...head,
    requests: { ...head.requests, errors: 50, errorKinds: { '503': 40, timeout: 10 } },
  }
  expect(summaries([runOf(12, { pools: [{ ...pool, usedMax: 6, waitingMax: 0 }] })], [failing])).toEqual([
    'errors: 5 % of the requests fail, 0 % before: 503 40 times, timeout 10 times.',
    'pool: All 10 connections of pool db:5432/shop were in use and up to 37 callers waited for one (95 % of all waits up to 90 ms); before, at most 6 were in use.',
  ])
})

test('settings by name', () => {
  const found = summaries(
    [runOf(12, {}, environment({}, { work_mem: '4096 kB', jit: 'on' }))],
    [runOf(12, {}, environment({}, { work_mem: '64 kB', jit: 'on' }))],
  )
  expect(found).toEqual(['settings: A setting differs: work_mem from 4096 kB to 64 kB.'])
})

test('time that is not the database’s is said to be in the application, with the endpoint', () => {
  const found = findCauses([runOf(12)], [runOf(52)])
  expect(found.map(({ kind }) => kind)).toEqual(['application'])
  expect(found[0]!.summary).toBe(
    'A request takes 40 ms more, of which the database has none: the time is in the application or in what else it calls, most of it in GET /api/conversations/:id (12 ms before, 52 ms now).',
  )
  expect(found[0]!.share).toBeCloseTo(1, 2)
})

test('V5: a statement that is slower is told though requests are faster on the whole', () => {
  const other = (totalMs: number) =>
    statementRow({ queryId: '7', fingerprint: 'f7', text: 'select 1 from member', totalMs })
  const base = runOf(30, { statements: [statementRow({ totalMs: 1_000 }), other(20_000)] })
  const slow = statementRow({ totalMs: 8_000, planShape: 'b', planText: 'Seq Scan on message m' })
  const found = findCauses([base], [runOf(18, { statements: [slow, other(1_000)] })])
  expect(found.map(({ subject }) => subject)).toEqual([slow.text, 'select 1 from member'])
  expect(found[0]!.summary).toContain('takes 7 ms a request more (1 ms before, 8 ms now): its plan changed')
  expect(found[0]!.share).toBeNull()
})

test('a gain in the database is told though a busy host made requests slower', () => {
  const slow = {
    statements: [statementRow({ totalMs: 20_000, planShape: 'b', planText: 'Seq Scan on message m' })],
  }
  const busy = { environment: { ...runRow().environment, hostBusyRatio: 0.99 } }
  const found = summaries([runOf(900, slow)], [runOf(1_200, {}, busy)])
  expect(
    found.some((each) => each.includes('19 ms a request less (20 ms before, 1 ms now): its plan changed')),
  ).toBe(true)
  expect(found[0]).toContain('this machine was 99 % busy')
})

test('all statements slower alike with the same work: the server, none of them', () => {
  const three = (factor: number) => ({
    statements: [1, 2, 3].map((id) =>
      statementRow({ queryId: `${id}`, fingerprint: `f${id}`, totalMs: 2_000 * factor }),
    ),
  })
  const found = findCauses([runOf(12, three(1))], [runOf(16, three(1.6))])
  expect(found.map(({ subject }) => subject)).toEqual(['all statements'])
  expect(found[0]!.summary).toContain('the database server itself is slower')
})

test('identical runs, and runs that stray by themselves, have no cause', () => {
  expect(findCauses([runOf(12), runOf(12)], [runOf(12), runOf(12)])).toEqual([])
  const straying = [1_000, 1_900, 1_200].map((totalMs) =>
    runOf(12.5, { statements: [statementRow({ totalMs })] }),
  )
  const base = [1_100, 1_700, 900].map((totalMs) => runOf(12, { statements: [statementRow({ totalMs })] }))
  expect(findCauses(base, straying)).toEqual([])
})

test('without evidence nothing is explained, and nothing fails', () => {
  expect(findCauses([runOf(12, null)], [runOf(40, null)])).toEqual([])
  expect(findCauses([runOf(12)], [runOf(40, null)])).toEqual([])
  expect(findCauses([], [])).toEqual([])
})

test('query ids of another database are matched by fingerprint', () => {
  const head = runOf(31, {
    statements: [statementRow({ queryId: '999', totalMs: 20_000, blocksHit: 400_000 })],
  })
  expect(findCauses([runOf(12)], [head])[0]!.summary).toContain('1 ms before, 20 ms now')
})
