// Index health: what indexes take and how that grows, which are a burden, which are missing, what was rebuilt. Data from findings by check.

import type { OpenFinding } from '../../model/open-finding.ts'
import type { ReportBlock } from '../../model/report.ts'
import type { Window } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'
import { column, figure, figures, item, list, section, table } from './blocks.ts'
import type { Coverage } from './coverage.ts'
import type { ReportBody } from './daily-report.ts'
import { effectsTable, effectsWithin, jobsDone, maintenanceTable } from './done-sections.ts'
import { type EvidenceLinks, evidenceLinks } from './evidence-links.ts'
import { remedyWords } from './finding-cost.ts'
import { type FindingLife, findingLives } from './finding-lives.ts'
import { checkTitle } from './moment-text.ts'
import { chartBlock, summedLine } from './report-charts.ts'
import type { ReportFrame } from './report-frame.ts'

interface Group {
  readonly id: string
  readonly title: string
  readonly checks: readonly string[]
  readonly empty: string
}

/** The burden first: dropping and rebuilding is quick, and what is missing has a report of its own. */
export const GROUPS: readonly Group[] = [
  { id: 'invalid', title: 'Invalid', checks: ['invalid-index'], empty: 'Every index is valid.' },
  {
    id: 'unused',
    title: 'Unused',
    checks: ['unused-index'],
    empty: 'Every index is used, or too young to say.',
  },
  {
    id: 'redundant',
    title: 'Duplicate and redundant',
    checks: ['duplicate-index', 'redundant-index'],
    empty: 'No index repeats another.',
  },
  {
    id: 'unused-columns',
    title: 'Columns that nothing looks for',
    checks: ['unused-composite-column'],
    empty: 'Every column of an index is looked for, or too young to say.',
  },
  {
    id: 'bloated',
    title: 'Bloated',
    checks: ['bloated-index', 'bloated-index-suspected'],
    empty: 'No index is known to be bloated.',
  },
  {
    id: 'missing',
    title: 'Missing',
    checks: [
      'unindexed-foreign-key',
      'missing-index',
      'partial-index',
      'sequential-scans',
      'missing-primary-key',
    ],
    empty: 'No missing index is known.',
  },
]

const SHOWN = 15
const NOT_JUDGED = 'No check could judge this yet.'
const TABLE_INDEX_SIZE = 'table.indexSize'

export async function indexHealthReport(frame: ReportFrame, _coverage: Coverage): Promise<ReportBody> {
  const { store, targetId, period } = frame
  const links = evidenceLinks(targetId, period)
  const [lives, jobs, effects, growth, outcomes] = await Promise.all([
    findingLives(store, targetId, period),
    jobsDone(store, targetId, period),
    effectsWithin(store, targetId, period),
    indexGrowth(store, targetId, period, links),
    store.latestOutcomes(targetId),
  ])
  const standing = lives.filter((life) => life.standing === 'open')
  const of = (checks: readonly string[]) => standing.filter(({ finding }) => checks.includes(finding.checkId))
  const judged = new Set(
    outcomes.flatMap(({ checkId, status }) => (status === 'quiet' || status === 'found' ? [checkId] : [])),
  )
  const isJudged = (group: Group) => group.checks.some((id) => judged.has(id)) || of(group.checks).length > 0
  const rebuilt = jobs.filter(({ steps }) => steps.some(({ kind }) => kind === 'reindex'))
  return {
    status: null,
    sections: [
      section(
        'summary',
        'In short',
        figures(
          figure('Indexes on disk', growth.now, 'bytes', {
            was: growth.before,
            note: growth.now === null ? 'No size is kept of this time.' : null,
            link: links.page('indexes'),
          }),
          ...GROUPS.map((group) =>
            figure(group.title, isJudged(group) ? of(group.checks).length : null, 'count', {
              judgement: of(group.checks).length === 0 ? 'neutral' : 'bad',
              note: isJudged(group) ? bytesNote(of(group.checks)) : NOT_JUDGED,
              link: links.page('indexes'),
            }),
          ),
        ),
        ...(growth.chart === null ? [] : [growth.chart]),
      ),
      ...GROUPS.map(({ id, title, checks, empty }) =>
        section(id, title, groupTable(of(checks), empty, links)),
      ),
      section('growth', 'Growth', growthTable(growth.tables, links)),
      section(
        'done',
        'What was done',
        maintenanceTable(rebuilt, period.timeZone, links),
        effectsTable(effects, period.timeZone, links),
      ),
      section(
        'not-judged',
        'What could not be judged',
        list(
          null,
          unjudged(outcomes).map(({ checkId, because }) => item(checkTitle(checkId), { detail: because })),
          'Every check of indexes could be made when it was made last.',
        ),
      ),
    ],
  }
}

function groupTable(lives: readonly FindingLife[], empty: string, links: EvidenceLinks): ReportBlock {
  const largest = lives.toSorted((a, b) => (freedBytes(b.finding) ?? 0) - (freedBytes(a.finding) ?? 0))
  return table(
    null,
    largest,
    [
      column<FindingLife>('Index or table', 'text', ({ finding: { subject } }) =>
        'schema' in subject
          ? `${subject.schema}.${subject.name}`
          : 'name' in subject
            ? subject.name
            : subject.kind,
      ),
      column<FindingLife>('Finding', 'text', ({ finding }) => finding.summary),
      column<FindingLife>('Size', 'bytes', ({ finding }) => bytesOf(finding, 'size')),
      column<FindingLife>('Would be freed', 'bytes', ({ finding }) => freedBytes(finding)),
      column<FindingLife>('What to do', 'text', ({ finding }) => remedyWords(finding)),
    ],
    { empty, link: ({ finding }) => links.finding(finding.key), most: SHOWN },
  )
}

/** A bloated one is built anew, an invalid, unused or superfluous one goes; null: nothing is freed, or nobody knows how much. */
export function freedBytes(finding: OpenFinding): number | null {
  const size = bytesOf(finding, 'size')
  const rebuilt = bytesOf(finding, 'size when rebuilt')
  if (rebuilt !== null) return size === null ? null : Math.max(0, size - rebuilt)
  const goes = ['invalid-index', 'unused-index', 'duplicate-index', 'redundant-index'].includes(
    finding.checkId,
  )
  return goes ? size : null
}

function bytesOf({ evidence }: OpenFinding, label: string): number | null {
  const value = evidence.find((each) => each.label === label && each.unit === 'bytes')?.value
  return typeof value === 'number' ? value : null
}

function bytesNote(lives: readonly FindingLife[]): string | null {
  const freed = lives.flatMap(({ finding }) => freedBytes(finding) ?? [])
  if (freed.length === 0) return null
  const megabytes = freed.reduce((sum, each) => sum + each, 0) / 2 ** 20
  return `${Math.round(megabytes).toLocaleString('en-US')} MB would be freed.`
}

interface TableGrowth {
  readonly table: string
  readonly bytes: number
  readonly more: number
}

async function indexGrowth(store: Store, targetId: string, window: Window, links: EvidenceLinks) {
  const series = await store.series(targetId, TABLE_INDEX_SIZE, window)
  const tables = series.flatMap(({ labels, points }): readonly TableGrowth[] => {
    const [first, last] = [points[0], points.at(-1)]
    if (first === undefined || last === undefined) return []
    return [{ table: labels.key ?? 'the only table', bytes: last[1], more: last[1] - first[1] }]
  })
  const sum = (of: (row: TableGrowth) => number) =>
    tables.length === 0 ? null : tables.reduce((total, row) => total + of(row), 0)
  return {
    now: sum(({ bytes }) => bytes),
    before: sum(({ bytes, more }) => bytes - more),
    tables: tables.toSorted((a, b) => b.more - a.more),
    chart: chartBlock({ title: 'Indexes on disk', unit: 'bytes', link: links.page('tables') }, window, [
      summedLine('all indexes', series, window),
    ]),
  }
}

function growthTable(tables: readonly TableGrowth[], links: EvidenceLinks): ReportBlock {
  const grown = tables.filter(({ more }) => more !== 0)
  return table(
    null,
    grown,
    [
      column<TableGrowth>('Table', 'text', ({ table: name }) => name),
      column<TableGrowth>('Its indexes', 'bytes', ({ bytes }) => bytes),
      column<TableGrowth>('More than at the begin', 'bytes', ({ more }) => more),
    ],
    {
      empty: 'No index grew, or no size is kept of this time.',
      link: () => links.page('tables'),
      most: SHOWN,
    },
  )
}

/** As they came out last: the store keeps no older outcomes. */
function unjudged(outcomes: Awaited<ReturnType<Store['latestOutcomes']>>) {
  const checks = new Set(GROUPS.flatMap((group) => group.checks))
  return outcomes.filter(
    ({ checkId, status }) => checks.has(checkId) && (status === 'skipped' || status === 'failed'),
  )
}
