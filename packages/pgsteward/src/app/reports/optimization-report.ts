// Query optimization: the heaviest statements, advice by kind with its cost, rewrites, changes of plan, and what was measured of what was done.

import type { OpenFinding } from '../../model/open-finding.ts'
import type { PlanChange } from '../../model/plan.ts'
import { column, figure, figures, section, table } from './blocks.ts'
import type { Coverage } from './coverage.ts'
import type { ReportBody } from './daily-report.ts'
import { effectsTable, effectsWithin } from './done-sections.ts'
import { type EvidenceLinks, evidenceLinks } from './evidence-links.ts'
import { byCost, remedyWords, sharesOf, type WeighedFinding } from './finding-cost.ts'
import { findingLives } from './finding-lives.ts'
import { checkTitle, momentText } from './moment-text.ts'
import { keptWindow, type ReportFrame } from './report-frame.ts'
import { heaviestTable, shortText } from './statement-tables.ts'

const MOST_STATEMENTS = 1_000
const SHOWN = 20
/** Indexes and rewrites serve statements as well. */
const AREAS: ReadonlySet<OpenFinding['area']> = new Set(['query', 'regression'])
const INDEX_CHECKS: ReadonlySet<string> = new Set(['missing-index', 'partial-index', 'sequential-scans'])

export async function optimizationReport(frame: ReportFrame, _coverage: Coverage): Promise<ReportBody> {
  const { store, targetId, period } = frame
  const links = evidenceLinks(targetId, period)
  const window = keptWindow(frame, period)
  const [top, sums, lives, changes, effects] = await Promise.all([
    store.topStatements(targetId, window, 'totalTime', MOST_STATEMENTS),
    store.statementSums(targetId, window),
    findingLives(store, targetId, period),
    store.planChanges(targetId, period),
    effectsWithin(store, targetId, period),
  ])
  const weighed = byCost(
    lives.filter(({ finding }) => AREAS.has(finding.area) || INDEX_CHECKS.has(finding.checkId)),
    sharesOf(top, sums.totalExecMs),
  )
  const kinds = [...Map.groupBy(weighed, ({ life }) => life.finding.checkId)]
    .map(([checkId, all]) => ({ checkId, count: all.length, most: mostShare(all) }))
    .toSorted((a, b) => (b.most ?? 0) - (a.most ?? 0) || b.count - a.count)
  type Kind = (typeof kinds)[number]
  return {
    status: null,
    sections: [
      section(
        'summary',
        'In short',
        figures(
          figure('Database time', sums.seconds === 0 ? null : sums.totalExecMs, 'ms', {
            note: sums.seconds === 0 ? 'No statement figures are kept of this time.' : null,
            link: links.page('statements'),
          }),
          figure('Open advice', weighed.length, 'count', { link: links.page('findings') }),
          figure('Changes of plan', changes.length, 'count', { link: links.page('statements') }),
        ),
        heaviestTable(top, sums.totalExecMs, links),
      ),
      section(
        'advice',
        'Advice by kind',
        table(
          null,
          kinds,
          [
            column<Kind>('Kind', 'text', ({ checkId }) => checkTitle(checkId)),
            column<Kind>('Findings', 'count', ({ count }) => count),
            column<Kind>('The costliest, of database time', 'ratio', ({ most }) => most),
          ],
          { empty: 'No advice on queries stands.', link: () => links.page('findings'), most: SHOWN },
        ),
        adviceTable(weighed, links),
      ),
      section('rewrites', 'Rewrites proposed', rewriteTable(weighed, links)),
      section('plans', 'Changes of plan', planTable(changes, period.timeZone, links)),
      section('effects', 'What was measured', effectsTable(effects, period.timeZone, links)),
    ],
  }
}

/** Of one finding: several may be about the same statement, and their sum would count it twice. */
function mostShare(all: readonly WeighedFinding[]): number | null {
  const known = all.flatMap(({ share }) => share ?? [])
  return known.length === 0 ? null : Math.max(...known)
}

function adviceTable(weighed: readonly WeighedFinding[], links: EvidenceLinks) {
  return table(
    'By cost',
    weighed,
    [
      column<WeighedFinding>('Finding', 'text', ({ life }) => life.finding.summary),
      column<WeighedFinding>('Of database time', 'ratio', ({ share }) => share),
      column<WeighedFinding>('Severity', 'text', ({ life }) => life.severity),
      column<WeighedFinding>('What to do', 'text', ({ life }) => remedyWords(life.finding)),
    ],
    { empty: 'None.', link: ({ life }) => links.finding(life.finding.key), most: SHOWN },
  )
}

function rewriteTable(weighed: readonly WeighedFinding[], links: EvidenceLinks) {
  const told = ({ life }: WeighedFinding, label: string) =>
    life.finding.evidence.find((each) => each.label === label)?.value ?? null
  const number = (each: WeighedFinding, label: string) => {
    const value = told(each, label)
    return typeof value === 'number' ? value : null
  }
  const rewrites = weighed.filter((each) => told(each, 'Rewrite') !== null)
  return table(
    null,
    rewrites,
    [
      column<WeighedFinding>('Rewrite', 'text', (each) => shortText(String(told(each, 'Rewrite')))),
      column<WeighedFinding>('Why', 'text', (each) => told(each, 'why it helps')),
      column<WeighedFinding>('The same rows', 'text', (each) => told(each, 'the same rows')),
      column<WeighedFinding>('Planned cost before', 'count', (each) =>
        number(each, 'cost a call, as planned'),
      ),
      column<WeighedFinding>('Planned cost after', 'count', (each) => number(each, 'cost a call, rewritten')),
    ],
    { empty: 'No rewrite was proven.', link: ({ life }) => links.finding(life.finding.key), most: SHOWN },
  )
}

function planTable(changes: readonly PlanChange[], timeZone: string, links: EvidenceLinks) {
  return table(
    null,
    changes,
    [
      column<PlanChange>('When', 'text', ({ at }) => momentText(at, timeZone)),
      column<PlanChange>('Statement', 'text', ({ to, queryId }) => shortText(to.text) || `query ${queryId}`),
      column<PlanChange>('Where they part', 'text', ({ difference }) => difference),
      column<PlanChange>('Mean before', 'ms', ({ meanMsBefore }) => meanMsBefore),
      column<PlanChange>('Mean since', 'ms', ({ meanMsAfter }) => meanMsAfter),
      column<PlanChange>('What happened before', 'text', ({ events }) =>
        events[0] === undefined ? null : `${events[0].subject}: ${events[0].detail}`,
      ),
    ],
    { empty: 'No plan changed that was seen.', link: ({ queryId }) => links.statement(queryId), most: SHOWN },
  )
}
