// Deliveries of messages by application and channel, as PerformanceMetrics.recordDelivery tells them, or any SDK by counts of the same names.

import type { OperationTotals } from '../../model/application.ts'
import type { Evidence } from '../../model/finding.ts'
import { keyOf, ratio, text, worstFirst } from './place.ts'
import { callsByService } from './service-calls.ts'

/** A duration with its failures. */
export const DELIVERY = 'message.delivery'
const DELIVERED = 'message.delivered'
const UNDELIVERED = 'message.undelivered'

export interface Deliveries {
  readonly application: string
  /** `sms`; null: not told. */
  readonly channel: string | null
  readonly all: number
  readonly failed: number
  /** Those that tell how long each took; none where only counts are told. Most failures first. */
  readonly rows: readonly OperationTotals[]
}

export function deliveriesByChannel(metrics: readonly OperationTotals[]): readonly Deliveries[] {
  const named = metrics.filter(({ name }) => [DELIVERY, DELIVERED, UNDELIVERED].includes(name))
  const groups = worstFirst(
    named,
    (row) => keyOf(row.application, channelOf(row)),
    (row) => row.errors,
  )
  return groups.map(([first, all]) => {
    const rows = all.filter(({ name }) => name === DELIVERY)
    const count = (name: string) =>
      sum(
        all.filter((row) => row.name === name),
        'count',
      )
    const { application } = first
    const channel = channelOf(first)
    // recordDelivery tells both: counted once
    return rows.length > 0
      ? { application, channel, all: sum(rows, 'count'), failed: sum(rows, 'errors'), rows }
      : { application, channel, all: count(DELIVERED) + count(UNDELIVERED), failed: count(UNDELIVERED), rows }
  })
}

/** As the metrics page of the application shows it. */
export function deliveryName(channel: string | null): string {
  return channel === null ? DELIVERY : `${DELIVERY} channel=${channel}`
}

/** `sms deliveries`, as the subject of a sentence. */
export function deliveryWords({ channel }: Pick<Deliveries, 'channel'>): string {
  return channel === null ? 'deliveries' : `${channel} deliveries`
}

/** Where most of them fail, and which service fails at the same time: the usual reason. */
export function failureEvidence(
  { application, rows }: Pick<Deliveries, 'application' | 'rows'>,
  calls: readonly OperationTotals[],
): readonly Evidence[] {
  const worst = rows.find(({ errors }) => errors > 0)
  const service = callsByService(
    calls.filter((row) => row.application === application && row.errors > 0),
  ).toSorted((a, b) => b.errors - a.errors)[0]
  return [
    ...text('application', application),
    ...text('route', worst?.route ?? null),
    ...text('measured at', rows.find(({ caller }) => caller !== null)?.caller ?? null),
    ...text('a service that fails too', service?.service ?? null),
    ...ratio("the service's failures", service === undefined ? null : service.errors / service.count),
  ]
}

/** Labels are `key=value key=value`, sorted, and values may hold spaces. */
function channelOf({ labels }: OperationTotals): string | null {
  return /(?:^| )channel=(.*?)(?= [\w.-]+=|$)/.exec(labels ?? '')?.[1] ?? null
}

function sum(rows: readonly OperationTotals[], column: 'count' | 'errors'): number {
  return rows.reduce((total, row) => total + row[column], 0)
}
