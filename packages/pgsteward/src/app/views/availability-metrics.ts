// What /metrics publishes of availability: each probe as it stands, and what is left of error budgets.

import type { MetricFamily } from '../../export/metric-family.ts'
import type { AvailabilityWire, ProbeWire } from '../../model/availability-wire.ts'

export interface AvailabilityMetrics {
  readonly labels: Readonly<Record<string, string>>
  readonly availability: AvailabilityWire
}

export function availabilityFamilies(targets: readonly AvailabilityMetrics[]): readonly MetricFamily[] {
  const gauge = (name: string, help: string, value: (probe: ProbeWire) => number | null): MetricFamily => ({
    name,
    help,
    type: 'gauge',
    samples: targets.flatMap(({ labels, availability }) =>
      availability.probes.map((probe) => ({
        labels: { ...labels, kind: probe.kind, probe: probe.name },
        value: value(probe),
      })),
    ),
  })
  const ofKnown = (value: (probe: ProbeWire) => number | null) => (probe: ProbeWire) =>
    probe.state === 'up' || probe.state === 'down' ? value(probe) : null
  return [
    gauge(
      'pgsteward_probe_up',
      'Whether the last try of the probe succeeded. Absent while nobody asks.',
      ofKnown(({ state }) => (state === 'up' ? 1 : 0)),
    ),
    gauge(
      'pgsteward_probe_duration_seconds',
      'What the last try of the probe took.',
      ofKnown(({ tookMs }) => (tookMs === null ? null : tookMs / 1_000)),
    ),
    gauge('pgsteward_probe_certificate_expires_timestamp_seconds', 'When the certificate ends.', (probe) =>
      probe.certificateExpiresAt === null ? null : Date.parse(probe.certificateExpiresAt) / 1_000,
    ),
    gauge(
      'pgsteward_error_budget_left_ratio',
      'What is left of the error budget of 30 days, of probes and of requests; below 0 it is overspent.',
      ({ budget }) => budget.leftRatio,
    ),
    gauge('pgsteward_slo_ratio', 'The objective: what share has to be good.', ({ slo }) => slo),
  ]
}
