// The package's front door; the hosts have doors of their own (./pg, ./prisma, ./express, ./fastify).

export { type DebugRouteOptions, type DebugRoutes, debugRoutes } from './debug-routes.ts'
export type { CallSite, Endpoint, PoolState, SlowQueryEvent } from './drained.ts'
export { type Health, type HealthHandler, type HealthOptions, healthHandler } from './health.ts'
export { NAMED_METRICS, type NamedMetric } from './metric-catalogue.ts'
export type { InstrumentOptions } from './options.ts'
export { type Charge, type Delivery, PerformanceMetrics } from './performance-metrics.ts'
export { instrumentPg } from './pg.ts'
export { drizzleLogger } from './recipes/drizzle.ts'
export { watchKnex } from './recipes/knex.ts'
export { kyselyLog } from './recipes/kysely.ts'
export type { ReportedStatement, SlowQueryReport } from './slow-query-report.ts'
export { currentInstrument, type Diagnostics, type Instrument, startInstrument } from './start.ts'
