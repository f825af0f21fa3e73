// When a day is green, yellow or red: fixed rules, each with its reason, and what each says in words.

import type { Area } from '../../model/finding.ts'
import type { Report, ReportItem } from '../../model/report.ts'
import { formatDuration, formatValue } from '../../report/format.ts'
import { item } from './blocks.ts'
import type { EvidenceLinks } from './evidence-links.ts'
import type { FindingLife } from './finding-lives.ts'
import {
  deliveredRatioOf,
  errorRatioOf,
  type PeriodFigures,
  p95Of,
  type Uptime,
  uptimeRatio,
} from './period-figures.ts'

/**
 * uptime: yellow under the objective (99.9 %, N5); red where the day spent ten times its share of the error budget, a third of the month's:
 * of 99.9 % that is 99 %, a quarter of an hour.
 */
export const RED_BURN = 10
/** N3's target, and its alert. */
export const ERROR_RATIO = { yellow: 0.001, red: 0.05 } as const
/** N3's target, and its alert. */
export const DELIVERED_RATIO = { yellow: 0.98, red: 0.95 } as const
/** N2's target, and its alert. */
export const QUERY_P95_MS = { yellow: 500, red: 1_000 } as const
/** Fewer failures of a whole day are chance, whatever share they are of few requests. */
export const LEAST_FAILURES = 5
/** As the check query-latency: of fewer, two or three slow ones are the 95th percentile. */
export const LEAST_STATEMENTS = 50
/** Of a day of which a quarter was not seen nobody can say that nothing happened. */
export const LEAST_COVERAGE = 0.75
/** Warnings of these are felt by users at once; those of others (an unused index) are work to plan, and stand under actions. */
const FELT_AREAS: readonly Area[] = ['availability', 'capacity', 'regression']

export type Level = 'green' | 'yellow' | 'red'

export interface Judged {
  readonly level: Level
  /** Null: it is green. */
  readonly reason: ReportItem | null
}

const GREEN: Judged = { level: 'green', reason: null }

export interface DailyGiven {
  readonly figures: PeriodFigures
  readonly lives: readonly FindingLife[]
  readonly coverageRatio: number
  readonly links: EvidenceLinks
}

export function dailyStatus({
  figures,
  lives,
  coverageRatio,
  links,
}: DailyGiven): NonNullable<Report['status']> {
  const judged = [
    ...lives.map((life) => judgeFinding(life, links)),
    ...figures.uptime.map((uptime) => judgeUptime(uptime, links)),
    judgeErrors(figures, links),
    judgeDeliveries(figures, links),
    judgeQueries(figures, links),
  ]
  const reasons = (level: Level) =>
    judged.flatMap((one) => (one.level === level && one.reason !== null ? [one.reason] : []))
  const [red, yellow] = [reasons('red'), reasons('yellow')]
  const unseen = item(`Only ${formatValue(coverageRatio, 'ratio')} of the period was observed.`, {
    severity: 'warning',
    detail: `Under ${formatValue(LEAST_COVERAGE, 'ratio')} nothing is called green.`,
  })
  const isSeen = coverageRatio >= LEAST_COVERAGE
  const known = [...red, ...yellow, ...(isSeen ? [] : [unseen])]
  if (red.length > 0) return { level: 'red', reasons: known }
  if (yellow.length > 0) return { level: 'yellow', reasons: known }
  if (!isSeen) return { level: 'unknown', reasons: known }
  return { level: 'green', reasons: [item('No rule was broken by what was observed.')] }
}

export function judgeFinding({ finding, standing, severity }: FindingLife, links: EvidenceLinks): Judged {
  if (standing === 'muted') return GREEN
  const link = links.finding(finding.key)
  const isFelt = FELT_AREAS.includes(finding.area)
  if (severity === 'critical' && standing === 'open')
    return red(`${finding.summary}.`, 'A critical finding that stands at the end.', link)
  if (severity === 'critical') return yellow(`${finding.summary}.`, 'A critical finding that is over.', link)
  if (severity === 'warning' && standing === 'open' && isFelt)
    return yellow(
      `${finding.summary}.`,
      `A warning of the area ${finding.area} that stands at the end.`,
      link,
    )
  return GREEN
}

export function judgeUptime(uptime: Uptime, links: EvidenceLinks): Judged {
  const ratio = uptimeRatio(uptime)
  if (ratio === null || ratio >= uptime.slo) return GREEN
  const words = `${uptime.name} was down for ${formatDuration(uptime.downMs)}: up ${percent(ratio)}.`
  const redBelow = 1 - RED_BURN * (1 - uptime.slo)
  return ratio < redBelow
    ? red(
        words,
        `Under ${percent(redBelow)}: ten times what the objective of ${percent(uptime.slo)} allows.`,
        links.page('availability'),
      )
    : yellow(words, `The objective is ${percent(uptime.slo)}.`, links.page('availability'))
}

export function judgeErrors({ requests }: PeriodFigures, links: EvidenceLinks): Judged {
  const ratio = errorRatioOf(requests)
  if (requests === null || ratio === null || requests.errors < LEAST_FAILURES || ratio <= ERROR_RATIO.yellow)
    return GREEN
  const words = `${percent(ratio)} of the requests failed: ${count(requests.errors)} of ${count(requests.count)}.`
  return ratio > ERROR_RATIO.red
    ? red(words, `Over ${percent(ERROR_RATIO.red)}.`, links.page('applications'))
    : yellow(words, `The target is ${percent(ERROR_RATIO.yellow)}.`, links.page('applications'))
}

export function judgeDeliveries({ deliveries }: PeriodFigures, links: EvidenceLinks): Judged {
  const ratio = deliveredRatioOf(deliveries)
  if (
    deliveries === null ||
    ratio === null ||
    deliveries.failed < LEAST_FAILURES ||
    ratio >= DELIVERED_RATIO.yellow
  )
    return GREEN
  const words = `${percent(ratio)} of the messages arrived: ${count(deliveries.failed)} of ${count(deliveries.all)} did not.`
  return ratio < DELIVERED_RATIO.red
    ? red(words, `Under ${percent(DELIVERED_RATIO.red)}.`, links.page('applications'))
    : yellow(words, `The target is ${percent(DELIVERED_RATIO.yellow)}.`, links.page('applications'))
}

export function judgeQueries({ queries }: PeriodFigures, links: EvidenceLinks): Judged {
  const p95 = p95Of(queries)
  if (queries === null || p95 === null || queries.count < LEAST_STATEMENTS || p95 <= QUERY_P95_MS.yellow)
    return GREEN
  const words = `Every twentieth statement took over ${formatDuration(p95)}.`
  return p95 > QUERY_P95_MS.red
    ? red(words, `Over ${formatDuration(QUERY_P95_MS.red)}.`, links.page('statements'))
    : yellow(words, `The target is ${formatDuration(QUERY_P95_MS.yellow)}.`, links.page('statements'))
}

function red(words: string, detail: string, link: string): Judged {
  return { level: 'red', reason: item(words, { severity: 'critical', detail, link }) }
}

function yellow(words: string, detail: string, link: string): Judged {
  return { level: 'yellow', reason: item(words, { severity: 'warning', detail, link }) }
}

function count(value: number): string {
  return formatValue(value, 'count')
}

/** To three digits of what is missing: 99.95 %, not 100 %. */
function percent(ratio: number): string {
  const digits = ratio > 0.9 && ratio < 1 ? Math.min(6, Math.max(1, Math.ceil(-Math.log10(1 - ratio)))) : 2
  return `${Number((ratio * 100).toFixed(digits))} %`
}
