// Index health: what indexes take and how that grows, which are a burden, which are missing, what was done. A rendering of the datum
// (app/index-health/).

import type {
  IndexChange,
  IndexFault,
  IndexFaultFinding,
  IndexFaultGroup,
  IndexHealth,
  Rebuild,
} from '../../model/index-health.ts'
import type { ReportBlock } from '../../model/report.ts'
import { formatBytes } from '../../report/format.ts'
import { freedOf } from '../index-health/faults.ts'
import { INDEX_SIZES, indexHealth } from '../index-health/index-health.ts'
import { column, figure, figures, item, list, section, table } from './blocks.ts'
import type { Coverage } from './coverage.ts'
import type { ReportBody } from './daily-report.ts'
import { effectsTable, effectsWithin } from './done-sections.ts'
import { type EvidenceLinks, evidenceLinks } from './evidence-links.ts'
import { statementWords } from './finding-cost.ts'
import { checkTitle, momentText } from './moment-text.ts'
import { chartBlock, summedLine } from './report-charts.ts'
import type { ReportFrame } from './report-frame.ts'

interface Group {
  readonly id: string
  readonly title: string
  readonly faults: readonly IndexFault[]
  readonly empty: string
}

/** The burden first: dropping and rebuilding is quick, and what is missing has a report of its own. */
const GROUPS: readonly Group[] = [
  { id: 'invalid', title: 'Invalid', faults: ['invalid'], empty: 'Every index is valid.' },
  { id: 'unused', title: 'Unused', faults: ['unused'], empty: 'Every index is used, or too young to say.' },
  {
    id: 'redundant',
    title: 'Duplicate and redundant',
    faults: ['duplicate', 'redundant'],
    empty: 'No index repeats another.',
  },
  {
    id: 'unused-columns',
    title: 'Columns that nothing looks for',
    faults: ['unused-columns'],
    empty: 'Every column of an index is looked for, or too young to say.',
  },
  { id: 'bloated', title: 'Bloated', faults: ['bloated'], empty: 'No index is known to be bloated.' },
  {
    id: 'missing',
    title: 'Missing',
    faults: ['missing-on-foreign-key', 'missing'],
    empty: 'No missing index is known.',
  },
]

const SHOWN = 15
const NOT_JUDGED = 'No check could judge this yet.'

export async function indexHealthReport(frame: ReportFrame, _coverage: Coverage): Promise<ReportBody> {
  const { store, targetId, period } = frame
  const links = evidenceLinks(targetId, period)
  const [health, effects, sizes] = await Promise.all([
    indexHealth(store, targetId, period),
    effectsWithin(store, targetId, period),
    store.series(targetId, INDEX_SIZES, period),
  ])
  const groups = GROUPS.map((group) => groupOf(group, health))
  const chart = chartBlock({ title: 'Indexes on disk', unit: 'bytes', link: links.page('tables') }, period, [
    summedLine('all indexes', sizes, period),
  ])
  return {
    status: null,
    sections: [
      section(
        'summary',
        'In short',
        figures(
          ...wholeFigures(health, groups, links),
          ...groups.map(({ title, open, isJudged, muted }) =>
            figure(title, isJudged ? open.length : null, 'count', {
              judgement: open.length === 0 ? 'neutral' : 'bad',
              note: isJudged ? countNote(open, muted) : NOT_JUDGED,
              link: links.page('indexes'),
            }),
          ),
        ),
        ...(chart === null ? [] : [chart]),
      ),
      ...groups.map(({ id, title, open, empty }) => section(id, title, groupTable(open, empty, links))),
      section('growth', 'Growth', growthTable(health, links)),
      section(
        'done',
        'What was done',
        rebuildTable(health.rebuilds, period.timeZone, links),
        changeTable('New indexes', health.added, 'No index appeared.', period.timeZone, links),
        changeTable('Dropped indexes', health.dropped, 'No index went.', period.timeZone, links),
        effectsTable(effects, period.timeZone, links),
      ),
      section(
        'not-judged',
        'What could not be judged',
        list(
          null,
          health.faults
            .flatMap(({ notJudged }) => notJudged)
            .map(({ checkId, because }) => item(checkTitle(checkId), { detail: because })),
          'Every check of indexes could be made when it was made last.',
        ),
      ),
    ],
  }
}

interface ShownGroup extends Group {
  /** Not muted: those that somebody has to act on. */
  readonly open: readonly IndexFaultFinding[]
  readonly muted: number
  readonly isJudged: boolean
}

function groupOf(group: Group, { faults }: IndexHealth): ShownGroup {
  const own: readonly IndexFaultGroup[] = faults.filter(({ fault }) => group.faults.includes(fault))
  const all = own.flatMap(({ findings }) => findings)
  const open = all.filter(({ isMuted }) => !isMuted)
  return {
    ...group,
    open: open.toSorted((a, b) => (b.freedBytes ?? 0) - (a.freedBytes ?? 0)),
    muted: all.length - open.length,
    isJudged: own.some(({ isJudged }) => isJudged),
  }
}

function wholeFigures({ indexes, size }: IndexHealth, groups: readonly ShownGroup[], links: EvidenceLinks) {
  const freed = freedOf(groups.map(({ open }) => ({ findings: [...open] })))
  return [
    figure('Indexes', indexes?.count ?? null, 'count', {
      note: indexes === null ? 'They were not read by then.' : null,
      link: links.page('indexes'),
    }),
    figure('Indexes on disk', size?.bytes ?? null, 'bytes', {
      was: size === null ? null : size.bytes - size.growthBytes,
      note: size === null ? 'No size is kept of this time.' : 'Of tables from 1 MB.',
      link: links.page('indexes'),
    }),
    figure('Would be freed', groups.some(({ isJudged }) => isJudged) ? freed.bytes : null, 'bytes', {
      note: freed.keys.length === 0 ? null : `Of ${freed.keys.length}, each counted once.`,
      link: links.page('indexes'),
    }),
  ]
}

function countNote(open: readonly IndexFaultFinding[], muted: number): string | null {
  const { bytes } = freedOf([{ findings: [...open] }])
  const notes = [
    ...(bytes === 0 ? [] : [`${formatBytes(bytes)} would be freed.`]),
    ...(muted === 0 ? [] : [`${muted} more muted.`]),
  ]
  return notes.length === 0 ? null : notes.join(' ')
}

function groupTable(
  findings: readonly IndexFaultFinding[],
  empty: string,
  links: EvidenceLinks,
): ReportBlock {
  return table(
    null,
    findings,
    [
      column<IndexFaultFinding>(
        'Index or table',
        'text',
        ({ schema, index, table: its }) => `${schema}.${index ?? its}`,
      ),
      column<IndexFaultFinding>('Finding', 'text', ({ summary }) => summary),
      column<IndexFaultFinding>('Size', 'bytes', ({ sizeBytes }) => sizeBytes),
      column<IndexFaultFinding>('Would be freed', 'bytes', ({ freedBytes }) => freedBytes),
      column<IndexFaultFinding>('What to do', 'text', ({ remedy, checkId }) =>
        statementWords(remedy, checkId),
      ),
    ],
    { empty, link: ({ key }) => links.finding(key), most: SHOWN },
  )
}

function growthTable({ size }: IndexHealth, links: EvidenceLinks): ReportBlock {
  type Row = NonNullable<IndexHealth['size']>['tables'][number]
  return table(
    null,
    (size?.tables ?? []).filter(({ growthBytes }) => growthBytes !== 0),
    [
      column<Row>('Table', 'text', ({ table: name }) => name),
      column<Row>('Its indexes', 'bytes', ({ bytes }) => bytes),
      column<Row>('More than at the begin', 'bytes', ({ growthBytes }) => growthBytes),
    ],
    {
      empty: 'No index grew, or no size is kept of this time.',
      link: () => links.page('tables'),
      most: SHOWN,
    },
  )
}

function rebuildTable(rebuilds: readonly Rebuild[], timeZone: string, links: EvidenceLinks): ReportBlock {
  return table(
    'Rebuilt by maintenance',
    rebuilds,
    [
      column<Rebuild>('Ended', 'text', ({ endedAt }) => momentText(new Date(endedAt), timeZone)),
      column<Rebuild>('Index or table', 'text', ({ schema, name }) => `${schema}.${name}`),
      column<Rebuild>('Took', 'ms', ({ tookMs }) => tookMs),
      column<Rebuild>('Before', 'bytes', ({ bytesBefore }) => bytesBefore),
      column<Rebuild>('After', 'bytes', ({ bytesAfter }) => bytesAfter),
    ],
    { empty: 'Nothing was rebuilt.', link: () => links.page('maintenance'), most: SHOWN },
  )
}

function changeTable(
  title: string,
  changes: readonly IndexChange[],
  empty: string,
  timeZone: string,
  links: EvidenceLinks,
): ReportBlock {
  return table(
    title,
    changes,
    [
      column<IndexChange>('Seen', 'text', ({ at }) => momentText(new Date(at), timeZone)),
      column<IndexChange>('Index', 'text', ({ definition }) => definition),
      column<IndexChange>('By', 'text', ({ jobId }) => (jobId === null ? 'others' : `job ${jobId}`)),
    ],
    { empty, link: () => links.page('indexes'), most: SHOWN },
  )
}
