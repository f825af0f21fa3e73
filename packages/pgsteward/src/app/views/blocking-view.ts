// Incidents and trees of blocking as the API speaks of them: the queue indented, and what would end its root.

import { endSession } from '../../checks/availability/session.ts'
import type { BlockedSession, BlockingIncident } from '../../model/activity.ts'
import type {
  BlockedSessionWire,
  BlockingIncidentWire,
  BlockingTreeWire,
  ReleaseWire,
} from '../../model/wire.ts'
import { literal } from '../../sql/quote.ts'

export function treeView(root: BlockedSession, waiting: readonly BlockedSession[]): BlockingTreeWire {
  const sessions: BlockedSessionWire[] = [sessionView(root, 0)]
  const left = new Map(waiting.map((each) => [each.pid, each]))
  // each stands once, behind the first that it is reached from: a queue may lead to it in several ways
  const walk = (pid: number, depth: number) => {
    for (const each of waiting) {
      if (!left.has(each.pid) || !(each.waitsFor?.blockedBy.includes(pid) ?? false)) continue
      left.delete(each.pid)
      sessions.push(sessionView(each, depth))
      walk(each.pid, depth + 1)
    }
  }
  walk(root.pid, 1)
  // those between it and the root are not among the ones kept
  for (const each of left.values()) sessions.push(sessionView(each, 1))
  return { sessions, release: releaseOf(root) }
}

export function incidentView(incident: BlockingIncident, now: Date): BlockingIncidentWire {
  const { id, startedAt, endedAt, peakWaiting, longestWaitMs, lostMs } = incident
  return {
    id,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    durationMs: Math.max(0, (endedAt ?? now).getTime() - startedAt.getTime()),
    handedOverFrom: incident.handedOverFrom ?? null,
    peakWaiting,
    longestWaitMs,
    lostMs,
    tree: treeView(incident.root, incident.waiting),
  }
}

function sessionView(session: BlockedSession, depth: number): BlockedSessionWire {
  const { startedAt, preparedAs, waitsFor, ...rest } = session
  return {
    ...rest,
    startedAt: startedAt?.toISOString() ?? null,
    preparedAs: preparedAs ?? null,
    waitsFor: waitsFor === null ? null : { ...waitsFor, blockedBy: [...waitsFor.blockedBy] },
    depth,
  }
}

/** For a person to run: an idle session has no statement to cancel. Null where it is no client's. */
export function releaseOf(session: {
  readonly pid: number
  readonly startedAt: Date | null
  readonly state: string | null
  readonly preparedAs?: string
  readonly user: string | null
}): ReleaseWire | null {
  if (session.preparedAs !== undefined && session.preparedAs !== '') {
    return {
      sql: `rollback prepared ${literal(session.preparedAs)};`,
      caution:
        'Run it in the database of the transaction, as its owner or a superuser. Whoever prepared it may mean to commit it: ask the transaction manager first.',
    }
  }
  if (session.pid === 0 || session.user === null) return null
  const isIdle = session.state?.startsWith('idle') ?? false
  const { sql, caution } = endSession(
    isIdle ? 'terminate' : 'cancel',
    session,
    isIdle ? 'Closes the session, since it runs nothing that could be cancelled.' : 'Ends the statement.',
  )
  return { sql: `${sql[0]};`, caution }
}
