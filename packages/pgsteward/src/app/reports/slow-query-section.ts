// The slow-query log of a window in short: how many, of which statements and places.

import type { SlowQueryGroup } from '../../model/application.ts'
import type { ReportBlock } from '../../model/report.ts'
import { APPLICATION_SLOW_MS, DATABASE_SLOW_MS } from '../../model/slow-limits.ts'
import type { Window } from '../../model/units.ts'
import { formatDuration } from '../../report/format.ts'
import type { Store } from '../../store/store.ts'
import { column, figure, figures, table } from './blocks.ts'
import type { EvidenceLinks } from './evidence-links.ts'
import { shortText } from './statement-tables.ts'

const SHOWN = 10

export async function slowQueryBlocks(
  store: Store,
  targetId: string,
  window: Window,
  before: Window,
  links: EvidenceLinks,
): Promise<readonly ReportBlock[]> {
  const [groups, counts, countsBefore, rates] = await Promise.all([
    store.slowQueryGroups(targetId, window, { limit: SHOWN }),
    store.slowQueryCounts(targetId, window),
    store.slowQueryCounts(targetId, before),
    store.slowQueryRates(targetId, window),
  ])
  const link = links.page('slow-queries')
  return [
    figures(
      figure('Slow queries kept', counts.kept, 'count', {
        was: countsBefore.kept,
        note: [
          `From ${formatDuration(DATABASE_SLOW_MS)} in the database, ${formatDuration(APPLICATION_SLOW_MS)} in an application.`,
          ...(counts.dropped === 0 ? [] : [`${counts.dropped} more were counted alone, for their size.`]),
        ].join(' '),
        link,
      }),
      figure('Of them critical', rates.critical, 'count', { link }),
    ),
    table(
      'By total time',
      groups,
      [
        column<SlowQueryGroup>('Statement', 'text', ({ text }) => shortText(text)),
        column<SlowQueryGroup>('Route', 'text', ({ route }) => route),
        column<SlowQueryGroup>('Sent at', 'text', ({ caller }) => caller),
        column<SlowQueryGroup>('Times', 'count', ({ count }) => count),
        column<SlowQueryGroup>('Total time', 'ms', ({ totalMs }) => totalMs),
        column<SlowQueryGroup>('Slowest', 'ms', ({ maxMs }) => maxMs),
      ],
      { empty: 'No slow query is kept of this time.', link: () => link, most: SHOWN },
    ),
  ]
}
