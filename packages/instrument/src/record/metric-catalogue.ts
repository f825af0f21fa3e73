// The named metrics, as data: what the package measures by itself and what PerformanceMetrics records. Names of OpenTelemetry's
// semantic conventions where they have one. An application adds its own by timeAsync, count and level.

import { METRIC } from '../names.ts'

export interface NamedMetric {
  /** On the wire. */
  readonly name: string
  readonly area: 'database' | 'endpoint' | 'delivery' | 'billing' | 'process' | 'instrument'
  readonly unit: string
  readonly kind: 'duration' | 'count' | 'level'
  readonly description: string
}

/** What PerformanceMetrics records under; a duration has `.duration` and `.errors` after its name on the wire. */
export const RECORDED = {
  databaseOperation: 'database.operation',
  delivery: 'message.delivery',
  delivered: 'message.delivered',
  undelivered: 'message.undelivered',
  deliveryCost: 'message.cost',
  charge: 'billing.charge',
  charges: 'billing.charges',
  amount: 'billing.amount',
} as const

export const PROCESS = {
  eventLoopMean: 'nodejs.eventloop.delay.mean',
  eventLoopP50: 'nodejs.eventloop.delay.p50',
  eventLoopP99: 'nodejs.eventloop.delay.p99',
  eventLoopMax: 'nodejs.eventloop.delay.max',
  eventLoopUtilization: 'nodejs.eventloop.utilization',
  heapUsed: 'v8js.memory.heap.used',
  heapLimit: 'v8js.memory.heap.limit',
  memory: 'process.memory.usage',
  cpuUtilization: 'process.cpu.utilization',
  uptime: 'process.uptime',
  gc: 'v8js.gc',
} as const

const metric = (
  area: NamedMetric['area'],
  kind: NamedMetric['kind'],
  unit: string,
  name: string,
  description: string,
): NamedMetric => ({ name, area, unit, kind, description })

export const NAMED_METRICS: readonly NamedMetric[] = [
  metric('database', 'duration', 's', METRIC.queryDuration, 'A statement, without the wait for a connection'),
  metric('database', 'count', '{row}', METRIC.queryRows, 'Rows that statements returned or changed'),
  metric('database', 'count', '{row}', METRIC.querySkippedRows, 'Rows that OFFSET made the server pass over'),
  metric('database', 'count', '{error}', METRIC.queryErrors, 'Statements that failed'),
  metric(
    'database',
    'duration',
    's',
    `${RECORDED.databaseOperation}.duration`,
    'Operations of trackDatabaseOperation, by model and action',
  ),
  metric(
    'database',
    'count',
    '{error}',
    `${RECORDED.databaseOperation}.errors`,
    'Tracked operations that failed',
  ),
  metric('database', 'level', '{connection}', METRIC.poolCount, 'Connections of a pool, idle and used'),
  metric('database', 'level', '{connection}', METRIC.poolMax, 'Connections that a pool may open'),
  metric('database', 'level', '{request}', METRIC.poolPending, 'Callers that wait for a connection'),
  metric('database', 'duration', 's', METRIC.poolWait, 'How long callers waited for a connection'),
  metric('database', 'level', 's', METRIC.poolOldestCheckout, 'Age of the connection that is out longest'),
  metric('endpoint', 'duration', 's', METRIC.requestDuration, 'Requests served, by route and status'),
  metric('endpoint', 'count', '{query}', METRIC.requestQueries, 'Statements sent on behalf of requests'),
  metric('endpoint', 'count', 's', METRIC.requestQueryTime, 'Time of those statements'),
  metric('endpoint', 'duration', 's', METRIC.callDuration, 'Requests sent to other services'),
  metric(
    'delivery',
    'duration',
    's',
    `${RECORDED.delivery}.duration`,
    'One delivery of a message, by channel',
  ),
  metric('delivery', 'count', '{error}', `${RECORDED.delivery}.errors`, 'Deliveries that failed'),
  metric('delivery', 'count', '{message}', RECORDED.delivered, 'Messages delivered'),
  metric('delivery', 'count', '{message}', RECORDED.undelivered, 'Messages not delivered'),
  metric(
    'delivery',
    'count',
    '{minor_unit}',
    RECORDED.deliveryCost,
    'What deliveries cost, by currency, in its smallest unit',
  ),
  metric('billing', 'duration', 's', `${RECORDED.charge}.duration`, 'One charge at a payment provider'),
  metric('billing', 'count', '{error}', `${RECORDED.charge}.errors`, 'Charges that failed'),
  metric('billing', 'count', '{charge}', RECORDED.charges, 'Charges, by outcome and currency'),
  metric(
    'billing',
    'count',
    '{minor_unit}',
    RECORDED.amount,
    'Amount charged, by outcome and currency, in its smallest unit',
  ),
  metric('process', 'level', 's', PROCESS.eventLoopMean, 'How late the event loop was, on average'),
  metric('process', 'level', 's', PROCESS.eventLoopP50, 'How late the event loop was, half of the time'),
  metric('process', 'level', 's', PROCESS.eventLoopP99, 'How late the event loop was at the 99th percentile'),
  metric('process', 'level', 's', PROCESS.eventLoopMax, 'How late the event loop was at worst'),
  metric('process', 'level', '1', PROCESS.eventLoopUtilization, 'Share of time that the event loop was busy'),
  metric('process', 'level', 'By', PROCESS.heapUsed, 'Heap in use'),
  metric('process', 'level', 'By', PROCESS.heapLimit, 'Heap that V8 may use'),
  metric('process', 'level', 'By', PROCESS.memory, 'Resident memory of the process'),
  metric('process', 'level', '1', PROCESS.cpuUtilization, 'CPU time by time passed; 1 is one core'),
  metric('process', 'level', 's', PROCESS.uptime, 'Age of the process'),
  metric('process', 'duration', 's', `${PROCESS.gc}.duration`, 'Garbage collection, by kind'),
  metric('instrument', 'count', '{item}', METRIC.dropped, 'What a bound kept out, by kind'),
]
