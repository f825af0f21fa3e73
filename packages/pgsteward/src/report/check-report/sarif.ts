// A check report as SARIF 2.1.0 (OASIS), which code hosts show beside pull requests.

import type { CheckReport, ReportedFinding } from '../../model/check-report.ts'
import { formatEvidence } from '../format.ts'

const LEVELS = { critical: 'error', warning: 'warning', info: 'note' } as const

/** Locations are logical ones: a finding's place is a database object, not a line of a file. */
export function checkReportSarif(report: CheckReport, toolVersion: string): string {
  const rules = [...new Map(report.findings.map((finding) => [finding.checkId, finding])).values()]
  const sarif = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'pgsteward',
            version: toolVersion,
            rules: rules.map(({ checkId, title, area }) => ({
              id: checkId,
              shortDescription: { text: title },
              properties: { tags: [area] },
            })),
          },
        },
        results: report.findings.map((finding) => result(report, finding)),
      },
    ],
  }
  return `${JSON.stringify(sarif, null, 2)}\n`
}

function result(report: CheckReport, finding: ReportedFinding): object {
  const remedy =
    finding.remedy === undefined ? '' : `\nRemedy:\n${finding.remedy.sql.map((sql) => `${sql};`).join('\n')}`
  return {
    ruleId: finding.checkId,
    level: LEVELS[finding.severity],
    message: { text: `${finding.summary} (${formatEvidence(finding.evidence)})${remedy}` },
    locations: [
      {
        logicalLocations: [
          {
            name: finding.label,
            fullyQualifiedName: `${report.target}/${finding.id}`,
            kind: finding.subject.kind,
          },
        ],
      },
    ],
    partialFingerprints: { 'pgsteward/v1': finding.id },
  }
}
