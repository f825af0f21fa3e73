// Rewrites that are worth it: the planner is asked about both texts with the same values, and only a clear fall of the cost is kept.

import type { ProvenRewrite } from '../../model/advice.ts'
import type { Asked, NotPlanned, Planned, WhatIfPlanner } from '../../model/what-if.ts'
import type { Parser } from '../../sql/parse/parse-statements.ts'
import { shapeOf } from '../../sql/parse/shape-of.ts'
import type { SourceReader } from '../../sql/parse/source-text.ts'
import type { TableFinder } from '../../sql/parse/table-names.ts'
import { fillIn, sampleParameters } from '../sample-parameters.ts'
import type { Surroundings } from '../surroundings.ts'
import type { WorkloadStatement } from '../workload.ts'
import type { Rewrite } from './rewrite.ts'
import { rewritesOf } from './rewrites-of.ts'

export interface ProofRequest {
  readonly planner: WhatIfPlanner
  readonly surroundings: Surroundings
  readonly statements: readonly WorkloadStatement[]
  readonly read: SourceReader
  readonly parse: Parser
  readonly find: TableFinder
  readonly isTimeUp?: () => boolean
}

/** Of the cost that may remain: less is the planner's rounding, and no reason to change an application. */
const REMAINS_AT_MOST = 0.7
/** Units a call: what costs no more is a matter of microseconds. */
const LEAST_SAVED = 20
/** Those with the most calls first; each of the few that can be rewritten at all asks some ten plans. */
const MOST_STATEMENTS = 500
const MOST_SAMPLES = 3
/** Of one statement: more ways to write it are more than anybody reads. */
const MOST_WAYS = 8
/** Conditions that are put right one after the other. */
const MOST_STEPS = 3

/** The largest saving a minute first; of several ways to write one statement the cheapest. Existing indexes only are seen. */
export async function proveRewrites(request: ProofRequest): Promise<readonly ProvenRewrite[]> {
  const { statements, isTimeUp = () => false } = request
  const proven: ProvenRewrite[] = []
  const heaviest = statements
    .toSorted((a, b) => b.callsPerMinute - a.callsPerMinute)
    .slice(0, MOST_STATEMENTS)
  for (const statement of heaviest) {
    if (isTimeUp()) break
    const best = await cheapest(statement, request)
    if (best !== null) proven.push(best)
  }
  const saved = (each: ProvenRewrite) => (each.costBefore - each.costAfter) * each.callsPerMinute
  return proven.sort((a, b) => saved(b) - saved(a))
}

/** Step by step: a statement may have several conditions that can be put right. */
async function cheapest(statement: WorkloadStatement, request: ProofRequest): Promise<ProvenRewrite | null> {
  let best: ProvenRewrite | null = null
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const from = best?.sql ?? statement.sql
    const next = await cheapestStep({ ...statement, sql: from }, request)
    if (next === null) break
    best = best === null ? next : chained(best, next)
    // its parameters are others from here on
    if (next.kind === 'keyset') break
  }
  return best
}

function chained(first: ProvenRewrite, second: ProvenRewrite): ProvenRewrite {
  const both = [first.sameResult, second.sameResult].filter((each) => each !== 'always')
  return {
    ...first,
    sql: second.sql,
    why: first.why === second.why ? first.why : `${first.why}; ${second.why}`,
    sameResult: both.length === 0 ? 'always' : [...new Set(both)].join(', and '),
    costAfter: second.costAfter,
  }
}

async function cheapestStep(
  statement: WorkloadStatement,
  request: ProofRequest,
): Promise<ProvenRewrite | null> {
  const { planner, surroundings, read, parse } = request
  const ways = rewritesOf(statement.sql, surroundings, read, parse)
    .filter((way) => isPagedFar(way, statement))
    .slice(0, MOST_WAYS)
  let best: ProvenRewrite | null = null
  for (const way of ways) {
    const questions = questionsOf(statement, way, request)
    const answers = await planner.explainAll([...questions.before, ...questions.after])
    const costBefore = meanCost(answers.slice(0, questions.before.length))
    const costAfter = meanCost(answers.slice(questions.before.length))
    if (costBefore === null || costAfter === null) continue
    if (costAfter > costBefore * REMAINS_AT_MOST || costBefore - costAfter < LEAST_SAVED) continue
    if (best !== null && best.costAfter <= costAfter) continue
    best = {
      id: statement.id,
      kind: way.kind,
      before: statement.sql,
      sql: way.sql,
      why: way.why,
      sameResult: way.sameResult,
      callsPerMinute: statement.callsPerMinute,
      costBefore,
      costAfter,
    }
  }
  return best
}

function isPagedFar({ paging }: Rewrite, { variants }: WorkloadStatement): boolean {
  if (paging === undefined || !paging.isOnlyIfCaptured) return true
  const { parameter, offset } = paging
  return (
    parameter !== null &&
    variants.some((values) => Number(values[parameter - 1]?.replace(/^'(.*)'$/, '$1')) >= offset)
  )
}

function questionsOf(
  statement: WorkloadStatement,
  way: Rewrite,
  { surroundings, parse, find }: ProofRequest,
): { readonly before: readonly Asked[]; readonly after: readonly Asked[] } {
  const [before, after] = [statement.sql, way.sql].map((sql) => {
    const shape = shapeOf(sql, parse, find)
    const parsed = parse(sql)
    const text = 'problem' in parsed ? sql : parsed.text
    return 'problem' in shape
      ? { text, count: 0, uses: [] }
      : { text, count: shape.parameterCount, uses: shape.parameters }
  }) as [SampledText, SampledText]
  const captured = statement.variants.filter((values) => values.length >= before.count && before.count > 0)
  const own = captured.length > 0 ? captured : valuesOf(before, surroundings)
  const others = valuesOf(after, surroundings)
  const samples = Math.max(1, Math.min(MOST_SAMPLES, own.length === 0 ? others.length : own.length))
  const isKeyset = way.paging !== undefined
  const values = Array.from({ length: samples }, (_, sample) => {
    const [mine, theirs] = [
      own[sample % Math.max(1, own.length)] ?? [],
      others[sample % Math.max(1, others.length)] ?? [],
    ]
    return {
      before: Array.from(
        { length: before.count },
        (_, place) => mine[place] ?? (isKeyset ? null : (theirs[place] ?? null)),
      ),
      // what stands for a page's last row has another meaning there than the offset had
      after: Array.from({ length: after.count }, (_, place) =>
        isKeyset && isOnlyOf(place + 1, after, before)
          ? (theirs[place] ?? null)
          : (mine[place] ?? theirs[place] ?? null),
      ),
    }
  })
  return {
    before: values.map(({ before: each }) =>
      asked(way.paging !== undefined ? withOffset(before.text, way.paging.offset) : before.text, each),
    ),
    after: values.map(({ after: each }) => asked(after.text, each)),
  }
}

interface SampledText {
  readonly text: string
  readonly count: number
  readonly uses: Parameters<typeof sampleParameters>[1]
}

function valuesOf(
  { text, count, uses }: SampledText,
  surroundings: Surroundings,
): readonly (readonly (string | null)[])[] {
  return count === 0 ? [] : (sampleParameters(count, uses, text, surroundings) ?? [])
}

/** A parameter that is compared in the rewrite and was not before: a key to go on from. */
function isOnlyOf(number: number, after: SampledText, before: SampledText): boolean {
  const isUsed = ({ uses }: SampledText) => uses.some((use) => use.number === number)
  return isUsed(after) && !isUsed(before)
}

function withOffset(text: string, rows: number): string {
  return text.replace(/\boffset\s+(?:\$\d+|\d+)/i, `offset ${rows}`)
}

function asked(text: string, values: readonly (string | null)[]): Asked {
  const sql = fillIn(text, values)
  return { sql, parameters: { kind: /\$\d/.test(sql.replace(/'(?:[^']|'')*'/g, '')) ? 'generic' : 'none' } }
}

function meanCost(answers: readonly (Planned | NotPlanned)[]): number | null {
  let total = 0
  for (const answer of answers) {
    // a rewrite that the planner refuses is none
    if ('error' in answer) return null
    total += answer.plan['Total Cost']
  }
  return answers.length === 0 ? null : total / answers.length
}
