// Statements that take more (or less) of a request's time than before, each with the reason that its own figures show.

import type { Cause } from '../model/comparison.ts'
import type { Evidence } from '../model/finding.ts'
import type { Side, SideStatement } from './causes-side.ts'
import {
  bytesWords,
  excerpt,
  msWords,
  numberWords,
  percentWords,
  planChangeWords,
  readWhole,
  scansOf,
  statementWords,
} from './causes-words.ts'

export interface StatementChange {
  readonly key: string
  readonly base: SideStatement | null
  readonly head: SideStatement | null
  /** Of a request's time, more (or less, below 0). */
  readonly growthMs: number
}

/** Below this share of a request's time, or of what it changed by, a statement explains nothing. */
const LEAST_OF_REQUEST = 0.02
const LEAST_OF_GROWTH = 0.1
/** A statement whose own time moved by less has not changed: timing strays by as much. */
const LEAST_RATIO = 1.1
const BLOCK_BYTES = 8_192

/** Of the database's time of a request: a change so large, with another plan or twice the time a call, is one whatever requests do. */
const LEAST_OF_DATABASE = 0.1
const CLEAR_RATIO = 2
/** What the clock and the server's own jitter make of nothing. */
const LEAST_MS = 0.2

/**
 * Those that take more first, then those that take less, the largest change first: one endpoint may be slower while requests are faster
 * on the whole, and a noisy host moves requests one way and the database the other.
 */
export function changedStatements(base: Side, head: Side): readonly StatementChange[] {
  const growthMs = head.requestMs - base.requestMs
  const leastClear = Math.max(LEAST_MS, LEAST_OF_DATABASE * base.databaseMsPerRequest)
  const least = Math.max(LEAST_OF_REQUEST * base.requestMs, LEAST_OF_GROWTH * Math.abs(growthMs))
  const keys = new Set([...base.statements.keys(), ...head.statements.keys()])
  return [...keys]
    .map((key): StatementChange => {
      const [before, after] = [base.statements.get(key) ?? null, head.statements.get(key) ?? null]
      return {
        key,
        base: before,
        head: after,
        growthMs: (after?.msPerRequest ?? 0) - (before?.msPerRequest ?? 0),
      }
    })
    .filter((change) => {
      const size = Math.abs(change.growthMs)
      return (
        size > 0 &&
        (size >= least || (size >= leastClear && isClear(change))) &&
        isBeyondNoise(change.base, change.head)
      )
    })
    .sort(
      (a, b) =>
        Number(b.growthMs > 0) - Number(a.growthMs > 0) || Math.abs(b.growthMs) - Math.abs(a.growthMs),
    )
}

function isClear({ base, head }: StatementChange): boolean {
  if (base === null || head === null) return false
  const isOtherPlan = base.planShape !== null && head.planShape !== null && base.planShape !== head.planShape
  return isOtherPlan || Math.abs(Math.log(head.msPerRequest / base.msPerRequest)) >= Math.log(CLEAR_RATIO)
}

/** Where there are several runs a side, the lesser ones of the slower side have to lie above the better ones of the other. */
function isBeyondNoise(base: SideStatement | null, head: SideStatement | null): boolean {
  if (base === null || head === null) return true
  const ratio = head.msPerRequest / base.msPerRequest
  if (ratio < LEAST_RATIO && ratio > 1 / LEAST_RATIO) return false
  if (base.ofRuns.length < 2 || head.ofRuns.length < 2) return true
  const [slower, faster] = ratio > 1 ? [head, base] : [base, head]
  return (
    median(slower.ofRuns) > Math.max(...faster.ofRuns) ||
    quarter(slower.ofRuns, 0.25) > quarter(faster.ofRuns, 0.75)
  )
}

function median(values: readonly number[]): number {
  return quarter(values, 0.5)
}

function quarter(values: readonly number[], ratio: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.round((sorted.length - 1) * ratio)]!
}

export function statementCause(change: StatementChange, base: Side, head: Side): Cause {
  const { base: before, head: after, growthMs } = change
  const known = (after ?? before)!
  const requestGrowthMs = head.requestMs - base.requestMs
  const isOfGrowth = growthMs * requestGrowthMs > 0
  const share = isOfGrowth ? Math.min(1, growthMs / requestGrowthMs) : null
  const reasons = reasonsOf(change, base, head)
  const isPlan = reasons.some(({ kind }) => kind === 'plan')
  const name = statementWords(known)
  const more = growthMs > 0 ? 'more' : 'less'
  const words = [
    before === null
      ? `${name} is new and takes ${msWords(growthMs)} of a request`
      : after === null
        ? `${name} is no longer sent, which saves ${msWords(-growthMs)} a request`
        : `${name} takes ${msWords(Math.abs(growthMs))} a request ${more} (${msWords(before.msPerRequest)} before, ${msWords(after.msPerRequest)} now)`,
    share === null || share < 0.005
      ? ''
      : `, ${percentWords(share)} of the whole ${growthMs > 0 ? 'growth' : 'gain'}`,
    reasons.length === 0 ? '' : `: ${reasons.map((reason) => reason.words).join('; ')}`,
    '.',
  ]
  return {
    kind: isPlan ? 'plan' : 'statement',
    subject: excerpt(known.text),
    queryId: known.queryId,
    summary: words.join(''),
    evidence: [...figures(before, after), ...reasons.flatMap((reason) => reason.evidence)],
    share,
  }
}

interface Reason {
  readonly kind: 'plan' | 'calls' | 'table' | 'work'
  readonly words: string
  readonly evidence: readonly Evidence[]
}

/** Calls first, since many calls need no other reason; then the plan; and only without one of these, what a call does more of. */
function reasonsOf({ base, head }: StatementChange, baseSide: Side, headSide: Side): readonly Reason[] {
  if (head === null) return []
  if (base === null) return [...newcomer(head, headSide)]
  const reasons: Reason[] = []
  const callsRatio = head.callsPerRequest / base.callsPerRequest
  if (callsRatio >= 1.3 || callsRatio <= 1 / 1.3)
    reasons.push({
      kind: 'calls',
      words:
        callsRatio > 1
          ? `it is called ${numberWords(callsRatio)} times as often${callsRatio >= 2 && head.callsPerRequest > 1.5 ? ' (one query for each row, N+1?)' : ''}`
          : `it is called ${percentWords(1 - callsRatio)} less often`,
      evidence: [
        { label: 'calls a request before', value: digits(base.callsPerRequest), unit: 'count' },
        { label: 'calls a request now', value: digits(head.callsPerRequest), unit: 'count' },
      ],
    })
  const perCall = base.msPerCall > 0 ? head.msPerCall / base.msPerCall : Number.POSITIVE_INFINITY
  if (perCall < LEAST_RATIO && perCall > 1 / LEAST_RATIO) return reasons
  const plan = planReason(base, head, baseSide, headSide)
  if (plan !== null) return [...reasons, plan]
  return [...reasons, ...workReasons(base, head, baseSide, headSide)]
}

function newcomer(head: SideStatement, side: Side): readonly Reason[] {
  const whole = wholeTable(head, side)
  return [
    ...(head.callsPerRequest > 1.5
      ? [
          {
            kind: 'calls' as const,
            words: `${numberWords(head.callsPerRequest)} calls a request`,
            evidence: [],
          },
        ]
      : []),
    ...(whole === null ? [] : [{ kind: 'table' as const, words: whole, evidence: [] }]),
  ]
}

function planReason(base: SideStatement, head: SideStatement, baseSide: Side, headSide: Side): Reason | null {
  const [before, after] = [base.planText, head.planText]
  if (before === null && after === null) return null
  if (before === null || after === null) return indexReason((before ?? after)!, baseSide, headSide)
  if (base.planShape === head.planShape) return null
  const indexes = indexChanges(before, after, baseSide, headSide)
  const whole = wholeTable(head, headSide)
  return {
    kind: 'plan',
    words: [
      `its plan changed, ${planChangeWords(before, after)}`,
      ...indexes,
      ...(whole === null ? [] : [whole]),
    ].join('; '),
    evidence: [
      { label: 'plan before', value: excerpt(before), unit: 'text' },
      { label: 'plan now', value: excerpt(after), unit: 'text' },
    ],
  }
}

/** One side's plan was not asked for: then what came or went on its tables is the next best reason. */
function indexReason(plan: string, base: Side, head: Side): Reason | null {
  const tables = scansOf(plan).flatMap(({ table }) => table ?? [])
  const indexesOn = (side: Side) =>
    new Map(
      side.runs
        .flatMap(({ environment }) => Object.entries(environment.postgres?.schemaObjects ?? {}))
        .filter(
          ([name, definition]) =>
            name.startsWith('index ') &&
            tables.some((table) => new RegExp(`\\bon (\\S+\\.)?${escaped(table)} `).test(definition)),
        )
        .map(([name]) => [name.slice(name.lastIndexOf('.') + 1), true] as const),
    )
  const [before, after] = [indexesOn(base), indexesOn(head)]
  if (before.size === 0 || after.size === 0) return null
  const changes = [
    ...[...before.keys()].filter((name) => !after.has(name)).map((name) => `index ${name} is gone`),
    ...[...after.keys()].filter((name) => !before.has(name)).map((name) => `index ${name} is new`),
  ]
  if (changes.length === 0) return null
  return { kind: 'plan', words: `on its table ${changes.slice(0, 3).join(', ')}`, evidence: [] }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Indexes that one plan used and the other side's database does not have. */
function indexChanges(before: string, after: string, base: Side, head: Side): readonly string[] {
  const has = (side: Side, index: string) => {
    const objects = side.runs.flatMap((run) =>
      run.environment.postgres?.schemaObjects === undefined ? [] : [run.environment.postgres.schemaObjects],
    )
    if (objects.length === 0) return null
    return objects.some((each) =>
      Object.keys(each).some((name) => name.startsWith('index ') && name.endsWith(`.${index}`)),
    )
  }
  const indexesOf = (plan: string) => [...new Set(scansOf(plan).flatMap(({ index }) => index ?? []))]
  return [
    ...indexesOf(before).flatMap((index) => (has(head, index) === false ? `index ${index} is gone` : [])),
    ...indexesOf(after).flatMap((index) => (has(base, index) === false ? `index ${index} is new` : [])),
  ]
}

/** `it reads all of public.message, 220,000 rows each time`; null where no plan shows it. */
export function wholeTable({ planText }: Pick<SideStatement, 'planText'>, side: Side): string | null {
  for (const name of readWhole(planText)) {
    const table = [...side.tables.values()].find(
      (each) => each.name === name || each.name.endsWith(`.${name}`),
    )
    if (table === undefined || table.sequentialScans === 0) continue
    const rows = table.sequentialRows / table.sequentialScans
    if (rows >= WHOLE_FROM) return `it reads the whole of ${name}, ${numberWords(rows)} rows each time`
  }
  return null
}

/** A scan of fewer rows is often the best plan there is. */
const WHOLE_FROM = 1_000

function workReasons(
  base: SideStatement,
  head: SideStatement,
  baseSide: Side,
  headSide: Side,
): readonly Reason[] {
  const reasons: Reason[] = []
  const grew = (of: (each: SideStatement) => number, ratio: number, least: number) =>
    of(head) >= least && of(head) > of(base) * ratio
  for (const [name, ms] of head.waitMsPerCall) {
    const earlier = base.waitMsPerCall.get(name) ?? 0
    if (name === 'CPU' || ms < 0.2 * head.msPerCall || ms < 2 * earlier) continue
    reasons.push({
      kind: 'work',
      words: `it waits for ${name}, ${msWords(ms)} of a call's ${msWords(head.msPerCall)}`,
      evidence: [{ label: `${name} a call`, value: digits(ms), unit: 'ms' }],
    })
  }
  const table = grownTable(head, baseSide, headSide)
  if (table !== null) reasons.push(table)
  if (grew((each) => each.rowsPerCall, 1.3, 10))
    reasons.push({
      kind: 'work',
      words: `it returns ${numberWords(head.rowsPerCall)} rows a call instead of ${numberWords(base.rowsPerCall)}`,
      evidence: [],
    })
  else if (grew((each) => each.blocksPerCall, 1.3, 10))
    reasons.push({
      kind: 'work',
      words: `it touches ${numberWords(head.blocksPerCall)} blocks a call instead of ${numberWords(base.blocksPerCall)}`,
      evidence: [],
    })
  if (grew((each) => each.tempBlocksPerCall, 2, 1))
    reasons.push({
      kind: 'work',
      words: `it spills ${bytesWords(head.tempBlocksPerCall * BLOCK_BYTES)} a call to temporary files`,
      evidence: [],
    })
  if (grew((each) => each.blocksReadPerCall, 2, 1) && head.blocksReadPerCall > 0.1 * head.blocksPerCall)
    reasons.push({
      kind: 'work',
      words: `${numberWords(head.blocksReadPerCall)} blocks a call come from outside the cache`,
      evidence: [],
    })
  if (reasons.length === 0 && head.msPerCall > base.msPerCall)
    reasons.push({
      kind: 'work',
      words: 'it does the same work (calls, rows, blocks, plan) and takes longer over it',
      evidence: [],
    })
  return reasons
}

function grownTable({ planText }: SideStatement, base: Side, head: Side): Reason | null {
  if (planText === null) return null
  for (const { table } of scansOf(planText)) {
    if (table === null) continue
    const named = (side: Side) =>
      [...side.tables.values()].find((each) => each.name === table || each.name.endsWith(`.${table}`))
    const [before, after] = [named(base), named(head)]
    if (before === undefined || after === undefined || before.rows < 100 || after.rows < before.rows * 1.2)
      continue
    return {
      kind: 'table',
      words: `${table} has grown from ${numberWords(before.rows)} to ${numberWords(after.rows)} rows`,
      evidence: [
        { label: `rows of ${table} before`, value: before.rows, unit: 'count' },
        { label: `rows of ${table} now`, value: after.rows, unit: 'count' },
      ],
    }
  }
  return null
}

function figures(before: SideStatement | null, after: SideStatement | null): readonly Evidence[] {
  const side = (statement: SideStatement | null, when: string): readonly Evidence[] =>
    statement === null
      ? []
      : [
          { label: `a call ${when}`, value: digits(statement.msPerCall), unit: 'ms' },
          { label: `a request ${when}`, value: digits(statement.msPerRequest), unit: 'ms' },
        ]
  return [...side(before, 'before'), ...side(after, 'now')]
}

/** Three that count. */
export function digits(value: number): number {
  return Number(value.toPrecision(3))
}
