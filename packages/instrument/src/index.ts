// The package's front door; the hosts have doors of their own (./pg, ./prisma, ./express, ./fastify).

export type { CallSite, Endpoint, PoolState, SlowQueryEvent } from './drained.ts'
export { NAMED_METRICS, type NamedMetric } from './metric-catalogue.ts'
export type { InstrumentOptions } from './options.ts'
export { type Charge, type Delivery, PerformanceMetrics } from './performance-metrics.ts'
export type { ReportedStatement, SlowQueryReport } from './slow-query-report.ts'
export { currentInstrument, type Diagnostics, type Instrument, startInstrument } from './start.ts'
