// Alerts as the API speaks of them.

import type { Alert } from '../../model/alert.ts'
import type { AlertWire } from '../../model/alert-wire.ts'
import { subjectLabel } from '../../model/finding.ts'
import type { OpenFinding } from '../../model/open-finding.ts'

/** `finding`: what it is about; null where that is no longer kept. */
export function alertView(alert: Alert, finding: OpenFinding | null): AlertWire {
  return {
    targetId: alert.targetId,
    findingKey: alert.findingKey,
    checkId: alert.findingKey.split(':', 1)[0]!,
    label: finding === null ? alert.findingKey : subjectLabel(finding.subject),
    summary: finding?.summary ?? alert.findingKey,
    state: alert.state,
    severity: alert.severity,
    openedAt: alert.openedAt.toISOString(),
    resolvedAt: alert.resolvedAt?.toISOString() ?? null,
    channels: alert.channels,
    silencedBy: alert.silencedBy,
    acknowledgedBy: alert.acknowledgedBy,
    acknowledgedUntil: alert.acknowledgedUntil?.toISOString() ?? null,
    nextEscalationAt: alert.nextEscalationAt?.toISOString() ?? null,
  }
}
