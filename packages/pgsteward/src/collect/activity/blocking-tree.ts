// The heads of queues at the moment of a sample, each with all that wait behind it, directly or behind others.

import type { BlockedSession } from '../../model/activity.ts'
import type { BlockingEdge } from './blocking-edges.ts'
import type { SampledSession } from './sampled-session.ts'
import type { ActivitySample } from './sampler.ts'

export interface BlockingTree {
  /** The same for one transaction of one session, or one prepared transaction: tells a root from the next. */
  readonly rootKey: string
  readonly root: BlockedSession
  /** The longest wait first. */
  readonly waiting: readonly BlockedSession[]
}

/** A circle has no head: PostgreSQL ends deadlocks within deadlock_timeout. A session behind two heads is in both trees. */
export function blockingTrees(
  sample: ActivitySample & { readonly edges: readonly BlockingEdge[] },
): readonly BlockingTree[] {
  const sessions = new Map(sample.sessions.map((each) => [each.pid, each]))
  const waitingPids = new Set(sample.edges.map((each) => each.pid))
  const behind = new Map<string, BlockingEdge[]>()
  for (const edge of sample.edges)
    for (const pid of edge.blockedBy) {
      const key = blockerKey(pid, edge)
      behind.set(key, [...(behind.get(key) ?? []), edge])
    }
  const trees: BlockingTree[] = []
  for (const [key, edges] of behind) {
    const pid = Number(key.split('/')[0])
    const session = sessions.get(pid)
    // one that waits for a lock itself is no head, even where its own edge was not read
    if (waitingPids.has(pid) || session?.waitType === 'Lock') continue
    const reached = new Map<number, BlockingEdge>()
    const queue = [...edges]
    for (let edge = queue.shift(); edge !== undefined; edge = queue.shift()) {
      if (reached.has(edge.pid)) continue
      reached.set(edge.pid, edge)
      queue.push(...(behind.get(String(edge.pid)) ?? []))
    }
    const waiting = [...reached.values()].flatMap((edge) => {
      const waiter = sessions.get(edge.pid)
      return waiter === undefined ? [] : [blockedSession(sample, waiter, edge)]
    })
    waiting.sort((a, b) => (b.waitsFor?.waitedMs ?? 0) - (a.waitsFor?.waitedMs ?? 0) || a.pid - b.pid)
    const root = pid === 0 ? preparedRoot(edges[0]!) : rootOf(sample, pid, session)
    if (waiting.length > 0) trees.push({ rootKey: rootKey(key, session), root, waiting })
  }
  return trees.sort((a, b) => b.waiting.length - a.waiting.length || a.rootKey.localeCompare(b.rootKey))
}

/** Several prepared transactions all have pid 0. */
function blockerKey(pid: number, { prepared }: BlockingEdge): string {
  return pid === 0 ? `0/${prepared?.name ?? ''}` : String(pid)
}

function rootKey(key: string, session: SampledSession | undefined): string {
  return session === undefined
    ? key
    : `${key}/${session.startedAt?.getTime() ?? ''}/${session.transactionKey ?? ''}`
}

function rootOf(sample: ActivitySample, pid: number, session: SampledSession | undefined): BlockedSession {
  if (session !== undefined) return blockedSession(sample, session, null)
  return { ...NOBODY, pid }
}

function preparedRoot({ prepared }: BlockingEdge): BlockedSession {
  return {
    ...NOBODY,
    state: 'prepared transaction',
    preparedAs: prepared?.name ?? '',
    database: prepared?.database ?? null,
    user: prepared?.user ?? null,
    transactionMs: prepared?.transactionMs ?? null,
  }
}

const NOBODY: BlockedSession = {
  pid: 0,
  startedAt: null,
  database: null,
  user: null,
  application: '',
  state: null,
  queryId: null,
  query: '',
  caller: null,
  transactionMs: null,
  waitsFor: null,
}

function blockedSession(
  { texts }: ActivitySample,
  session: SampledSession,
  edge: BlockingEdge | null,
): BlockedSession {
  const text = texts.get(session.pid)
  return {
    pid: session.pid,
    startedAt: session.startedAt,
    database: session.database,
    user: session.user,
    application: session.application,
    state: session.state ?? session.backendType,
    queryId: session.queryId,
    query: text?.text ?? '',
    caller: text?.caller ?? null,
    transactionMs: session.transactionMs,
    waitsFor:
      edge === null
        ? null
        : {
            lockType: edge.lockType,
            lockMode: edge.lockMode,
            relation: edge.relation,
            waitedMs: edge.waitedMs,
            blockedBy: edge.blockedBy,
          },
  }
}
