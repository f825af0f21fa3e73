// What an application's page draws: requests, their 95th percentile, errors, statements, and its pools.

import type { OperationPoint } from '../../model/application.ts'
import type { SeriesWire } from '../../model/wire.ts'

export function applicationSeries(
  requests: readonly OperationPoint[],
  queries: readonly OperationPoint[],
): readonly SeriesWire[] {
  return [
    over('application-requests-per-second', 'perSecond', requests, (point) => point.count / point.seconds),
    over('application-request-p95', 'ms', requests, (point) => point.p95Ms),
    over('application-error-ratio', 'ratio', requests, (point) =>
      point.count > 0 ? point.errors / point.count : null,
    ),
    over('application-queries-per-second', 'perSecond', queries, (point) => point.count / point.seconds),
  ]
}

/** A bucket without seconds is a gap: nobody reported then, which is not the same as nothing happened. */
function over(
  name: string,
  unit: SeriesWire['unit'],
  points: readonly OperationPoint[],
  value: (point: OperationPoint) => number | null,
): SeriesWire {
  return {
    name,
    unit,
    labels: {},
    points: points.map((point) => [
      Math.round(point.at.getTime() / 1000),
      point.seconds > 0 ? value(point) : null,
    ]),
  }
}
