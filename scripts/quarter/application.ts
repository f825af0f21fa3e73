// What the shop's application would have reported of a spell: requests, deliveries, sign-ins, payments, pools.

import type { ApplicationReport, OperationIncrease } from '../../packages/pgsteward/src/model/application.ts'
import { countDurations } from '../../packages/pgsteward/src/stats/duration-histogram.ts'
import { operation, report } from '../../packages/pgsteward/test/store/application-report.ts'
import { APPLICATION, RELEASES, troubleAt } from './calendar.ts'
import { busyness, noise, routesAt } from './traffic.ts'

/** Of a mean: what the 5th, 15th ... 95th percentile are to it. A skew as HTTP requests have it. */
const SHAPE = [0.36, 0.5, 0.6, 0.7, 0.8, 0.91, 1.05, 1.25, 1.55, 2.28]

export function applicationReportAt(at: Date, seconds: number): ApplicationReport {
  const isOut = troubleAt(at, 'connections')
  const requests = routesAt(at).map(({ name, perSecond, meanMs, errorRatio }, index) => {
    const count = Math.max(1, Math.round(perSecond * seconds))
    const errors = count * errorRatio
    return spread(meanMs, count, {
      kind: 'request',
      name,
      route: null,
      // less than one is one now and then
      errors: Math.floor(errors) + (noise(at, 100 + index) + 1 < 2 * (errors % 1) ? 1 : 0),
    })
  })
  const delivered = Math.max(1, Math.round(0.25 * busyness(at) * seconds))
  const failed = delivered * (isOut ? 0.07 : 0.006)
  const deliveries = spread(2_100, delivered, {
    kind: 'metric',
    name: 'message.delivery',
    labels: 'channel=sms',
    route: null,
    errors: Math.floor(failed * (1 + 0.3 * noise(at, 120))),
  })
  return report({
    source: {
      application: APPLICATION,
      instance: 'one',
      version: RELEASES.findLast((each) => each.at <= at)?.version ?? '2.0.3',
      environment: 'production',
      sdk: 'pgsteward',
    },
    endpoint: null,
    operations: [...requests, deliveries],
    pools: [
      {
        pool: 'main',
        max: 30,
        used: isOut ? 30 : Math.round(3 + 9 * busyness(at)),
        idle: isOut ? 0 : 12,
        waiting: isOut ? 40 : 0,
        waitP95Ms: isOut ? 9_000 : null,
        oldestCheckoutMs: null,
        oldestCheckoutBy: null,
      },
    ],
  })
}

function spread(meanMs: number, count: number, over: Partial<OperationIncrease>): OperationIncrease {
  const durations = SHAPE.map((share) => share * meanMs)
  const { offset, counts } = countDurations(durations)
  const each = count / durations.length
  return operation(durations, {
    fingerprint: null,
    model: null,
    action: null,
    caller: null,
    rows: 0,
    ...over,
    count,
    totalMs: count * meanMs,
    histogram: { offset, counts: counts.map((many) => Math.round(many * each)) },
  })
}
