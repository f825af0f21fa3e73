// What is told of a finding, as data; channels put it into their own words.

import type { AlertMessage, AlertNews } from '../model/alert.ts'
import type { OpenFinding } from '../model/open-finding.ts'

export interface MessageSurroundings {
  readonly labels: Readonly<Record<string, string>>
  /** The check's. */
  readonly title: string
  /** What to do. Default: the page of the check. */
  readonly runbook?: string
  readonly isFlapping: boolean
  /** Public address of the dashboard; null: not configured. */
  readonly dashboardUrl: string | null
  readonly now: Date
}

export function alertMessage(
  finding: OpenFinding,
  { event, actor, because }: AlertNews,
  {
    labels,
    title,
    runbook = `docs/checks/${finding.checkId}.md`,
    isFlapping,
    dashboardUrl,
    now,
  }: MessageSurroundings,
): AlertMessage {
  const { remedy } = finding
  return {
    event,
    at: event === 'resolved' ? (finding.resolvedAt ?? now) : now,
    targetId: finding.targetId,
    labels,
    findingKey: finding.key,
    checkId: finding.checkId,
    title,
    area: finding.area,
    severity: finding.severity,
    subject: finding.subject,
    summary: finding.summary,
    evidence: finding.evidence,
    remedy: remedy === undefined ? null : { sql: remedy.sql, caution: remedy.caution },
    openedAt: finding.openedAt ?? now,
    resolvedAt: finding.resolvedAt,
    isFlapping,
    actor,
    because,
    link: dashboardUrl === null ? null : findingLink(dashboardUrl, finding),
    runbook,
  }
}

export function findingLink(base: string, { targetId, key }: Pick<OpenFinding, 'targetId' | 'key'>): string {
  return `${base.replace(/\/+$/, '')}/findings/${encodeURIComponent(key)}?target=${encodeURIComponent(targetId)}`
}
