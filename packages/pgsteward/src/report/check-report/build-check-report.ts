// From outcomes to the report that every format renders: findings worst first, one outcome a check.

import type { AnyCheck, Outcome } from '../../model/check.ts'
import type { CheckReport } from '../../model/check-report.ts'
import type { CollectionCost } from '../../model/fact.ts'
import { atLeast, findingKey, subjectLabel } from '../../model/finding.ts'
import type { ServerInfo } from '../../model/server-info.ts'

export interface CheckRun {
  readonly address: string
  readonly server: ServerInfo
  readonly takenAt: Date
  readonly watchedSeconds: number
  readonly outcomes: readonly Outcome[]
  readonly cost: CollectionCost
}

export function buildCheckReport(run: CheckRun, checks: readonly AnyCheck[]): CheckReport {
  const byId = new Map(checks.map((check) => [check.id, check]))
  const findings = run.outcomes.flatMap((outcome) =>
    outcome.status !== 'found'
      ? []
      : outcome.findings.map((finding) => {
          const check = byId.get(outcome.checkId)!
          return {
            id: findingKey(check.id, finding.subject),
            checkId: check.id,
            title: check.title,
            area: check.area,
            severity: finding.severity,
            subject: { ...finding.subject },
            label: subjectLabel(finding.subject),
            summary: finding.summary,
            evidence: finding.evidence,
            ...(finding.remedy === undefined ? {} : { remedy: finding.remedy }),
          }
        }),
  )
  findings.sort((a, b) =>
    a.severity === b.severity ? a.id.localeCompare(b.id) : atLeast(a.severity, b.severity) ? -1 : 1,
  )
  return {
    target: run.address,
    server: {
      version: run.server.version,
      versionNum: run.server.versionNum,
      role: run.server.role,
      database: run.server.database,
      user: run.server.user,
    },
    takenAt: run.takenAt.toISOString(),
    watchedSeconds: run.watchedSeconds,
    findings,
    outcomes: run.outcomes.map(outcomeLine).sort((a, b) => a.checkId.localeCompare(b.checkId)),
    cost: run.cost,
  }
}

function outcomeLine(outcome: Outcome): CheckReport['outcomes'][number] {
  const { checkId, status } = outcome
  if (outcome.status === 'skipped') return { checkId, status, because: outcome.because }
  if (outcome.status === 'failed') return { checkId, status, because: outcome.error.message }
  return { checkId, status }
}
