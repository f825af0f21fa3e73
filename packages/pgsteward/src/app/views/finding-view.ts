// Findings as the API speaks of them.

import { subjectLabel } from '../../model/finding.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { FindingWire } from '../../model/wire.ts'

export function findingView(finding: OpenFinding): FindingWire {
  return {
    targetId: finding.targetId,
    key: finding.key,
    checkId: finding.checkId,
    area: finding.area,
    severity: finding.severity,
    state: finding.state,
    subject: { ...finding.subject },
    label: subjectLabel(finding.subject),
    summary: finding.summary,
    evidence: finding.evidence,
    ...(finding.remedy === undefined ? {} : { remedy: finding.remedy }),
    firstSeenAt: finding.firstSeenAt.toISOString(),
    lastSeenAt: finding.lastSeenAt.toISOString(),
    openedAt: finding.openedAt?.toISOString() ?? null,
    resolvedAt: finding.resolvedAt?.toISOString() ?? null,
    mutedUntil: finding.mutedUntil?.toISOString() ?? null,
    muteReason: finding.muteReason,
  }
}
