// Optimizations that no job and no new index tells of: a finding is over, and what it was about was changed while it stood. A setting was
// set, an index was dropped, a statement has not run since a deployment. Without such a trace nothing is claimed: findings end by
// themselves, too.

import type { Evidence } from '../../model/finding.ts'
import type { MaintenanceJob } from '../../model/maintenance.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { TargetEvent } from '../../model/plan.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import { isSameDefinition } from '../../sql/index-text.ts'
import { qualified } from '../../sql/quote.ts'
import type { Store } from '../../store/store.ts'
import { goneSince, lastDeploymentOf } from './statement-gone.ts'

export interface OptimizationTrace {
  /** One of each change, whatever many findings were about it. */
  readonly origin: string
  readonly finding: OpenFinding
  /** When the change was seen. */
  readonly at: Date
  /** In words, as the events of the target have it. */
  readonly seen: string
  /** Empty: nobody knows them. */
  readonly sql: readonly string[]
  readonly undo: readonly string[] | null
  /** The deployment that brought it; null: none is known to have. */
  readonly through: string | null
  readonly because: string
  /** Beside the finding's evidence. */
  readonly before: readonly Evidence[]
  readonly after: readonly Evidence[]
  readonly freedBytes: number | null
}

export type TraceStore = Pick<
  Store,
  'findings' | 'targetEvents' | 'indexChanges' | 'indexesAt' | 'statementHistory' | 'statementSums'
>

/** A finding that ended longer ago was looked at often enough. */
const ENDED_WITHIN_MS: Milliseconds = 3 * 86_400_000
/** A change that was seen longer before a finding ended did not end it. */
const CHANGED_WITHIN_MS: Milliseconds = 2 * 86_400_000
/** What is read in one round is dated within as long. */
const SAME_ROUND_MS: Milliseconds = 10 * 60_000

/** Those whose setting makes something slow; others make something visible, or safe. */
const SETTING_CHECKS: ReadonlySet<string> = new Set([
  'autovacuum-off',
  'checkpoints-requested',
  'jit-on-short-queries',
  'parallel-workers-exhausted',
  'shared-buffers-small',
  'wal-compression-off',
  'work-mem-small',
])
/** Those whose remedy is to drop their index. */
const INDEX_CHECKS: ReadonlySet<string> = new Set([
  'duplicate-index',
  'redundant-index',
  'unused-composite-column',
  'unused-index',
])

/** Of findings that ended within three days, the worst first; without those whose record `isDone`. */
export async function optimizationTraces(
  store: TraceStore,
  targetId: string,
  jobs: readonly MaintenanceJob[],
  isDone: (origin: string) => boolean,
  now: Date,
): Promise<readonly OptimizationTrace[]> {
  const since = new Date(now.getTime() - ENDED_WITHIN_MS)
  const known = await store.findings({
    targetId,
    states: ['pending', 'open', 'muted'],
    orResolvedSince: since,
    limit: 1_000,
  })
  const ended = known.filter((finding) => isEnded(finding) && !jobs.some((job) => isFor(job, finding)))
  if (ended.length === 0) return []
  const window = { from: new Date(since.getTime() - CHANGED_WITHIN_MS), to: now }
  const [happened, gone] = await Promise.all([
    store.targetEvents(targetId, window),
    goneIndexes(store, targetId, window),
  ])
  const events = happened.toSorted((one, other) => one.at.getTime() - other.at.getTime())
  const traces: OptimizationTrace[] = []
  for (const finding of ended) {
    const trace =
      settingTrace(finding, events) ??
      indexTrace(finding, gone, jobs, events) ??
      (await statementTrace(store, finding, { known, events, isDone, now }))
    if (trace !== null && !isDone(trace.origin)) traces.push(trace)
  }
  return traces
}

function isEnded({ state, openedAt, resolvedAt }: OpenFinding): boolean {
  return state === 'resolved' && openedAt !== null && resolvedAt !== null
}

/** Its own record tells of it. */
function isFor({ origin, createdAt, state }: MaintenanceJob, { key, openedAt }: OpenFinding): boolean {
  return origin.kind === 'finding' && origin.key === key && createdAt >= openedAt! && isLive(state)
}

function isLive(state: MaintenanceJob['state']): boolean {
  return state === 'approved' || state === 'running' || state === 'done'
}

/** While it stood, and shortly before it ended. */
function isBefore(at: Date, { openedAt, resolvedAt }: OpenFinding): boolean {
  const end = resolvedAt!.getTime()
  return at > openedAt! && at.getTime() >= end - CHANGED_WITHIN_MS && at.getTime() <= end + SAME_ROUND_MS
}

function settingTrace(finding: OpenFinding, events: readonly TargetEvent[]): OptimizationTrace | null {
  const { subject, checkId, targetId } = finding
  if (subject.kind !== 'setting' || !SETTING_CHECKS.has(checkId)) return null
  const event = events.findLast(
    ({ kind, subject: name, at }) => kind === 'settings' && name === subject.name && isBefore(at, finding),
  )
  if (event === undefined) return null
  const [was, is] = event.detail.split(' to ')
  const evidence = (value: string | undefined) =>
    value === undefined ? [] : [{ label: subject.name, value, unit: 'text' as const }]
  return {
    origin: `setting:${targetId}/${subject.name}@${event.at.toISOString()}`,
    finding,
    at: event.at,
    seen: `${subject.name}: ${event.detail}`,
    sql: [],
    undo: null,
    through: null,
    because: `${subject.name} was set, and the check no longer finds it`,
    before: evidence(was),
    after: evidence(is),
    freedBytes: null,
  }
}

interface GoneIndex {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly definition: string
  readonly goneAt: Date
}

/** Dropped, and not given another name. */
async function goneIndexes(
  store: TraceStore,
  targetId: string,
  window: Window,
): Promise<readonly GoneIndex[]> {
  const gone: GoneIndex[] = []
  for (const { goneAt, ...index } of await store.indexChanges(targetId, window)) {
    if (goneAt === null || goneAt <= window.from || goneAt > window.to) continue
    const came = (await store.indexesAt(targetId, goneAt)).filter(
      ({ appearedAt }) => appearedAt.getTime() === goneAt.getTime(),
    )
    const isRenamed = came.some(
      (each) => each.table === index.table && isSameDefinition(each.definition, index.definition),
    )
    if (!isRenamed) gone.push({ ...index, goneAt })
  }
  return gone
}

function indexTrace(
  finding: OpenFinding,
  gone: readonly GoneIndex[],
  jobs: readonly MaintenanceJob[],
  events: readonly TargetEvent[],
): OptimizationTrace | null {
  const { subject, checkId, targetId, evidence, openedAt } = finding
  if (subject.kind !== 'index' || !INDEX_CHECKS.has(checkId)) return null
  const { schema, name } = subject
  const index = gone.findLast(
    (each) => each.schema === schema && each.name === name && isBefore(each.goneAt, finding),
  )
  if (index === undefined) return null
  // another finding's remedy dropped it: that one has the record
  const isByJob = jobs.some(
    ({ steps, state, createdAt }) =>
      isLive(state) &&
      createdAt >= openedAt! &&
      steps.some(
        ({ kind, relation }) => kind === 'drop-index' && relation.schema === schema && relation.name === name,
      ),
  )
  const wentWithTable = events.some(
    ({ kind, subject: table, detail, at }) =>
      kind === 'schema' &&
      table === `${schema}.${index.table}` &&
      detail === 'table dropped' &&
      Math.abs(at.getTime() - index.goneAt.getTime()) <= SAME_ROUND_MS,
  )
  if (isByJob || wentWithTable) return null
  const size = evidence.find(({ label, unit }) => label === 'size' && unit === 'bytes')?.value
  const deployment = lastDeploymentOf(events, index.goneAt)
  return {
    origin: `dropped:${targetId}/${schema}.${name}@${index.goneAt.toISOString()}`,
    finding,
    at: index.goneAt,
    seen: `index ${name} of ${index.table} is gone`,
    sql: [`drop index ${qualified(schema, name)}`],
    undo: [index.definition],
    through: deployment === null ? null : `${deployment.subject}: ${deployment.detail}`,
    because: 'the index is gone, and the check no longer finds it',
    before: [],
    after: [],
    freedBytes: typeof size === 'number' ? size : null,
  }
}

interface Surroundings {
  readonly known: readonly OpenFinding[]
  readonly events: readonly TargetEvent[]
  readonly isDone: (origin: string) => boolean
  readonly now: Date
}

async function statementTrace(
  store: TraceStore,
  finding: OpenFinding,
  { known, events, isDone, now }: Surroundings,
): Promise<OptimizationTrace | null> {
  const { subject, area, targetId } = finding
  if (subject.kind !== 'query' || area !== 'query') return null
  const { queryId } = subject
  const deployments = events.filter(({ kind, at }) => kind === 'deployment' && isBefore(at, finding))
  for (const deployment of deployments) {
    const origin = `statement:${targetId}/${queryId}@${deployment.at.toISOString()}`
    if (isDone(origin) || known.some((other) => isSuccessor(other, finding, deployment))) return null
    const was = await goneSince(store, { targetId, queryId, at: deployment.at, now })
    if (was === null) continue
    const words = `${deployment.subject}: ${deployment.detail}`
    return {
      origin,
      finding,
      at: deployment.at,
      seen: `the statement has not run since the deployment of ${words}`,
      sql: [],
      undo: null,
      through: words,
      because: 'the statement no longer runs; what runs in its place has a history of its own',
      before: [
        { label: 'calls a minute', value: was.callsPerMinute, unit: 'count' },
        { label: 'mean time', value: was.meanMs, unit: 'ms' },
        { label: 'database time a day', value: was.msPerDay, unit: 'ms' },
      ],
      after: [{ label: 'calls a minute', value: 0, unit: 'count' }],
      freedBytes: null,
    }
  }
  return null
}

/** The same fault in another statement since the deployment: the statement was written otherwise, and is no better. */
function isSuccessor(
  { key, checkId, subject, firstSeenAt }: OpenFinding,
  finding: OpenFinding,
  deployment: TargetEvent,
): boolean {
  return (
    subject.kind === 'query' &&
    checkId === finding.checkId &&
    key !== finding.key &&
    firstSeenAt >= deployment.at
  )
}
