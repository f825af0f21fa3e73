// What the store holds when the program is gone, held against the truth: every reading there, no time counted twice, nothing invented.

import { openStore, type StoreLocation } from '../../packages/pgsteward/src/store/open-store.ts'
import type { Expectations } from './fault.ts'
import { LEDGER_TEXT, type Ledger } from './ledger.ts'
import type { WatchProcess } from './watch-process.ts'

export interface KeptInterval {
  /** Its end, in milliseconds since the epoch. */
  readonly at: number
  readonly ms: number
  /** Of the ledger's statement. */
  readonly calls: number
}

export interface KeptReadings {
  readonly snapshots: readonly number[]
  readonly intervals: readonly KeptInterval[]
  readonly breaks: readonly string[]
  /** Calls of all statements by the intervals, and as the roll-ups and the intervals beyond them sum up to. */
  readonly rawCalls: number
  readonly summedCalls: number
  readonly sizeBytes: number
}

const EVER = { from: new Date(0), to: new Date(Date.UTC(2100, 0, 1)) }

/** Opens the store, which migrates and recovers it as the program does. */
export async function keptReadings(location: StoreLocation, targetId: string): Promise<KeptReadings> {
  const store = await openStore(location)
  try {
    const { query } = store.database
    const times = await query<{ at: Date }>(
      `select s.at from pgsteward.snapshot s join pgsteward.target t on t.id = s.target_id where t.name = $1 order by s.at`,
      [targetId],
    )
    const intervals = await query<{ at: Date; seconds: number; calls: number; all_calls: number }>(
      `select i.at, i.seconds::float8 as seconds,
              coalesce(sum(r.calls) filter (where q.text like $2), 0)::float8 as calls,
              coalesce(sum(r.calls), 0)::float8 as all_calls
         from pgsteward.statement_interval i
         join pgsteward.target t on t.id = i.target_id and t.name = $1
         left join pgsteward.statement_interval_row r on r.target_id = i.target_id and r.at = i.at
         left join pgsteward.statement s on s.id = r.statement_id
         left join pgsteward.statement_text x on x.target_id = s.target_id and x.query_id = s.query_id
         left join pgsteward.query_text q on q.hash = x.hash
        group by i.at, i.seconds order by i.at`,
      [targetId, `${LEDGER_TEXT}%`],
    )
    const breaks = await store.breaks(targetId, EVER)
    const sums = await store.statementSums(targetId, EVER)
    return {
      snapshots: times.map(({ at }) => at.getTime()),
      intervals: intervals.map(({ at, seconds, calls }) => ({ at: at.getTime(), ms: seconds * 1000, calls })),
      breaks: breaks.filter(({ factId }) => factId === 'statements').map(({ cause }) => cause),
      rawCalls: intervals.reduce((sum, each) => sum + each.all_calls, 0),
      summedCalls: sums.calls,
      sizeBytes: await store.sizeBytes(),
    }
  } finally {
    await store.close()
  }
}

/** A reading is dated by its round, and statements are read a little later; a busy machine makes that long. */
const SKEW_MS = 3_000
/** Of real, in which an interval's length is kept. */
const ROUNDING_MS = 5

export interface Account {
  readonly told: number
  readonly truth: number
  readonly coveredMs: number
  readonly spanMs: number
}

/** Expects of the store what holds whatever happened. `inOrder`: the program's clock was never set back. */
export function expectTruth(
  expect: Expectations,
  { snapshots, intervals, rawCalls, summedCalls }: KeptReadings,
  ledger: Ledger,
): Account {
  const overlaps = intervals.filter(
    (each, i) => i > 0 && each.at - each.ms < intervals[i - 1]!.at - ROUNDING_MS,
  ).length
  const skew = ledger.mostWithin(SKEW_MS)
  const inventing = intervals.filter(
    ({ at, ms, calls }) => calls < 0 || calls > ledger.countAt(at + SKEW_MS) - ledger.countAt(at - ms) + 1,
  )
  const chains = chainsOf(intervals)
  const told = intervals.reduce((sum, { calls }) => sum + calls, 0)
  const truth = chains.reduce((sum, { from, to }) => sum + ledger.countAt(to) - ledger.countAt(from), 0)
  const first = snapshots[0] ?? 0
  const account = {
    told,
    truth,
    coveredMs: intervals.reduce((sum, { ms }) => sum + ms, 0),
    spanMs: (snapshots.at(-1) ?? 0) - first,
  }
  expect.that(
    intervals.length > 0 && overlaps === 0,
    `${count(snapshots.length)} readings, ${count(intervals.length)} intervals, ${overlaps} that overlap`,
  )
  expect.that(
    inventing.length === 0,
    `${inventing.length} intervals with more calls than were made${inventing
      .map(
        ({ at, ms, calls }) =>
          ` (${seconds(ms)}: ${calls} of ${ledger.countAt(at + SKEW_MS) - ledger.countAt(at - ms)})`,
      )
      .join(',')}`,
  )
  expect.that(
    told <= truth + chains.length * skew && told > 0,
    `${count(told)} calls told of ${count(truth)} that were made within them`,
  )
  expect.that(
    Math.abs(rawCalls - summedCalls) < 0.5,
    rawCalls === summedCalls
      ? 'sums equal the intervals'
      : `sums say ${count(summedCalls)}, intervals ${count(rawCalls)}`,
  )
  return account
}

/** Of the process with its embedded store: 380 MB at the default pace (bench/results/memory.md), and here there are sixty rounds for one. */
const MOST_MB = 1_024

export function expectEnd(
  expect: Expectations,
  process: Pick<WatchProcess, 'peakMb'>,
  code: number | null,
  mostMb = MOST_MB,
): void {
  expect.that(process.peakMb > 0 && process.peakMb < mostMb, `at most ${megabytes(process.peakMb)} resident`)
  expect.that(code === 0, `stops with exit code ${code}`)
}

/** Intervals that follow each other without a hole. */
export function chainsOf(intervals: readonly KeptInterval[]): readonly { from: number; to: number }[] {
  const chains: { from: number; to: number }[] = []
  for (const { at, ms } of intervals) {
    const last = chains.at(-1)
    if (last !== undefined && Math.abs(at - ms - last.to) <= ROUNDING_MS) last.to = at
    else chains.push({ from: at - ms, to: at })
  }
  return chains
}

/** The longest time between two readings that follow each other, within a time. */
export function longestGapMs(snapshots: readonly number[], from = 0, to = Number.POSITIVE_INFINITY): number {
  const within = snapshots.filter((at) => at >= from && at <= to)
  return within.reduce((most, at, i) => (i === 0 ? 0 : Math.max(most, at - within[i - 1]!)), 0)
}

export const count = (value: number) => Math.round(value).toLocaleString('en-US')
export const seconds = (ms: number | null) => (ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s`)
export const megabytes = (mb: number) => `${Math.round(mb)} MB`
