// What the stored facts on applications share: which applications are judged, and over which ten minutes.

import type { ApplicationSummary, OperationKind, OperationTotals } from '../model/application.ts'
import type { Memory } from '../model/fact.ts'
import type { Milliseconds, Window } from '../model/units.ts'

/** Long enough for percentiles of a quiet route, short enough to notice within minutes; the database's increases take the same. */
export const JUDGED_MS: Milliseconds = 10 * 60_000
/** Reports come every 15 s (ours) or 60 s (OpenTelemetry): four of those may be missed. */
const SILENT_AFTER_MS: Milliseconds = 4 * 60_000
/** A silent application counts as gone after this; till then its last ten minutes stand. */
const GONE_AFTER_MS: Milliseconds = 60 * 60_000
/** One that has been away for longer is as good as never known. */
const REMEMBERED_MS: Milliseconds = 30 * 86_400_000

export interface JudgedApplication extends ApplicationSummary {
  /** The ten minutes up to now, or up to its last word where it is silent. */
  readonly window: Window
  readonly isSilent: boolean
}

/**
 * `applications` are those that reported within the last hour. A silent one is judged by its last ten minutes, so that its findings
 * neither resolve because nobody speaks, nor stay for ever: after an hour it counts as gone.
 */
export interface ApplicationReading<Row> {
  /** False: none reported in 30 days, so a check can say nothing. */
  readonly isReporting: boolean
  readonly applications: readonly JudgedApplication[]
  readonly rows: readonly Row[]
}

export async function readApplications(
  memory: Memory,
  targetId: string,
  now: Date,
): Promise<Pick<ApplicationReading<never>, 'isReporting' | 'applications'>> {
  const recent = await memory.applications(targetId, before(now, GONE_AFTER_MS))
  if (recent.length === 0) {
    const ever = await memory.applications(targetId, before(now, REMEMBERED_MS))
    return { isReporting: ever.length > 0, applications: [] }
  }
  return {
    isReporting: true,
    applications: recent.map((each) => {
      const isSilent = now.getTime() - each.lastSeenAt.getTime() > SILENT_AFTER_MS
      // sums are kept by the minute: the one of its last word ends after it
      const last = new Date(Math.min(now.getTime(), each.lastSeenAt.getTime() + 60_000))
      return { ...each, isSilent, window: before(isSilent ? last : now, JUDGED_MS) }
    }),
  }
}

/** Reads each application over its window: those that speak in one question, each silent one in its own. */
export async function readRows<Row extends { readonly application: string | null }>(
  memory: Memory,
  targetId: string,
  now: Date,
  read: (window: Window, application?: string) => Promise<readonly Row[]>,
  judgedMs: Milliseconds = JUDGED_MS,
): Promise<ApplicationReading<Row>> {
  const { isReporting, applications } = await readApplications(memory, targetId, now)
  const silent = applications.filter((each) => each.isSilent)
  const speaking = new Set(applications.filter((each) => !each.isSilent).map((each) => each.application))
  const parts = await Promise.all([
    speaking.size === 0 ? [] : read(before(now, judgedMs)),
    ...silent.map(async ({ application, window }) =>
      (await read(before(window.to, judgedMs), application)).filter((row) => row.application === application),
    ),
  ])
  const [current = [], ...last] = parts
  return {
    isReporting,
    applications,
    rows: [
      ...current.filter((row) => row.application !== null && speaking.has(row.application)),
      ...last.flat(),
    ],
  }
}

export async function readOperations(
  kind: OperationKind,
  memory: Memory,
  targetId: string,
  now: Date,
  { judgedMs, limit }: { readonly judgedMs?: Milliseconds; readonly limit?: number } = {},
): Promise<ApplicationReading<OperationTotals>> {
  return readRows(
    memory,
    targetId,
    now,
    (window, application) =>
      memory.operations(targetId, window, {
        kind,
        ...(application === undefined ? {} : { application }),
        ...(limit === undefined ? {} : { limit }),
      }),
    judgedMs,
  )
}

function before(to: Date, ms: Milliseconds): Window {
  return { from: new Date(to.getTime() - ms), to }
}
