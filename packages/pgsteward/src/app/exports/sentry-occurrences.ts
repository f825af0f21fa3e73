// What of a report, and of what was found, Sentry is told.

import type { ApplicationReport, ApplicationSource } from '../../model/application.ts'
import type { Severity } from '../../model/finding.ts'
import type { Occurrence, StatementPlace } from '../../model/occurrence.ts'
import type { Notice } from '../../model/open-finding.ts'
import type { SentryExportConfig } from './sentry-config.ts'

export function reportedOccurrences(
  { source, slowQueries, repeats }: ApplicationReport,
  { slowFrom, repeats: withRepeats }: Pick<SentryExportConfig, 'slowFrom' | 'repeats'>,
): readonly Occurrence[] {
  const slow = slowQueries
    .filter((each) => each.source === 'application' && each.durationMs >= slowFrom)
    .map(
      (each): Occurrence => ({
        kind: 'slow-query',
        ...placeOf(source, each),
        at: each.at,
        durationMs: each.durationMs,
        waitedForPoolMs: each.waitedForPoolMs,
        rows: each.rows,
      }),
    )
  const repeated = (withRepeats ? repeats : []).map(
    (each): Occurrence => ({
      kind: 'repeated-statement',
      ...placeOf(source, each),
      at: each.at,
      repetitions: each.repetitions,
      totalMs: each.totalMs,
    }),
  )
  return [...slow, ...repeated]
}

/** Parameters are left out, redacted as they are. */
function placeOf(
  { application, instance, version, environment }: ApplicationSource,
  {
    fingerprint,
    text,
    route,
    model,
    action,
    caller,
    traceId,
  }: Omit<StatementPlace, 'application' | 'instance' | 'release' | 'environment'>,
): StatementPlace {
  return {
    application,
    instance,
    release: version,
    environment,
    fingerprint,
    text,
    route,
    model,
    action,
    caller,
    traceId,
  }
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 }

export function foundOccurrences(
  notices: readonly Notice[],
  from: SentryExportConfig['findings'],
): readonly Occurrence[] {
  if (from === 'none') return []
  return notices
    .filter(({ transition, finding }) => transition !== 'resolved' && RANK[finding.severity] >= RANK[from])
    .map(({ finding }) => ({
      kind: 'finding',
      at: finding.lastSeenAt,
      key: finding.key,
      checkId: finding.checkId,
      severity: finding.severity,
      summary: finding.summary,
      evidence: finding.evidence,
    }))
}
