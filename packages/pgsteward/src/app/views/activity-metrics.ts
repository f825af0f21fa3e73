// What /metrics publishes of activity: sessions by what they wait for now, and what sampling costs.

import { isActive } from '../../collect/activity/sampled-session.ts'
import type { NumberFamily } from '../../export/metric-family.ts'
import type { ActivityWatch } from '../activity/activity-watch.ts'

export interface ActivityMetrics {
  readonly labels: Readonly<Record<string, string>>
  readonly watch: ActivityWatch
}

export function activityFamilies(targets: readonly ActivityMetrics[]): readonly NumberFamily[] {
  const own = (
    name: string,
    help: string,
    type: NumberFamily['type'],
    value: (watch: ActivityWatch) => number | null,
  ): NumberFamily => ({
    name,
    help,
    type,
    samples: targets.map(({ labels, watch }) => ({ labels, value: value(watch) })),
  })
  return [
    {
      name: 'pgsteward_active_sessions',
      help: 'Sessions at work at the latest sample, by wait event type; CPU: not known to wait.',
      type: 'gauge',
      samples: targets.flatMap(({ labels, watch }) => {
        const active = watch.latest?.sessions.filter(isActive) ?? []
        return [...Map.groupBy(active, (session) => session.waitType ?? 'CPU')].map(([wait, same]) => ({
          labels: { ...labels, wait_event_type: wait },
          value: same.length,
        }))
      }),
    },
    own(
      'pgsteward_blocked_sessions',
      'Sessions that waited for a lock at the latest sample.',
      'gauge',
      (watch) => watch.latest?.sessions.filter(({ waitType }) => waitType === 'Lock').length ?? null,
    ),
    own(
      'pgsteward_activity_samples_total',
      'Samples of sessions taken.',
      'counter',
      ({ state }) => state.samples,
    ),
    own(
      'pgsteward_activity_statements_total',
      'Statements that sampling sent to the target.',
      'counter',
      ({ state }) => state.statementsSent,
    ),
    own(
      'pgsteward_activity_bytes_total',
      'Bytes that sampling received from the target.',
      'counter',
      ({ state }) => state.bytesReceived,
    ),
    own(
      'pgsteward_activity_answer_seconds',
      'What a sample takes the target, on average of late.',
      'gauge',
      ({ state }) => (state.answerMs === null ? null : state.answerMs / 1000),
    ),
  ]
}
