// What was done to a target within a window, and what came of it: maintenance, and what indexes that appeared did.

import type { IndexEffect } from '../../model/index-effect.ts'
import type { MaintenanceJob } from '../../model/maintenance.ts'
import type { ReportBlock } from '../../model/report.ts'
import type { Window } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'
import { column, table } from './blocks.ts'
import type { EvidenceLinks } from './evidence-links.ts'
import { momentText } from './moment-text.ts'

const MOST_JOBS = 2_000
const SHOWN = 15

export async function jobsDone(
  store: Store,
  targetId: string,
  { from, to }: Window,
): Promise<readonly MaintenanceJob[]> {
  const jobs = await store.jobs({ targetId, states: ['done', 'failed'], limit: MOST_JOBS })
  return jobs.filter(({ endedAt }) => endedAt !== null && endedAt > from && endedAt <= to)
}

export function maintenanceTable(
  jobs: readonly MaintenanceJob[],
  timeZone: string,
  links: EvidenceLinks,
): ReportBlock {
  return table(
    'Maintenance',
    jobs,
    [
      column<MaintenanceJob>('Ended', 'text', ({ endedAt }) =>
        endedAt === null ? null : momentText(endedAt, timeZone),
      ),
      column<MaintenanceJob>('What', 'text', ({ steps }) => steps[0]?.sql ?? null),
      column<MaintenanceJob>('Statements', 'count', ({ steps }) => steps.length),
      column<MaintenanceJob>('Why', 'text', ({ because }) => because),
      column<MaintenanceJob>('Outcome', 'text', ({ state, last }) =>
        state === 'done' ? 'done' : `failed: ${last?.because ?? 'not known why'}`,
      ),
    ],
    { empty: 'Nothing was maintained.', link: () => links.page('maintenance'), most: SHOWN },
  )
}

export async function effectsWithin(
  store: Store,
  targetId: string,
  { from, to }: Window,
): Promise<readonly IndexEffect[]> {
  return (await store.indexEffects(targetId)).filter(
    ({ appearedAt }) => appearedAt > from && appearedAt <= to,
  )
}

export function effectsTable(
  effects: readonly IndexEffect[],
  timeZone: string,
  links: EvidenceLinks,
): ReportBlock {
  return table(
    'What new indexes did',
    effects,
    [
      column<IndexEffect>('Index', 'text', ({ index, table: its }) => `${index} on ${its}`),
      column<IndexEffect>('Since', 'text', ({ appearedAt }) => momentText(appearedAt, timeZone)),
      column<IndexEffect>('Verdict', 'text', ({ verdict }) => verdict),
      column<IndexEffect>('Time after, of before', 'ratio', ({ measuredRatio }) => measuredRatio),
      column<IndexEffect>(
        'Predicted cost, of before',
        'ratio',
        ({ predictedCostRatio }) => predictedCostRatio,
      ),
      column<IndexEffect>('Statements', 'count', ({ statements }) => statements.length),
      column<IndexEffect>('Note', 'text', ({ because }) => because),
    ],
    { empty: 'No index appeared.', link: () => links.page('indexes'), most: SHOWN },
  )
}
