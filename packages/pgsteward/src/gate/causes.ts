// Why head is slower (or faster) than base, by what the database and the application said on both sides. Everything is by request, so
// that runs of different length compare; what explains most of the difference comes first.

import type { Cause } from '../model/comparison.ts'
import type { LoadRun } from '../model/load-run.ts'
import { callCauses } from './causes-calls.ts'
import { type Side, sideOf } from './causes-side.ts'
import { changedStatements, type StatementChange, statementCause } from './causes-statements.ts'
import { surroundingCauses } from './causes-surroundings.ts'
import { applicationCauses, cacheCauses, errorCauses, poolCauses, waitCauses } from './causes-symptoms.ts'
import { numberWords, percentWords } from './causes-words.ts'

/** More than these nobody reads, and the first three are nearly all of it. */
const MOST_STATEMENTS = 5
/** So many statements of those that matter, all slower by about the same: then it is not they. */
const LEAST_ALIKE = 3
const HALF = 0.5
/** Of a request's growth: what a statement's own time has less of, its calls explain better. */
const OWN = 0.25

/** Empty where neither side has evidence: the difference is then measured, and not explained. */
export function findCauses(base: readonly LoadRun[], head: readonly LoadRun[]): readonly Cause[] {
  if (base.length === 0 || head.length === 0) return []
  const [before, after] = [sideOf(base), sideOf(head)]
  if (before.requests === 0 || after.requests === 0) return []
  const changes =
    before.measured.length > 0 && after.measured.length > 0 ? changedStatements(before, after) : []
  const alike = slowerAlike(changes, before, after)
  const growthMs = Math.abs(after.requestMs - before.requestMs)
  const byTime = new Set(
    changes.filter((each) => Math.abs(each.growthMs) >= OWN * growthMs).map(({ key }) => key),
  )
  const calls = callCauses(before, after, byTime).slice(0, MOST_STATEMENTS)
  const byCalls = new Set(calls.map(({ queryId }) => queryId))
  const isOfCalls = calls.reduce((sum, { share }) => sum + (share ?? 0), 0) >= HALF
  // slower though requests are faster: whoever looks for an endpoint that is slower looks for these
  const against = after.requestMs < before.requestMs ? changes.filter(({ growthMs }) => growthMs > 0) : []
  const others = changes.filter(
    (change) => !against.includes(change) && !byCalls.has(change.head?.queryId ?? ''),
  )
  const causesOf = (some: readonly StatementChange[]) =>
    some.slice(0, MOST_STATEMENTS).map((change) => statementCause(change, before, after))
  const explaining = [
    ...(alike === null ? causesOf(others) : [alike]),
    ...calls,
    ...(isOfCalls ? [] : applicationCauses(before, after)),
    ...waitCauses(before, after),
  ].sort((a, b) => (b.share ?? -1) - (a.share ?? -1))
  return [
    ...(alike === null ? causesOf(against) : []),
    ...explaining,
    ...errorCauses(before, after),
    ...poolCauses(before, after),
    ...cacheCauses(before, after),
    ...surroundingCauses(before, after),
  ]
}

/** All of the statements that matter take longer by about the same factor, doing the same: the server is slower, not one of them. */
function slowerAlike(changes: readonly StatementChange[], base: Side, head: Side): Cause | null {
  const grown = changes.filter(({ growthMs }) => growthMs > 0)
  const ratios = grown.flatMap(({ base: before, head: after }) =>
    before === null || after === null ? [] : [after.msPerCall / before.msPerCall],
  )
  if (ratios.length < LEAST_ALIKE || ratios.length < grown.length) return null
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)]
  const isSameWork = grown.every(
    ({ base: before, head: after }) =>
      before!.planShape === after!.planShape &&
      Math.abs(Math.log(after!.callsPerRequest / before!.callsPerRequest)) < Math.log(1.2) &&
      after!.blocksPerCall < before!.blocksPerCall * 1.2 + 1 &&
      after!.rowsPerCall < before!.rowsPerCall * 1.2 + 1,
  )
  if (!isSameWork || Math.log(most) - Math.log(least) > Math.log(1.5)) return null
  const growthMs = grown.reduce((total, change) => total + change.growthMs, 0)
  const all = head.requestMs - base.requestMs
  const busy = hostBusy(head)
  return {
    kind: 'statement',
    subject: 'all statements',
    queryId: null,
    summary: `The ${ratios.length} heaviest statements all take ${numberWords(least)} to ${numberWords(most)} times as long for the same calls, plans, rows and blocks: the database server itself is slower (its machine, its settings, other load on it)${busy === null ? '' : `; the host was ${percentWords(busy)} busy`}.`,
    evidence: [
      { label: 'least ratio', value: Number(least.toPrecision(3)), unit: 'count' },
      { label: 'largest ratio', value: Number(most.toPrecision(3)), unit: 'count' },
    ],
    share: all > 0 ? Math.min(1, growthMs / all) : null,
  }
}

function hostBusy({ runs }: Side): number | null {
  const ratios = runs.flatMap(({ environment }) => environment.hostBusyRatio ?? [])
  return ratios.length === 0 ? null : Math.max(...ratios)
}
