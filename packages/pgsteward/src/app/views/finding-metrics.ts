// What /metrics publishes of findings and alerts: how many by check, since when each is open, who was told.

import type { Labels, NumberFamily } from '../../export/metric-family.ts'
import type { Alert } from '../../model/alert.ts'
import { subjectLabel } from '../../model/finding.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { ChannelState } from '../alerts/channel-sender.ts'

export interface FindingMetrics {
  readonly labels: Labels
  /** Open ones. */
  readonly findings: readonly OpenFinding[]
  /** Firing and acknowledged ones. */
  readonly alerts: readonly Alert[]
}

/** A hundred open findings are a list to work through, no longer a chart. */
const MOST_FINDINGS = 100
const MAX_LABEL = 120

export function findingFamilies(
  targets: readonly FindingMetrics[],
  channels: readonly { readonly channel: { readonly id: string }; readonly state: ChannelState }[],
): readonly NumberFamily[] {
  const ofChannels = (
    name: string,
    help: string,
    type: NumberFamily['type'],
    value: (state: ChannelState) => number,
  ): NumberFamily => ({
    name,
    help,
    type,
    samples: channels.map(({ channel, state }) => ({ labels: { channel: channel.id }, value: value(state) })),
  })
  return [
    {
      name: 'pgsteward_check_findings',
      help: 'Open findings by check and severity.',
      type: 'gauge',
      samples: targets.flatMap(({ labels, findings }) =>
        [...Map.groupBy(findings, ({ checkId, severity }) => `${checkId} ${severity}`).values()].map(
          (same) => ({
            labels: { ...labels, check: same[0]!.checkId, severity: same[0]!.severity },
            value: same.length,
          }),
        ),
      ),
    },
    {
      name: 'pgsteward_finding_opened_timestamp_seconds',
      help: 'Since when a finding is open, since the epoch; the worst hundred, the latest first.',
      type: 'gauge',
      samples: targets.flatMap(({ labels, findings }) =>
        worstFirst(findings).map(({ key, checkId, severity, subject, openedAt, firstSeenAt }) => ({
          labels: {
            ...labels,
            check: checkId,
            severity,
            subject: subjectLabel(subject).slice(0, MAX_LABEL),
            key: key.slice(0, 2 * MAX_LABEL),
          },
          value: (openedAt ?? firstSeenAt).getTime() / 1000,
        })),
      ),
    },
    {
      name: 'pgsteward_alerts',
      help: 'Alerts that are not over, by severity and state.',
      type: 'gauge',
      samples: targets.flatMap(({ labels, alerts }) =>
        ['critical', 'warning', 'info'].flatMap((severity) =>
          ['firing', 'acknowledged'].map((state) => ({
            labels: { ...labels, severity, state },
            value: alerts.filter((alert) => alert.severity === severity && alert.state === state).length,
          })),
        ),
      ),
    },
    ofChannels(
      'pgsteward_notifications_sent_total',
      'Alerts that a channel took.',
      'counter',
      ({ sent }) => sent,
    ),
    ofChannels(
      'pgsteward_notification_failures_total',
      'Tries to send to a channel that failed or were refused.',
      'counter',
      ({ failedTries }) => failedTries,
    ),
    ofChannels(
      'pgsteward_notification_channel_failing',
      'Whether the latest try of a channel failed.',
      'gauge',
      ({ isFailing }) => (isFailing ? 1 : 0),
    ),
  ]
}

const ORDER: Readonly<Record<string, number>> = { critical: 0, warning: 1, info: 2 }

function worstFirst(findings: readonly OpenFinding[]): readonly OpenFinding[] {
  const openedAt = (finding: OpenFinding) => (finding.openedAt ?? finding.firstSeenAt).getTime()
  return [...findings]
    .sort((a, b) => ORDER[a.severity]! - ORDER[b.severity]! || openedAt(b) - openedAt(a))
    .slice(0, MOST_FINDINGS)
}
