// The statements that hold a run back, each with why: it reads a whole table, waits for locks, comes from the disk, spills, is sent once
// for every row, or simply computes.

import type { Cause } from '../model/comparison.ts'
import type { Evidence } from '../model/finding.ts'
import { digits } from './causes-reasons.ts'
import type { Side, SideStatement } from './causes-side.ts'
import {
  bytesWords,
  excerpt,
  msWords,
  numberWords,
  percentWords,
  readWhole,
  statementWords,
} from './causes-words.ts'

export interface Weighed {
  readonly cause: Cause
  /** What the order goes by, 0 to 1. */
  readonly weight: number
}

/** Of the database's time; what takes less is no bottleneck. */
const LEAST_SHARE = 0.15
const MOST = 3
/** Less than this a request, and it is not worth a word, however large its share: the database is idle. */
const LEAST_MS = 0.2
const BLOCK_BYTES = 8_192

/** `databaseWeight`: how much of a request's time the database answers for, 0 to 1. */
export function statementBottlenecks(side: Side, databaseWeight: number): readonly Weighed[] {
  const { databaseMsPerRequest } = side
  if (databaseMsPerRequest <= 0) return []
  return [...side.statements.values()]
    .map((statement) => ({ statement, share: statement.msPerRequest / databaseMsPerRequest }))
    .filter(({ statement, share }) => share >= LEAST_SHARE && statement.msPerRequest >= LEAST_MS)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST)
    .map(({ statement, share }) => {
      const why = whyOf(statement, side)
      const weight = share * databaseWeight
      const isMended = why.length > 0 && weight >= LEAST_WEIGHT
      return { cause: causeOf(statement, share, why, side), weight: weight + (isMended ? MENDED : 0) }
    })
}

/** What can be mended with an index or a setting comes before what takes a redesign, from a thirtieth of a request's time on. */
const MENDED = 0.4
const LEAST_WEIGHT = 0.03

/** Calls a request, from which on one query for each row is likely. */
const MANY_CALLS = 8
/** Within a region a query is 0.3 to 1.5 ms on its way, the driver's own work included. */
const TRIP_MS = 0.3

/** Statements that are cheap and sent again and again within a request: their cost is the way there and back. */
export function chattyStatements(side: Side, databaseWeight: number): readonly Weighed[] {
  return [...side.statements.values()]
    .map((statement) => ({ statement, calls: callsOf(statement, side) }))
    .filter(({ statement, calls }) => calls >= MANY_CALLS && statement.msPerCall < 1)
    .sort((a, b) => b.statement.calls - a.statement.calls)
    .slice(0, 1)
    .map(({ statement, calls }) => {
      const tripsMs = statement.callsPerRequest * TRIP_MS
      const ofRequest =
        side.requestMs > 0 ? Math.min(1, (tripsMs + statement.msPerRequest) / side.requestMs) : 0
      return {
        weight: Math.max(0.1, ofRequest * (1 - databaseWeight)),
        cause: {
          kind: 'statement',
          subject: excerpt(statement.text),
          queryId: statement.queryId,
          summary: `${statementWords(statement)} is sent ${numberWords(calls)} times a request, as where one query is sent for each row (N+1): the database has ${msWords(statement.msPerCall)} of each, the way there and back comes to it every time.`,
          evidence: [
            { label: 'calls a request', value: digits(calls), unit: 'count' },
            { label: 'a call', value: digits(statement.msPerCall), unit: 'ms' },
          ],
          share: ofRequest,
        },
      }
    })
}

/**
 * Of a route's own requests, where they cannot be told from others: the route is where most of the time went, and one that every request
 * sends once would seem to be that route's alone.
 */
function callsOf({ route, calls, callsPerRequest }: SideStatement, side: Side): number {
  const endpoint = route === null ? undefined : side.endpoints.get(route)
  const isRepeated = callsPerRequest >= REPEATED
  return isRepeated && endpoint !== undefined && endpoint.count > 0 ? calls / endpoint.count : callsPerRequest
}

/** Calls a request over all endpoints: then some request sends it more than once. */
const REPEATED = 1.5

function causeOf(statement: SideStatement, share: number, why: readonly Why[], side: Side): Cause {
  const { msPerCall, callsPerRequest, msPerRequest } = statement
  const ofRequest = side.requestMs > 0 ? Math.min(1, msPerRequest / side.requestMs) : null
  const often = oftenWords(statement, side)
  return {
    kind: 'statement',
    subject: excerpt(statement.text),
    queryId: statement.queryId,
    summary: `${percentWords(share)} of the database's time is one statement, ${statementWords(statement)}: ${msWords(msPerCall)} a call${often === null ? '' : `, ${often}`}${why.length === 0 ? '' : `; ${why.map(({ words }) => words).join('; ')}`}.`,
    evidence: [
      { label: 'share of database time', value: digits(share), unit: 'ratio' },
      { label: 'a call', value: digits(msPerCall), unit: 'ms' },
      { label: 'calls a request', value: digits(callsPerRequest), unit: 'count' },
      { label: 'a request', value: digits(msPerRequest), unit: 'ms' },
      ...why.flatMap(({ evidence }) => evidence),
      ...(statement.planText === null
        ? []
        : [{ label: 'plan', value: excerpt(statement.planText, 160), unit: 'text' as const }]),
    ],
    share: ofRequest,
  }
}

interface Why {
  readonly words: string
  readonly evidence: readonly Evidence[]
}

function whyOf(statement: SideStatement, side: Side): readonly Why[] {
  const whys = [waits(statement), wholeTable(statement, side), spill(statement), disk(statement)].filter(
    (each) => each !== null,
  )
  if (whys.length > 0 || statement.callsPerRequest > 5) return whys
  const cpu = statement.waitMsPerCall.get('CPU') ?? 0
  return cpu >= 0.6 * statement.msPerCall
    ? [
        {
          words: `it computes: ${numberWords(statement.blocksPerCall)} blocks and ${numberWords(statement.rowsPerCall)} rows a call, nearly all of the time on the processor`,
          evidence: [],
        },
      ]
    : []
}

function oftenWords(statement: SideStatement, side: Side): string | null {
  const calls = callsOf(statement, side)
  if (calls < 3) return null
  return `${numberWords(calls)} calls a request${calls >= 5 ? ', as where one query is sent for each row (N+1)' : ''}`
}

/** A fifth of a call. */
const LEAST_WAIT = 0.2

function waits({ waitMsPerCall, msPerCall }: SideStatement): Why | null {
  const [first] = [...waitMsPerCall]
    .filter(
      ([name, ms]) =>
        /^(Lock|LWLock|BufferPin|IPC|Timeout|Extension)\b/.test(name) && ms >= LEAST_WAIT * msPerCall,
    )
    .sort(([, a], [, b]) => b - a)
  if (first === undefined) return null
  const [name, ms] = first
  const share = Math.min(1, ms / msPerCall)
  const words = name.startsWith('Lock')
    ? `${percentWords(share)} of it is waiting for other transactions' locks (${name})`
    : name === 'Timeout:PgSleep'
      ? `${percentWords(share)} of it is pg_sleep`
      : `${percentWords(share)} of it is waiting (${name})`
  return { words, evidence: [{ label: `${name} of a call`, value: digits(share), unit: 'ratio' }] }
}

/** Scans of fewer rows cost less than a millisecond. */
const WHOLE_FROM = 5_000
/** A statement that returns more of what it reads needs the scan. */
const MOST_RETURNED = 0.2

function wholeTable({ planText, rowsPerCall }: SideStatement, side: Side): Why | null {
  for (const name of readWhole(planText)) {
    const table = [...side.tables.values()].find(
      (each) => each.name === name || each.name.endsWith(`.${name}`),
    )
    if (table === undefined || table.sequentialScans === 0) continue
    const rows = table.sequentialRows / table.sequentialScans
    if (rows < WHOLE_FROM) continue
    const isNeeded = rowsPerCall > rows * MOST_RETURNED
    return {
      words: isNeeded
        ? `it reads the whole of ${name}, ${numberWords(rows)} rows a scan, and returns ${numberWords(rowsPerCall)} of them: the list has no bound`
        : `it reads the whole of ${name}, ${numberWords(rows)} rows a scan, to return ${numberWords(rowsPerCall)}: an index is missing, or cannot be used`,
      evidence: [
        { label: `rows of ${name} a scan`, value: Math.round(rows), unit: 'count' },
        { label: 'rows returned a call', value: digits(rowsPerCall), unit: 'count' },
      ],
    }
  }
  return null
}

function spill({ tempBlocksPerCall }: SideStatement): Why | null {
  if (tempBlocksPerCall < 1) return null
  const bytes = tempBlocksPerCall * BLOCK_BYTES
  return {
    words: `a sort or hash writes ${bytesWords(bytes)} a call to temporary files: more than work_mem holds`,
    evidence: [{ label: 'temporary files a call', value: Math.round(bytes), unit: 'bytes' }],
  }
}

/** Of a call's blocks, or of its time where track_io_timing tells. */
const LEAST_DISK = 0.3

function disk({
  blocksReadPerCall,
  blocksPerCall,
  blockReadMsPerCall,
  msPerCall,
}: SideStatement): Why | null {
  const ofTime = msPerCall > 0 ? blockReadMsPerCall / msPerCall : 0
  const ofBlocks = blocksPerCall > 0 ? blocksReadPerCall / blocksPerCall : 0
  if (ofTime < LEAST_DISK && (ofBlocks < LEAST_DISK || blocksReadPerCall < 100)) return null
  return {
    words: `${bytesWords(blocksReadPerCall * BLOCK_BYTES)} a call come from outside shared buffers${ofTime >= LEAST_DISK ? ` (${percentWords(ofTime)} of its time)` : ''}`,
    evidence: [
      {
        label: 'read from outside shared buffers a call',
        value: Math.round(blocksReadPerCall * BLOCK_BYTES),
        unit: 'bytes',
      },
    ],
  }
}
