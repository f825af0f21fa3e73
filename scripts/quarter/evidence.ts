// What the quarter left behind, read back from the store, and what of it is not as it must be.

import { practiceOf } from '../../packages/pgsteward/src/app/govern/practice.ts'
import { changeOf } from '../../packages/pgsteward/src/govern/change/change-state.ts'
import { spansBefore } from '../../packages/pgsteward/src/govern/practice/practice-metrics.ts'
import type { ChangeWire, MeetingWire } from '../../packages/pgsteward/src/model/change-wire.ts'
import type { IncidentWire } from '../../packages/pgsteward/src/model/incident-wire.ts'
import type { OptimizationWire } from '../../packages/pgsteward/src/model/optimization-wire.ts'
import type { PracticePeriodWire } from '../../packages/pgsteward/src/model/practice-wire.ts'
import type { RehearsalWire } from '../../packages/pgsteward/src/model/rehearsal-wire.ts'
import { REPORT_KINDS, type ReportKind } from '../../packages/pgsteward/src/model/report.ts'
import type { LaunchReviewWire } from '../../packages/pgsteward/src/model/review-wire.ts'
import { BEGIN, DAY, END, OPTIMIZATIONS, TARGET, TROUBLES, UNOBSERVED } from './calendar.ts'
import { later } from './diary.ts'
import type { Page } from './pager.ts'
import type { Team } from './people.ts'

export interface Coverage {
  readonly minutes: number
  readonly uncovered: number
  /** The same person as primary and secondary. */
  readonly alone: number
  readonly shifts: number
  readonly overrides: number
  readonly withdrawn: number
  readonly handOffs: number
  readonly acknowledged: number
  /** In minutes of UTC: nine o'clock in Berlin, in summer and in winter. */
  readonly changesAt: readonly number[]
}

export interface Evidence {
  readonly reports: ReadonlyMap<ReportKind, readonly string[]>
  /** Of the day in which pgsteward was away for four hours; null: it has no report. */
  readonly unobservedRatio: number | null
  readonly incidents: readonly IncidentWire[]
  readonly changes: readonly ChangeWire[]
  readonly meetings: readonly MeetingWire[]
  readonly rehearsals: readonly RehearsalWire[]
  readonly launches: readonly LaunchReviewWire[]
  readonly optimizations: readonly OptimizationWire[]
  /** Of each thirty days, the first first. */
  readonly practice: readonly PracticePeriodWire[]
  readonly coverage: Coverage
  /** Whom critical alerts called, against who was on call then. */
  readonly called: readonly { readonly incident: string; readonly to: string; readonly onCall: string }[]
}

const MINUTE = 60_000

export async function gatherEvidence(team: Team, pages: readonly Page[]): Promise<Evidence> {
  const { store, governance, incidents, optimizations } = team
  const reports = new Map<ReportKind, readonly string[]>()
  for (const kind of REPORT_KINDS) {
    const found = await store.reports({ targetId: TARGET, kind, limit: 1_000 })
    reports.set(kind, found.map(({ name }) => name).toReversed())
  }
  const unobserved = await store.report({
    kind: 'daily',
    targetId: TARGET,
    name: UNOBSERVED.from.toISOString().slice(0, 10),
  })
  const changes = await store.records({ kinds: ['change'], limit: 1_000 })
  const practice = await practiceOf(store, TARGET, spansBefore(END, 30 * DAY), END)
  return {
    reports,
    unobservedRatio: unobserved?.coverage.ratio ?? null,
    incidents: (await incidents.all(TARGET)).toReversed(),
    changes: changes.map(changeOf).toReversed(),
    meetings: (await governance.meetings.list()).toReversed(),
    rehearsals: (await governance.rehearsals.list()).toReversed(),
    launches: (await governance.reviews.list()).toReversed(),
    optimizations: (await optimizations.all(TARGET)).toReversed(),
    practice: [practice.period, ...practice.before].toReversed().slice(1),
    coverage: await coverageOf(team),
    called: await calledOf(team, pages),
  }
}

/** Minute by minute. */
async function coverageOf({ onCall }: Team): Promise<Coverage> {
  const shifts = await onCall.shifts({ from: BEGIN, until: END })
  const overrides = await onCall.overrides()
  const handOffs = await onCall.handOffs()
  let [minutes, uncovered, alone, next] = [0, 0, 0, 0]
  for (let at = BEGIN.getTime(); at < END.getTime(); at += MINUTE) {
    while (shifts[next] !== undefined && shifts[next]!.until.getTime() <= at) next += 1
    const shift = shifts[next]
    const isCovered = shift !== undefined && shift.from.getTime() <= at && shift.primary && shift.secondary
    minutes += 1
    if (!isCovered) uncovered += 1
    else if (shift.primary!.person === shift.secondary!.person) alone += 1
  }
  const mondays = shifts.filter(({ from }) => from.getUTCDay() === 1).map(({ from }) => minuteOf(from))
  return {
    minutes,
    uncovered,
    alone,
    shifts: shifts.length,
    overrides: overrides.length,
    withdrawn: overrides.filter(({ withdrawn }) => withdrawn !== null).length,
    handOffs: handOffs.length,
    acknowledged: handOffs.filter(({ acknowledged }) => acknowledged !== null).length,
    changesAt: [...new Set(mondays)].filter((minute) => minute > 0),
  }
}

function minuteOf(at: Date): number {
  return at.getUTCHours() * 60 + at.getUTCMinutes()
}

/** The first that each incident called. */
async function calledOf({ onCall, incidents }: Team, pages: readonly Page[]): Promise<Evidence['called']> {
  const called: Evidence['called'][number][] = []
  for (const { name, alerts, times } of await incidents.all(TARGET)) {
    const keys = alerts.map(({ findingKey }) => findingKey)
    const told = pages.find(
      ({ at, to, body }) =>
        to !== 'team' &&
        at >= new Date(times.startedAt) &&
        keys.some((key) => JSON.stringify(body).includes(key)),
    )
    const at = new Date(times.detectedAt ?? times.startedAt)
    const [shift] = await onCall.shifts({ from: at, until: later(at, 1) })
    called.push({ incident: name, to: told?.to ?? 'nobody', onCall: shift?.primary?.person ?? 'nobody' })
  }
  return called.toReversed()
}

/** What the quarter must show and does not, in words. */
export function missingIn(evidence: Evidence): readonly string[] {
  const { reports, incidents, changes, rehearsals, optimizations, coverage, called } = evidence
  const days = (END.getTime() - BEGIN.getTime()) / DAY
  const counted = (kind: ReportKind) => reports.get(kind)?.length ?? 0
  const decided = new Set(changes.map(({ decision }) => decision?.decision))
  const must: readonly (readonly [string, boolean])[] = [
    [`a report for each of ${days} days`, counted('daily') === days],
    ['a report for each of 13 weeks', counted('weekly') === 13 && counted('index-health') === 13],
    ['a report for each of 3 months', counted('monthly') === 3 && counted('optimization') === 3],
    [
      'the day with four hours unobserved says so',
      Math.abs((evidence.unobservedRatio ?? 1) - 20 / 24) < 0.01,
    ],
    [
      'two incidents, both reviewed',
      incidents.length === TROUBLES.length && incidents.every(({ state }) => state === 'reviewed'),
    ],
    ['changes approved and rejected', decided.has('approved') && decided.has('rejected')],
    [
      'a change that was taken back',
      changes.some(({ state, closedAs }) => state === 'rolled-back' || closedAs === 'rolled back'),
    ],
    ['an emergency', changes.some(({ decision }) => decision?.isEmergency === true)],
    [
      'nothing was applied that nobody had approved',
      changes.every(({ applied }) => applied.every(({ isUndecided }) => !isUndecided)),
    ],
    ['no minute without a primary and a secondary', coverage.uncovered === 0 && coverage.alone === 0],
    [
      'the rotation changes at nine in Berlin, in summer and in winter',
      coverage.changesAt.join() === '420,480',
    ],
    ['every hand-off was taken', coverage.handOffs > 0 && coverage.handOffs === coverage.acknowledged],
    ['incidents called whoever was on call', called.every(({ to, onCall }) => to === onCall)],
    [
      'a rehearsal that failed and was rolled back',
      rehearsals.some(({ verdict }) => verdict === 'rolled back'),
    ],
    ['rehearsals that passed', rehearsals.filter(({ verdict }) => verdict === 'passed').length === 6],
    [
      'five optimizations measured, before and after',
      optimizations.filter(
        ({ state, measure }) => state === 'completed' && (measure?.statements.length ?? 0) > 0,
      ).length === OPTIMIZATIONS.length,
    ],
  ]
  return must.filter(([, holds]) => !holds).map(([what]) => what)
}
