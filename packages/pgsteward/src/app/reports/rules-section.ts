// Regression rules in a report: the status that follows from them, and each as a figure with its words.

import type { Report, ReportFigure } from '../../model/report.ts'
import { figure, item } from './blocks.ts'
import type { Coverage } from './coverage.ts'
import { LEAST_COVERAGE } from './daily-rules.ts'
import type { EvidenceLinks } from './evidence-links.ts'
import type { RuleResult } from './weekly-rules.ts'

/** Red where a rule is broken, yellow where one may be, unknown where none could be judged or too little was observed. */
export function ruleStatus(
  rules: readonly RuleResult[],
  coverage: Pick<Coverage, 'ratio'>,
  links: EvidenceLinks,
): NonNullable<Report['status']> {
  const reasons = (state: RuleResult['state'], severity: 'critical' | 'warning') =>
    rules
      .filter((rule) => rule.state === state)
      .map((rule) => item(`${rule.label}: ${rule.because}`, { severity, link: linkOf(rule, links) }))
  const [broken, doubtful] = [reasons('broken', 'critical'), reasons('not-supported', 'warning')]
  if (broken.length > 0) return { level: 'red', reasons: [...broken, ...doubtful] }
  if (doubtful.length > 0) return { level: 'yellow', reasons: doubtful }
  const known = rules.filter(({ state }) => state !== 'unknown')
  if (known.length === 0)
    return {
      level: 'unknown',
      reasons: [item('No rule could be judged.', { detail: rules[0]?.because ?? null })],
    }
  if (coverage.ratio < LEAST_COVERAGE)
    return { level: 'unknown', reasons: [item('Too little of the time was observed to call it green.')] }
  return {
    level: 'green',
    reasons: [item(`${known.length} of ${rules.length} rules could be judged, and none is broken.`)],
  }
}

export function ruleFigure(rule: RuleResult, links: EvidenceLinks): ReportFigure {
  const { label, value, unit, was, limit, because, state } = rule
  const judgement = state === 'broken' ? 'bad' : state === 'met' ? 'good' : 'neutral'
  return figure(label, value, unit, { was, limit, judgement, note: because, link: linkOf(rule, links) })
}

function linkOf({ id }: RuleResult, links: EvidenceLinks): string {
  return links.page(id === 'statement-time' ? 'statements' : 'applications')
}
