// Alerts of a window: how many, and how long it took until somebody had them in hand.

import type { ReportBlock } from '../../model/report.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import { median } from '../../stats/order-statistics.ts'
import type { Store } from '../../store/store.ts'
import { column, figure, figures, table } from './blocks.ts'
import type { EvidenceLinks } from './evidence-links.ts'
import { checkTitle, momentText } from './moment-text.ts'

export interface AlertLife {
  readonly findingKey: string
  readonly checkId: string
  readonly severity: string
  readonly openedAt: Date
  readonly resolvedAt: Date | null
  /** From the moment that somebody was told; null: nobody acknowledged it, or nobody was told. */
  readonly acknowledgedAfterMs: Milliseconds | null
  readonly acknowledgedBy: string | null
  readonly silencedBy: string | null
}

/** G3: within a quarter of an hour somebody has it in hand. */
export const ACKNOWLEDGED_WITHIN_MS: Milliseconds = 15 * 60_000

/** Some dozen a day for a year. */
const MOST_ALERTS = 10_000

/** Those that opened within the window, the oldest first. */
export async function alertLives(
  store: Store,
  targetId: string,
  { from, to }: Window,
): Promise<readonly AlertLife[]> {
  const opened = (await store.alerts({ targetId, limit: MOST_ALERTS })).filter(
    ({ openedAt }) => openedAt > from && openedAt <= to,
  )
  const lives: AlertLife[] = []
  for (const alert of opened.toReversed()) {
    const events = await store.alertEvents(alert)
    const acknowledged = events.find(({ event }) => event === 'acknowledged')
    const toldAt = alert.toldAt ?? events.find(({ event }) => event === 'opened')?.at ?? null
    lives.push({
      findingKey: alert.findingKey,
      checkId: alert.findingKey.split(':')[0]!,
      severity: alert.severity,
      openedAt: alert.openedAt,
      resolvedAt: alert.resolvedAt !== null && alert.resolvedAt <= to ? alert.resolvedAt : null,
      acknowledgedAfterMs:
        acknowledged === undefined || toldAt === null
          ? null
          : Math.max(0, acknowledged.at.getTime() - toldAt.getTime()),
      acknowledgedBy: acknowledged?.actor ?? null,
      silencedBy: alert.silencedBy,
    })
  }
  return lives
}

export function alertBlocks(
  alerts: readonly AlertLife[],
  timeZone: string,
  links: EvidenceLinks,
): readonly ReportBlock[] {
  if (alerts.length === 0)
    return [table<AlertLife>(null, [], alertColumns(timeZone), { empty: 'No alert opened.' })]
  const answered = alerts.flatMap(({ acknowledgedAfterMs }) => acknowledgedAfterMs ?? [])
  const middle = answered.length === 0 ? null : median(answered)
  return [
    figures(
      figure('Alerts', alerts.length, 'count', { link: links.page('alerts') }),
      figure('Time to acknowledge', middle, 'ms', {
        limit: ACKNOWLEDGED_WITHIN_MS,
        judgement: middle === null ? 'neutral' : middle <= ACKNOWLEDGED_WITHIN_MS ? 'good' : 'bad',
        note:
          middle === null
            ? 'Nobody acknowledged one.'
            : `Median of ${answered.length} of ${alerts.length}; the rest ended or stands without.`,
        link: links.page('alerts'),
      }),
    ),
    table(null, alerts, alertColumns(timeZone), {
      empty: 'No alert opened.',
      link: ({ findingKey }) => links.finding(findingKey),
      most: 20,
    }),
  ]
}

function alertColumns(timeZone: string) {
  return [
    column<AlertLife>('Alert', 'text', ({ checkId }) => checkTitle(checkId)),
    column<AlertLife>('Severity', 'text', ({ severity }) => severity),
    column<AlertLife>('Opened', 'text', ({ openedAt }) => momentText(openedAt, timeZone)),
    column<AlertLife>('Acknowledged after', 'ms', ({ acknowledgedAfterMs }) => acknowledgedAfterMs),
    column<AlertLife>(
      'By',
      'text',
      ({ acknowledgedBy, silencedBy }) =>
        acknowledgedBy ?? (silencedBy === null ? null : `silenced: ${silencedBy}`),
    ),
    column<AlertLife>('Lasted', 'ms', ({ openedAt, resolvedAt }) =>
      resolvedAt === null ? null : resolvedAt.getTime() - openedAt.getTime(),
    ),
  ]
}
