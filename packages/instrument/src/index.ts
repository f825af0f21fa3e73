// The package's front door; the hosts have doors of their own (./pg, ./prisma, ./express, ./fastify).

export { instrumentPg } from './listen/pg.ts'
export type { InstrumentOptions } from './options.ts'
export { type Charge, type Delivery, PerformanceMetrics } from './performance-metrics.ts'
export { drizzleLogger } from './recipes/drizzle.ts'
export { watchKnex } from './recipes/knex.ts'
export { kyselyLog } from './recipes/kysely.ts'
export type { CallSite, Endpoint, PoolState, SlowQueryEvent } from './record/drained.ts'
export { NAMED_METRICS, type NamedMetric } from './record/metric-catalogue.ts'
export { type DebugRouteOptions, type DebugRoutes, debugRoutes } from './report/debug-routes.ts'
export { type Health, type HealthHandler, type HealthOptions, healthHandler } from './report/health.ts'
export type { ReportedStatement, SlowQueryReport } from './report/slow-query-report.ts'
export { currentInstrument, type Diagnostics, type Instrument, startInstrument } from './start.ts'
