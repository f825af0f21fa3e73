// How well a team's practice went: times of incidents, reviews, changes, optimizations, with the months before beside them; and what it
// owes itself.

import type { OpenItem } from '../../govern/practice/open-items.ts'
import type { PracticePeriodWire, PracticeWire } from '../../model/practice-wire.ts'
import type { ReportBlock, ReportFigure } from '../../model/report.ts'
import { formatDuration } from '../../report/format.ts'
import { column, figure, figures, item, list, table, text } from './blocks.ts'
import type { EvidenceLinks } from './evidence-links.ts'
import { momentText } from './moment-text.ts'

const MOST_ITEMS = 20

interface Told {
  readonly label: string
  readonly unit: ReportFigure['unit']
  readonly page: Parameters<EvidenceLinks['page']>[0]
  readonly value: (of: PracticePeriodWire) => number | null
  readonly note: (of: PracticePeriodWire) => string | null
}

const time = (label: string, of: (period: PracticePeriodWire) => PracticePeriodWire['toDetect']): Told => ({
  label,
  unit: 'ms',
  page: 'incidents',
  value: (period) => of(period).medianMs,
  note: (period) => {
    const { p90Ms, count } = of(period)
    return p90Ms === null ? 'None is known.' : `Median of ${count}; 90 % within ${formatDuration(p90Ms)}.`
  },
})
const share = (
  label: string,
  page: Told['page'],
  of: (period: PracticePeriodWire) => PracticePeriodWire['changes'],
  more: (period: PracticePeriodWire) => string = () => '',
): Told => ({
  label,
  unit: 'ratio',
  page,
  value: (period) => of(period).ratio,
  note: (period) => {
    const { good, all } = of(period)
    return all === 0 ? 'There was none.' : `${good} of ${all}${more(period)}.`
  },
})

const unlessNone = ({ optimizations }: PracticePeriodWire) =>
  optimizations.all === 0 ? 'No optimization was completed.' : null

const TOLD: readonly Told[] = [
  {
    label: 'Incidents',
    unit: 'count',
    page: 'incidents',
    value: ({ incidents }) => incidents,
    note: () => null,
  },
  time('Time to detect', ({ toDetect }) => toDetect),
  time('Time to acknowledge', ({ toAcknowledge }) => toAcknowledge),
  time('Time to mitigate', ({ toMitigate }) => toMitigate),
  time('Time to recover', ({ toRecover }) => toRecover),
  share('Incidents reviewed', 'incidents', ({ reviewed }) => reviewed),
  share('Launch reviews done', 'changes', ({ launchReviews }) => launchReviews),
  share('Action items done', 'incidents', ({ actionItems }) => actionItems),
  share(
    'Changes that held',
    'changes',
    ({ changes }) => changes,
    ({ emergencyChanges }) => (emergencyChanges === 0 ? '' : `, ${emergencyChanges} in an emergency`),
  ),
  share('Optimizations that helped', 'optimizations', ({ optimizations }) => optimizations),
  {
    label: 'Database time saved a day',
    unit: 'ms',
    page: 'optimizations',
    value: ({ savedMsPerDay, optimizations }) => (optimizations.all === 0 ? null : savedMsPerDay),
    note: unlessNone,
  },
  {
    label: 'Space freed',
    unit: 'bytes',
    page: 'optimizations',
    value: ({ freedBytes, optimizations }) => (optimizations.all === 0 ? null : freedBytes),
    note: unlessNone,
  },
]

/** One table of all would be wider than a page. */
const PARTS: readonly { readonly title: string; readonly labels: readonly string[] }[] = [
  {
    title: 'Incidents',
    labels: ['Incidents', 'Time to detect', 'Time to acknowledge', 'Time to mitigate', 'Time to recover'],
  },
  { title: 'Reviews', labels: ['Incidents reviewed', 'Launch reviews done', 'Action items done'] },
  {
    title: 'Changes and optimizations',
    labels: ['Changes that held', 'Optimizations that helped', 'Database time saved a day', 'Space freed'],
  },
]

/** `labels`: of the periods, the latest first. */
export function practiceBlocks(
  { period, before }: PracticeWire,
  labels: readonly string[],
  links: EvidenceLinks,
): readonly ReportBlock[] {
  const periods = [period, ...before]
  if (periods.every(isEmpty))
    return [
      text(
        'No incident, review, change or optimization lies in these months. Critical alerts open incidents, and maintenance opens optimization ' +
          'records, by themselves.',
      ),
    ]
  const rows = periods.map((each, at) => ({ label: labels[at] ?? each.from.slice(0, 10), period: each }))
  type Row = (typeof rows)[number]
  return [
    text(
      'As the records stood at the end; `was` is the month before. What each figure counts: docs/guides/incidents.md.',
    ),
    figures(
      ...TOLD.map(({ label, unit, page, value, note }) =>
        figure(label, value(period), unit, {
          was: before[0] === undefined ? null : value(before[0]),
          note: note(period),
          link: links.page(page),
        }),
      ),
    ),
    ...PARTS.map(({ title, labels: shown }) =>
      table(
        `${title} by months`,
        rows,
        [
          column<Row>('Month', 'text', ({ label }) => label),
          ...TOLD.filter(({ label }) => shown.includes(label)).map(({ label, unit, value }) =>
            column<Row>(label, unit, ({ period: each }) => value(each)),
          ),
        ],
        { empty: 'No month.' },
      ),
    ),
  ]
}

function isEmpty({ incidents, ...period }: PracticePeriodWire): boolean {
  const { reviewed, launchReviews, actionItems, changes, optimizations } = period
  return (
    [reviewed, launchReviews, actionItems, changes, optimizations].every(({ all }) => all === 0) &&
    incidents === 0
  )
}

export function openItemBlocks(
  items: readonly OpenItem[],
  timeZone: string,
  links: EvidenceLinks,
): readonly ReportBlock[] {
  const left = items.length - MOST_ITEMS
  return [
    list(
      null,
      items.slice(0, MOST_ITEMS).map((each) =>
        item(`${each.what}: ${each.title} (${each.name}).`, {
          severity: each.isOverdue ? 'warning' : null,
          detail: openWords(each, timeZone),
          link: each.name.startsWith('INC-') ? links.incident(each.name) : links.page('changes'),
        }),
      ),
      'No review is overdue and no action item is open.',
    ),
    ...(left > 0
      ? [
          text(
            `${left} more are open: \`pgsteward incidents list\`, \`pgsteward launch list\`, \`pgsteward meeting list\`.`,
          ),
        ]
      : []),
  ]
}

function openWords({ kind, due, owner, name, isOverdue }: OpenItem, timeZone: string): string {
  // a day has no time of day
  const at = due === null ? null : due.length === 10 ? due : momentText(new Date(due), timeZone)
  const when =
    at === null
      ? 'Nobody said by when.'
      : kind === 'incident-review'
        ? `It ended ${at}.`
        : `${isOverdue ? 'Was due' : 'Due'} ${at}.`
  if (kind === 'launch-review') return `${when} Have it done: \`pgsteward launch review ${name}\`.`
  if (kind === 'incident-review') return `${when} Have it done: \`pgsteward incidents review ${name}\`.`
  return owner === null ? when : `${owner}. ${when}`
}
