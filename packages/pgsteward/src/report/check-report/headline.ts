// One sentence over a check report: is it all right?

import type { CheckReport } from '../../model/check-report.ts'

export function headline(report: Pick<CheckReport, 'findings' | 'outcomes'>): string {
  const count = (severity: string) =>
    report.findings.filter((finding) => finding.severity === severity).length
  const parts = [
    [count('critical'), 'critical'],
    [count('warning'), count('warning') === 1 ? 'warning' : 'warnings'],
    [count('info'), 'to know'],
  ]
    .filter(([number]) => number !== 0)
    .map(([number, word]) => `${number} ${word}`)
  const judged = report.outcomes.filter(
    (outcome) => outcome.status === 'quiet' || outcome.status === 'found',
  ).length
  const of = `${judged} of ${report.outcomes.length} checks could judge`
  return parts.length === 0 ? `Nothing found; ${of}.` : `${parts.join(', ')}; ${of}.`
}
