// A check report as JUnit XML: one test case a check, so that any CI system shows it.

import type { CheckReport, ReportedFinding } from '../../model/check-report.ts'
import { atLeast, type Severity } from '../../model/finding.ts'
import { escapeXml } from '../escape-xml.ts'
import { formatEvidence } from '../format.ts'

/** A check fails its test case when it found something at or above `failOn`; lesser findings are its output. */
export function checkReportJunit(report: CheckReport, failOn: Severity): string {
  const cases = report.outcomes.map((outcome) => {
    const findings = report.findings.filter((finding) => finding.checkId === outcome.checkId)
    const failing = findings.filter((finding) => atLeast(finding.severity, failOn))
    return { outcome, findings, failing }
  })
  const count = (test: (each: (typeof cases)[number]) => boolean) => cases.filter(test).length
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="pgsteward" tests="${cases.length}" failures="${count((each) => each.failing.length > 0)}" errors="${count(({ outcome }) => outcome.status === 'failed')}" skipped="${count(({ outcome }) => outcome.status === 'skipped')}">`,
    `  <testsuite name="${escapeXml(report.target)}" timestamp="${report.takenAt}" tests="${cases.length}">`,
    ...cases.flatMap(({ outcome, findings, failing }) => [
      `    <testcase classname="pgsteward" name="${escapeXml(outcome.checkId)}">`,
      ...failing.map(
        (finding) =>
          `      <failure type="${finding.severity}" message="${escapeXml(finding.summary)}">${escapeXml(detail(finding))}</failure>`,
      ),
      ...(outcome.status === 'failed'
        ? [`      <error message="${escapeXml(outcome.because ?? '')}"/>`]
        : []),
      ...(outcome.status === 'skipped'
        ? [`      <skipped message="${escapeXml(outcome.because ?? '')}"/>`]
        : []),
      ...findings
        .filter((finding) => !failing.includes(finding))
        .map(
          (finding) =>
            `      <system-out>${escapeXml(`${finding.severity}: ${finding.summary} ${detail(finding)}`)}</system-out>`,
        ),
      '    </testcase>',
    ]),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function detail(finding: ReportedFinding): string {
  return [formatEvidence(finding.evidence), ...(finding.remedy?.sql.map((sql) => `${sql};`) ?? [])].join('\n')
}
