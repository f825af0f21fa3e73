// What an application's figures mean, in words; pure, so that the words can be tested.

import type { ApplicationDetailWire, ApplicationWire, OperationWire, PoolWire } from 'pgsteward/wire'
import { formatCompact, formatMs, formatRatio } from '../format.ts'

/** As the check silent-application has it: stock SDKs send every minute, so at least four reports are missing. */
const SILENT_AFTER_MS = 300_000

export function isSilent(application: Pick<ApplicationWire, 'lastSeenAt'>, now: Date): boolean {
  return now.getTime() - Date.parse(application.lastSeenAt) > SILENT_AFTER_MS
}

/** `Member.findMany` as the source has it; `$queryRaw` alone has no model; null where no ORM told. */
export function modelAction(row: Pick<OperationWire, 'model' | 'action'>): string | null {
  const parts = [row.model, row.action].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join('.')
}

/** A count has no durations; a mean of nothing is no zero. */
export function isTimed(row: Pick<OperationWire, 'totalMs' | 'p95Ms'>): boolean {
  return row.totalMs > 0 || row.p95Ms !== null
}

export interface PoolTotals {
  /** Null where a pool does not tell its bound. */
  readonly max: number | null
  readonly used: number
  readonly idle: number
  readonly waiting: number
}

/** All pools of all processes together; null where none is told. */
export function poolTotals(pools: readonly PoolWire[]): PoolTotals | null {
  if (pools.length === 0) return null
  const sum = (read: (pool: PoolWire) => number) => pools.reduce((total, pool) => total + read(pool), 0)
  return {
    max: pools.some(({ max }) => max === null) ? null : sum(({ max }) => max ?? 0),
    used: sum(({ used }) => used),
    idle: sum(({ idle }) => idle),
    waiting: sum(({ waiting }) => waiting),
  }
}

/** Share of the time of its requests that the application spent in statements; null where nobody tells. */
export function queryTimeShare(routes: readonly OperationWire[]): number | null {
  const told = routes.filter(({ queryTimeRatio }) => queryTimeRatio !== null)
  const totalMs = told.reduce((sum, route) => sum + route.totalMs, 0)
  if (totalMs === 0) return null
  return told.reduce((sum, route) => sum + route.totalMs * (route.queryTimeRatio ?? 0), 0) / totalMs
}

/** Is it all right? The findings first, then how it does. */
export function applicationHeadline(
  { application, findings }: Pick<ApplicationDetailWire, 'application' | 'findings'>,
  now: Date,
): string {
  const urgent = findings.filter(({ state, severity }) => state === 'open' && severity !== 'info')
  const critical = urgent.filter(({ severity }) => severity === 'critical').length
  const needs =
    urgent.length === 0
      ? null
      : `${urgent.length} ${urgent.length === 1 ? 'thing needs' : 'things need'} you${
          critical === 0 ? '' : critical === urgent.length ? ' now' : `, ${critical} of them now`
        }`
  if (isSilent(application, now)) {
    const silence = `It has not reported for ${formatMs(now.getTime() - Date.parse(application.lastSeenAt))}`
    return needs === null ? `${silence}.` : `${silence}; ${needs}.`
  }
  const did = doingWords(application)
  return needs === null ? `Nothing is found wrong: ${did}.` : `${needs}: ${did}.`
}

function doingWords(application: ApplicationWire): string {
  const { requestsPerSecond, requestP95Ms, errorRatio, queriesPerSecond } = application
  if (requestsPerSecond === 0)
    return queriesPerSecond === 0
      ? 'it is idle'
      : `${formatCompact(queriesPerSecond)} statements a second, no requests`
  const within =
    requestP95Ms === null ? '' : `, ${formatRatio(0.95)} of them within ${formatMs(requestP95Ms)}`
  const errors =
    errorRatio === null ? '' : errorRatio === 0 ? ', none failed' : `, ${formatRatio(errorRatio)} failed`
  return `${formatCompact(requestsPerSecond)} requests a second${within}${errors}`
}

/** `@pgsteward/instrument` or the name of the OpenTelemetry SDK. */
export function sdkWords(sdk: string): string {
  if (sdk === 'pgsteward') return '@pgsteward/instrument'
  return sdk === 'opentelemetry' ? 'OpenTelemetry SDK' : sdk
}
