// Why a statement takes more or less of a request's time than before, as its own figures, its plans and its tables show.

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
} from './causes-words.ts'

const BLOCK_BYTES = 8_192
/** A statement whose own time moved by less has not changed: timing strays by as much. */
const LEAST_RATIO = 1.1

export function isUnchanged(ratio: number): boolean {
  return ratio < LEAST_RATIO && ratio > 1 / LEAST_RATIO
}

export interface Reason {
  readonly kind: 'plan' | 'calls' | 'table' | 'work'
  readonly words: string
  readonly evidence: readonly Evidence[]
}

/** Calls first, since many calls need no other reason; then the plan; and only without one of these, what a call does more of. */
export function reasonsOf(
  { base, head }: { readonly base: SideStatement | null; readonly head: SideStatement | null },
  baseSide: Side,
  headSide: Side,
): readonly Reason[] {
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
  if (isUnchanged(perCall)) return reasons
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

/** Three that count. */
export function digits(value: number): number {
  return Number(value.toPrecision(3))
}
