// What a finding costs, so that actions can be put in order: a share of database time, or the days that are left.

import type { Severity } from '../../model/finding.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { ReportItem } from '../../model/report.ts'
import type { Window } from '../../model/units.ts'
import { formatDuration, formatValue } from '../../report/format.ts'
import type { StatementTotals, Store } from '../../store/store.ts'
import { item } from './blocks.ts'
import type { EvidenceLinks } from './evidence-links.ts'
import type { FindingLife } from './finding-lives.ts'

/** Of all statements' time within a window, by query id. */
export type StatementShares = ReadonlyMap<string, number>

/** Evidence by which checks tell a share of the database's time. */
const SHARES: ReadonlySet<string> = new Set([
  "share of the server's statement time",
  "its share of the server's statement time",
  "share of the server's statement time removed",
  'gain of the cost of all statements',
])
/** And how much time is left. */
const LEFT: ReadonlySet<string> = new Set(['the server refuses writes in'])

const DAY_MS = 86_400_000
/** What is further off waits behind what costs something today. */
const SOON_DAYS = 90
const SEVERITY_ORDER: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 }

export interface FindingCost {
  /** Of database time, 0 to 1; of a statement all that it takes, which is the most that mending it can save. Null: not known. */
  readonly share: number | null
  /** Null: nothing runs out, or nobody knows when. */
  readonly daysLeft: number | null
}

export interface WeighedFinding extends FindingCost {
  readonly life: FindingLife
}

export function sharesOf(statements: readonly StatementTotals[], totalExecMs: number): StatementShares {
  const shares = new Map<string, number>()
  if (totalExecMs > 0)
    for (const each of statements)
      shares.set(each.queryId, (shares.get(each.queryId) ?? 0) + each.totalExecMs / totalExecMs)
  return shares
}

const MOST_STATEMENTS = 1_000

export async function readShares(store: Store, targetId: string, window: Window): Promise<StatementShares> {
  const [top, sums] = await Promise.all([
    store.topStatements(targetId, window, 'totalTime', MOST_STATEMENTS),
    store.statementSums(targetId, window),
  ])
  return sharesOf(top, sums.totalExecMs)
}

/** Measured within the window where the finding names statements, else as the check found it. */
export function costOf({ subject, evidence }: OpenFinding, shares: StatementShares): FindingCost {
  const ids =
    subject.kind === 'query'
      ? [subject.queryId]
      : evidence.flatMap(({ label, value }) => (label === 'query id' ? String(value).split(', ') : []))
  const measured = ids.flatMap((id) => shares.get(id) ?? [])
  const number = (labels: ReadonlySet<string>) =>
    evidence.flatMap(({ label, value }) => (labels.has(label) && typeof value === 'number' ? [value] : []))
  const told = number(SHARES)
  const left = number(LEFT)
  return {
    share:
      measured.length > 0
        ? Math.min(
            1,
            measured.reduce((sum, each) => sum + each, 0),
          )
        : told.length > 0
          ? Math.max(...told)
          : null,
    daysLeft: left.length > 0 ? Math.min(...left) / DAY_MS : null,
  }
}

/** Open ones: critical first, then what runs out soon, then the largest share; what has no figure by its severity, the oldest first. */
export function byCost(lives: readonly FindingLife[], shares: StatementShares): readonly WeighedFinding[] {
  const soon = ({ daysLeft }: FindingCost) =>
    daysLeft !== null && daysLeft < SOON_DAYS ? daysLeft : Number.POSITIVE_INFINITY
  return lives
    .filter(({ standing }) => standing === 'open')
    .map((life) => ({ life, ...costOf(life.finding, shares) }))
    .toSorted(
      (a, b) =>
        Number(b.life.severity === 'critical') - Number(a.life.severity === 'critical') ||
        (soon(a) === soon(b) ? 0 : soon(a) - soon(b)) ||
        (b.share ?? 0) - (a.share ?? 0) ||
        SEVERITY_ORDER[a.life.severity] - SEVERITY_ORDER[b.life.severity] ||
        a.life.since.getTime() - b.life.since.getTime(),
    )
}

export function actionItem({ life, share, daysLeft }: WeighedFinding, links: EvidenceLinks): ReportItem {
  const { finding, severity } = life
  const costs = [
    ...(share === null ? [] : [`${formatValue(share, 'ratio')} of database time`]),
    ...(daysLeft === null ? [] : [`${formatDuration(daysLeft * DAY_MS)} left`]),
  ]
  return item(`${finding.summary}.`, {
    severity,
    detail: [...(costs.length === 0 ? [] : [`${costs.join(', ')}.`]), remedyWords(finding)].join(' '),
    link: links.finding(finding.key),
  })
}

/** Its first statement; all of them, with lock and undo, are behind the link. */
export function remedyWords({ remedy, checkId }: OpenFinding): string {
  return statementWords(remedy?.sql ?? [], checkId)
}

export function statementWords([first, ...more]: readonly string[], checkId: string): string {
  if (first === undefined) return `What to do: the page of \`${checkId}\`.`
  const rest = more.length === 0 ? '' : ` and ${more.length} more`
  return `Remedy: \`${first.replaceAll('`', "'").replace(/\s+/g, ' ').trim()}\`${rest}.`
}
