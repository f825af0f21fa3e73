// What happened to a target within a window, for people to read: deployments, migrations, restarts, changes of plan, blocking, outages.

import type { ReportChart, ReportItem } from '../../model/report.ts'
import type { Window } from '../../model/units.ts'
import { formatDuration } from '../../report/format.ts'
import type { Store } from '../../store/store.ts'
import { item } from './blocks.ts'
import type { EvidenceLinks } from './evidence-links.ts'
import { momentText } from './moment-text.ts'

export interface NotableEvent {
  readonly at: Date
  readonly kind: string
  readonly item: ReportItem
}

/** New statistics come every day and are no news by themselves. */
const ROUTINE = 'statistics'
/** A shorter queue is what locks are for; the check blocking-chain tells of longer ones. */
const LEAST_BLOCKED_MS = 5_000

export async function notableEvents(
  store: Store,
  targetId: string,
  window: Window,
  links: EvidenceLinks,
): Promise<readonly NotableEvent[]> {
  const [events, planChanges, outages, incidents] = await Promise.all([
    store.targetEvents(targetId, window),
    store.planChanges(targetId, window),
    store.outages(targetId, window),
    store.blockingIncidents(targetId, window),
  ])
  const isWithin = (at: Date) => at > window.from && at <= window.to
  return [
    ...events
      .filter(({ kind }) => kind !== ROUTINE)
      .map(({ at, kind, subject, detail }) => ({ at, kind, item: item(`${subject}: ${detail}`) })),
    ...planChanges.map(({ at, queryId, difference, meanMsBefore, meanMsAfter }) => ({
      at,
      kind: 'plan',
      item: item(`Another plan of statement ${queryId}: ${difference}`, {
        detail:
          meanMsBefore === null || meanMsAfter === null
            ? null
            : `${formatDuration(meanMsBefore)} a call before, ${formatDuration(meanMsAfter)} since.`,
        link: links.statement(queryId),
      }),
    })),
    ...outages
      .filter(({ startedAt, isPlanned }) => isWithin(startedAt) && !isPlanned)
      .map(({ startedAt, endedAt, name, error }) => ({
        at: startedAt,
        kind: 'outage',
        item: item(
          `${name} was down ${endedAt === null ? 'and still is' : `for ${formatDuration(endedAt.getTime() - startedAt.getTime())}`}: ${error}`,
          { severity: 'critical', link: links.page('availability') },
        ),
      })),
    ...incidents
      .filter(({ startedAt, longestWaitMs }) => isWithin(startedAt) && longestWaitMs >= LEAST_BLOCKED_MS)
      .map(({ startedAt, peakWaiting, longestWaitMs, lostMs }) => ({
        at: startedAt,
        kind: 'blocking',
        item: item(
          `One session made ${peakWaiting} wait for its locks, the longest for ${formatDuration(longestWaitMs)}`,
          {
            severity: 'warning',
            detail: `${formatDuration(lostMs)} were lost in all.`,
            link: links.page('activity'),
          },
        ),
      })),
  ].toSorted((a, b) => a.at.getTime() - b.at.getTime())
}

/** Each with its time, since a list has none. */
export function eventItems(events: readonly NotableEvent[], timeZone: string): readonly ReportItem[] {
  return events.map(({ at, item: one }) => ({ ...one, text: `${momentText(at, timeZone)}: ${one.text}` }))
}

const MOST_MARKS = 40

export function eventMarks(events: readonly NotableEvent[]): ReportChart['marks'] {
  return events
    .filter(({ kind }) => kind !== 'plan')
    .slice(0, MOST_MARKS)
    .map(({ at, kind, item: { text } }) => ({ at: at.toISOString(), text, kind }))
}
