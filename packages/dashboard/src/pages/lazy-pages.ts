// The pages as parts that load on their own: the first paint waits for one of them only, the others come while nobody waits.

import { lazy } from 'react'
import type { Route } from '../route.ts'

const load = {
  overview: () => import('./overview-page.tsx'),
  findings: () => import('./findings-page.tsx'),
  finding: () => import('./finding-page.tsx'),
  alerts: () => import('./alerts-page.tsx'),
  'on-call': () => import('./on-call-page.tsx'),
  incidents: () => import('./incidents-page.tsx'),
  incident: () => import('./incident-page.tsx'),
  availability: () => import('./availability-page.tsx'),
  applications: () => import('./applications-page.tsx'),
  application: () => import('./application-page.tsx'),
  'slow-queries': () => import('./slow-queries-page.tsx'),
  logs: () => import('./logs-page.tsx'),
  activity: () => import('./activity-page.tsx'),
  statements: () => import('./statements-page.tsx'),
  statement: () => import('./statement-page.tsx'),
  tables: () => import('./tables-page.tsx'),
  indexes: () => import('./indexes-page.tsx'),
  advice: () => import('./advice-page.tsx'),
  'advised-index': () => import('./advised-index-page.tsx'),
  changes: () => import('./changes-page.tsx'),
  change: () => import('./change-page.tsx'),
  maintenance: () => import('./maintenance-page.tsx'),
  job: () => import('./job-page.tsx'),
  optimizations: () => import('./optimizations-page.tsx'),
  optimization: () => import('./optimization-page.tsx'),
  load: () => import('./load-page.tsx'),
  'load-run': () => import('./load-run-page.tsx'),
  capacity: () => import('./capacity-page.tsx'),
  reports: () => import('./reports-page.tsx'),
  report: () => import('./report-page.tsx'),
  checks: () => import('./checks-page.tsx'),
  access: () => import('./access-page.tsx'),
} as const satisfies Record<Exclude<Route['page'], 'not-found'>, () => Promise<unknown>>

export const OverviewPage = lazy(async () => ({ default: (await persistently(load.overview)).OverviewPage }))
export const FindingsPage = lazy(async () => ({ default: (await persistently(load.findings)).FindingsPage }))
export const AlertsPage = lazy(async () => ({ default: (await persistently(load.alerts)).AlertsPage }))
export const OnCallPage = lazy(async () => ({ default: (await persistently(load['on-call'])).OnCallPage }))
export const AvailabilityPage = lazy(async () => ({
  default: (await persistently(load.availability)).AvailabilityPage,
}))
export const FindingPage = lazy(async () => ({ default: (await persistently(load.finding)).FindingPage }))
export const ApplicationsPage = lazy(async () => ({
  default: (await persistently(load.applications)).ApplicationsPage,
}))
export const ApplicationPage = lazy(async () => ({
  default: (await persistently(load.application)).ApplicationPage,
}))
export const SlowQueriesPage = lazy(async () => ({
  default: (await persistently(load['slow-queries'])).SlowQueriesPage,
}))
export const LogsPage = lazy(async () => ({ default: (await persistently(load.logs)).LogsPage }))
export const ActivityPage = lazy(async () => ({ default: (await persistently(load.activity)).ActivityPage }))
export const StatementsPage = lazy(async () => ({
  default: (await persistently(load.statements)).StatementsPage,
}))
export const StatementPage = lazy(async () => ({
  default: (await persistently(load.statement)).StatementPage,
}))
export const TablesPage = lazy(async () => ({ default: (await persistently(load.tables)).TablesPage }))
export const IndexesPage = lazy(async () => ({ default: (await persistently(load.indexes)).IndexesPage }))
export const AdvicePage = lazy(async () => ({ default: (await persistently(load.advice)).AdvicePage }))
export const AdvisedIndexPage = lazy(async () => ({
  default: (await persistently(load['advised-index'])).AdvisedIndexPage,
}))
export const ChangesPage = lazy(async () => ({ default: (await persistently(load.changes)).ChangesPage }))
export const ChangePage = lazy(async () => ({ default: (await persistently(load.change)).ChangePage }))
export const MaintenancePage = lazy(async () => ({
  default: (await persistently(load.maintenance)).MaintenancePage,
}))
export const JobPage = lazy(async () => ({ default: (await persistently(load.job)).JobPage }))
export const IncidentsPage = lazy(async () => ({
  default: (await persistently(load.incidents)).IncidentsPage,
}))
export const IncidentPage = lazy(async () => ({ default: (await persistently(load.incident)).IncidentPage }))
export const OptimizationsPage = lazy(async () => ({
  default: (await persistently(load.optimizations)).OptimizationsPage,
}))
export const OptimizationPage = lazy(async () => ({
  default: (await persistently(load.optimization)).OptimizationPage,
}))
export const LoadPage = lazy(async () => ({ default: (await persistently(load.load)).LoadPage }))
export const LoadRunPage = lazy(async () => ({
  default: (await persistently(load['load-run'])).LoadRunPage,
}))
export const CapacityPage = lazy(async () => ({
  default: (await persistently(load.capacity)).CapacityPage,
}))
export const ReportsPage = lazy(async () => ({ default: (await persistently(load.reports)).ReportsPage }))
export const ReportPage = lazy(async () => ({ default: (await persistently(load.report)).ReportPage }))
export const ChecksPage = lazy(async () => ({ default: (await persistently(load.checks)).ChecksPage }))
export const AccessPage = lazy(async () => ({ default: (await persistently(load.access)).AccessPage }))

/** A server that is just starting anew answers in a moment; one that was exchanged has other parts, and never will. */
const TRIES = 3
const RETRY_MS = 2000

async function persistently<Part>(part: () => Promise<Part>): Promise<Part> {
  for (let tried = 1; tried < TRIES; tried += 1) {
    try {
      return await part()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
  return part()
}

/** Begins with the page of the address, so that it does not wait for the first answer of the API; fetches the others when idle. */
export function loadPages({ page }: Route): void {
  // a failure is told by the page itself when it is wanted
  const quietly = (one: () => Promise<unknown>) => void one().catch(() => {})
  if (page !== 'not-found') quietly(load[page])
  const rest = () => Object.values(load).forEach(quietly)
  if (typeof requestIdleCallback === 'function') requestIdleCallback(rest, { timeout: 3000 })
  else setTimeout(rest, 1000)
}
