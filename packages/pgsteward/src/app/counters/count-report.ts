// What one report of an application adds to the counters: requests by route, statements, calls, deliveries, charges, its own metrics.

import type { ApplicationReport, OperationIncrease } from '../../model/application.ts'
import type { FirstCome } from './first-come.ts'
import type { CounterMetric, HistogramMetric, Tally } from './tally.ts'

type Labels = Readonly<Record<string, string>>

/** Series for each that has a label of its own: 17 of a route. What an application has beyond is one more, `other`. */
const MOST_ROUTES = 100
const MOST_CALLS = 30
const MOST_CHANNELS = 20
const MOST_OUTCOMES = 30
const MOST_NAMED = 50
const MOST_APPLICATIONS = 50

// the limits of N3 (1, 1.5, 2, 2.5, 3 s) are bounds, so that a share above them is exact
const SERVED = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 5, 10]
const STATEMENT = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10]
const DELIVERY = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60]

const counter = (name: string, help: string): CounterMetric => ({
  name: `pgsteward_application_${name}_total`,
  help,
})
const histogram = (name: string, help: string, boundsSeconds: readonly number[]): HistogramMetric => ({
  name: `pgsteward_application_${name}_duration_seconds`,
  help,
  boundsSeconds,
})

const REQUESTS = histogram('request', 'How long requests took, by route.', SERVED)
const REQUEST_ERRORS = counter('request_errors', 'Requests that ended in status 500 or above, by route.')
const REQUEST_STATEMENTS = counter('request_statements', 'Statements sent on behalf of requests, by route.')
const REQUEST_STATEMENT_SECONDS = counter(
  'request_statement_seconds',
  'Time that requests spent in statements, by route.',
)
const STATEMENTS = histogram('statement', 'How long the application waited for statements.', STATEMENT)
const STATEMENT_ERRORS = counter('statement_errors', 'Statements that failed.')
const STATEMENT_ROWS = counter('statement_rows', 'Rows that statements returned or changed.')
const CALLS = histogram('call', 'How long calls to other services took, by service.', SERVED)
const CALL_ERRORS = counter('call_errors', 'Calls to other services that failed, by service.')
const DELIVERIES = histogram('delivery', 'How long deliveries of messages took, by channel.', DELIVERY)
const DELIVERED = counter('deliveries', 'Messages that were delivered or not, by channel and outcome.')
const CHARGES = histogram('charge', 'How long charges at payment providers took.', SERVED)
const CHARGED = counter('charges', 'Charges, by outcome and currency.')
const AMOUNT = counter(
  'charged_minor_units',
  "Amount of charges in the currency's smallest unit, by outcome.",
)
const NAMED = histogram('named', 'Durations that the application measures by a name of its own.', SERVED)
const NAMED_ERRORS = counter('named_errors', 'Named operations that failed.')
const COUNTED = counter('named', 'Counts that the application keeps by a name of its own.')

/** `labels`: of the target. */
export function countReport(
  tally: Tally,
  admitted: FirstCome,
  labels: Labels,
  { source, operations }: ApplicationReport,
): void {
  const target = JSON.stringify(labels)
  const application = admitted.admit(`applications of ${target}`, source.application, MOST_APPLICATIONS)
  const admit = (what: string, value: string, most: number) =>
    admitted.admit(`${what} of ${application} of ${target}`, value, most)
  const own = { ...labels, application }
  for (const operation of operations) {
    const { kind, name, count, errors, rows, queryMs } = operation
    if (kind === 'request') {
      const of = { ...own, route: admit('routes', name, MOST_ROUTES) }
      observe(tally, REQUESTS, of, operation)
      tally.add(REQUEST_ERRORS, of, errors)
      tally.add(REQUEST_STATEMENTS, of, rows)
      tally.add(REQUEST_STATEMENT_SECONDS, of, queryMs / 1000)
    } else if (kind === 'query') {
      observe(tally, STATEMENTS, own, operation)
      tally.add(STATEMENT_ERRORS, own, errors)
      tally.add(STATEMENT_ROWS, own, rows)
    } else if (kind === 'call') {
      const of = { ...own, service: admit('calls', name, MOST_CALLS) }
      observe(tally, CALLS, of, operation)
      tally.add(CALL_ERRORS, of, errors)
    } else {
      const textOf = (key: string) => labelOf(operation.labels, key)
      const channel = () => ({ ...own, channel: admit('channels', textOf('channel'), MOST_CHANNELS) })
      const payment = () => {
        const both = admit('outcomes', `${textOf('outcome')} ${textOf('currency')}`, MOST_OUTCOMES)
        const [outcome, currency = ''] = both.split(' ')
        return { ...own, outcome: outcome!, currency }
      }
      if (name === 'message.delivery') observe(tally, DELIVERIES, channel(), operation)
      else if (name === 'message.delivered' || name === 'message.undelivered') {
        const isDelivered = name === 'message.delivered'
        tally.add(DELIVERED, { ...channel(), outcome: 'delivered' }, isDelivered ? count : 0)
        tally.add(DELIVERED, { ...channel(), outcome: 'undelivered' }, isDelivered ? 0 : count)
      } else if (name === 'billing.charge') observe(tally, CHARGES, own, operation)
      else if (name === 'billing.charges') tally.add(CHARGED, payment(), count)
      else if (name === 'billing.amount') tally.add(AMOUNT, payment(), count)
      else {
        const of = { ...own, name: admit('names', name, MOST_NAMED) }
        if (operation.histogram === null && errors === 0) tally.add(COUNTED, of, count)
        else {
          observe(tally, NAMED, of, operation)
          tally.add(NAMED_ERRORS, of, errors)
        }
      }
    }
  }
}

/** Errors come as a point of their own, without durations. */
function observe(tally: Tally, metric: HistogramMetric, labels: Labels, operation: OperationIncrease): void {
  tally.observe(metric, labels, operation.histogram ?? { offset: 0, counts: [] }, operation.totalMs)
}

/** Of sorted `key=value`; '' where it is not told. */
function labelOf(labels: string | null, key: string): string {
  const pairs = (labels ?? '').split(' ')
  return pairs.find((pair) => pair.startsWith(`${key}=`))?.slice(key.length + 1) ?? ''
}
