// The value that a finding is about, over the hour before: the line in an alert.

import type { AlertChart } from '../../model/alert.ts'
import type { OperationKind } from '../../model/application.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { Milliseconds, Unit, Window } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'

type Known = Pick<Store, 'operationHistory' | 'statementHistory' | 'series'>

const HOUR_MS: Milliseconds = 3_600_000
/** Two minutes each: a fault of a minute still stands out, and the line fits a telephone. */
const POINTS = 30

/** Checks whose value is a series of its own, by which it is named. */
const SERIES: Readonly<Record<string, { readonly name: string; readonly label: string }>> = {
  'blocking-chain': { name: 'connections.blocked', label: 'sessions that wait' },
  'connections-near-limit': { name: 'connections.usedRatio', label: 'connections used' },
  'dead-tuples': { name: 'table.deadTuples', label: 'dead tuples' },
  'idle-in-transaction': { name: 'connections.idleInTransaction', label: 'sessions idle in transaction' },
  'long-transaction': { name: 'connections.oldestTransaction', label: 'oldest transaction' },
  'low-cache-hit': { name: 'database.cacheHit', label: 'cache hit ratio' },
  'partition-candidate': { name: 'table.rows', label: 'rows' },
  'replication-lag': { name: 'replication.replayLag', label: 'replay lag' },
  'temp-file-spill': { name: 'database.tempBytes', label: 'temporary files' },
  'vacuum-blocked': { name: 'xmin.oldestAge', label: 'oldest xmin' },
  deadlocks: { name: 'database.deadlocks', label: 'deadlocks' },
}

/** Checks whose value is a share or a number of failures; of the others it is a duration. */
const ABOUT_FAILURES = new Set([
  'delivery-failures',
  'delivery-rate',
  'error-rate',
  'failing-external-call',
  'failing-route',
  'payment-failures',
])

/** Null: no line tells more than the numbers do. */
export async function findingChart(
  store: Known,
  finding: OpenFinding,
  now: Date,
): Promise<AlertChart | null> {
  const window = { from: new Date(now.getTime() - HOUR_MS), to: now }
  const { subject, checkId, targetId } = finding
  const own = SERIES[checkId]
  if (own !== undefined) return await ofSeries(store, finding, own, window)
  const isAboutFailures = ABOUT_FAILURES.has(checkId)
  if (subject.kind === 'route')
    return await ofOperation(store, targetId, 'request', subject, window, isAboutFailures)
  if (subject.kind === 'metric') {
    // a channel is a part of the name, and of what all channels did
    const metric = { application: subject.application, name: subject.name.split(' ')[0]! }
    return await ofOperation(store, targetId, 'metric', metric, window, isAboutFailures)
  }
  if (checkId === 'error-rate' && subject.kind === 'application')
    return await ofOperation(store, targetId, 'request', { application: subject.name }, window, true)
  if (subject.kind === 'query') {
    const points = await store.statementHistory(targetId, subject.queryId, window, POINTS)
    return chartOf(
      'mean time a call',
      'ms',
      window,
      points.map(({ at, calls, totalExecMs }) => [at, calls > 0 ? totalExecMs / calls : null]),
    )
  }
  return null
}

async function ofOperation(
  store: Known,
  targetId: string,
  kind: OperationKind,
  { application, name }: { readonly application: string; readonly name?: string },
  window: Window,
  isAboutFailures: boolean,
): Promise<AlertChart | null> {
  const points = await store.operationHistory(
    targetId,
    application,
    name === undefined ? { kind } : { kind, name },
    window,
    POINTS,
  )
  return chartOf(
    isAboutFailures ? 'failed' : '95th percentile',
    isAboutFailures ? 'ratio' : 'ms',
    window,
    points.map(({ at, count, errors, p95Ms }) => [
      at,
      count === 0 ? null : isAboutFailures ? errors / count : p95Ms,
    ]),
  )
}

async function ofSeries(
  store: Known,
  { targetId, subject }: OpenFinding,
  { name, label }: { readonly name: string; readonly label: string },
  window: Window,
): Promise<AlertChart | null> {
  const all = await store.series(targetId, name, window)
  const wanted = 'name' in subject ? subject.name : null
  // of several (tables, databases) that of the subject; a single one is the server's
  const one =
    all.length === 1
      ? all[0]
      : all.find(({ labels }) => Object.values(labels).some((value) => value === wanted))
  return one === undefined ? null : chartOf(label, one.unit, window, one.points)
}

/** The largest of each stretch: a peak is what the reader looks for. */
function chartOf(
  label: string,
  unit: Unit,
  window: Window,
  points: readonly (readonly [at: Date, value: number | null])[],
): AlertChart | null {
  const from = window.from.getTime()
  const stepMs = (window.to.getTime() - from) / POINTS
  const values: (number | null)[] = Array.from({ length: POINTS }, () => null)
  for (const [at, value] of points) {
    // a bucket is named by its end
    const slot = Math.ceil((at.getTime() - from) / stepMs) - 1
    if (value === null || slot < 0 || slot >= POINTS) continue
    values[slot] = Math.max(values[slot] ?? value, value)
  }
  return values.filter((value) => value !== null).length < 2 ? null : { label, unit, window, values }
}
