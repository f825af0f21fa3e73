// Findings of a window: which opened, which were resolved, which stand and since when.

import type { ReportBlock, ReportItem } from '../../model/report.ts'
import { formatDuration } from '../../report/format.ts'
import { figure, figures, item, list } from './blocks.ts'
import type { EvidenceLinks } from './evidence-links.ts'
import type { FindingLife } from './finding-lives.ts'

const SHOWN = 12
/** What nobody mended or muted within a week was seen and left. */
export const LONG_OPEN_MS = 7 * 86_400_000

export function findingBlocks(
  lives: readonly FindingLife[],
  to: Date,
  links: EvidenceLinks,
): readonly ReportBlock[] {
  const opened = lives.filter(({ openedAt }) => openedAt.length > 0)
  const resolved = lives.filter(({ standing, resolvedAt }) => standing === 'no' && resolvedAt.length > 0)
  const long = lives
    .filter(({ standing, since }) => standing === 'open' && to.getTime() - since.getTime() > LONG_OPEN_MS)
    .toSorted((a, b) => a.since.getTime() - b.since.getTime())
  const link = links.page('findings')
  const items = (some: readonly FindingLife[], words: (life: FindingLife) => ReportItem) => [
    ...some.slice(0, SHOWN).map(words),
    ...(some.length > SHOWN ? [item(`${some.length - SHOWN} more`, { link })] : []),
  ]
  const named = (detail: (life: FindingLife) => string | null) => (life: FindingLife) =>
    item(`${life.finding.summary}.`, {
      severity: life.severity,
      detail: detail(life),
      link: links.finding(life.finding.key),
    })
  const times = (dates: readonly Date[]) => (dates.length > 1 ? `${dates.length} times.` : null)
  return [
    figures(
      figure('Opened', opened.length, 'count', { link }),
      figure('Resolved', resolved.length, 'count', { link }),
      figure('Open at the end', lives.filter(({ standing }) => standing === 'open').length, 'count', {
        link,
      }),
      figure('Muted at the end', lives.filter(({ standing }) => standing === 'muted').length, 'count', {
        link,
      }),
    ),
    list(
      'Opened',
      items(
        opened,
        named(({ openedAt }) => times(openedAt)),
      ),
      'None opened.',
    ),
    list(
      'Resolved',
      items(
        resolved,
        named(({ resolvedAt }) => times(resolvedAt)),
      ),
      'None was resolved.',
    ),
    list(
      `Open for over ${formatDuration(LONG_OPEN_MS)}`,
      items(
        long,
        named(({ since }) => `For ${formatDuration(to.getTime() - since.getTime())}.`),
      ),
      'None.',
    ),
  ]
}
