// One step, from looking around to proof: begun only when nothing stands against it, cancelled when others need the way, its left-overs
// removed, and called done by its effect alone.

import { StewardError } from '../model/error.ts'
import type {
  GiveWayLimits,
  MaintenanceStep,
  ObjectState,
  RunMark,
  StepKind,
  StepOutcome,
  StepResult,
} from '../model/maintenance.ts'
import type { Milliseconds } from '../model/units.ts'
import { openSession, type Session } from '../postgres/connect.ts'
import { cleanUp } from './clean-up.ts'
import { type Effect, effectOf, isDoneAlready, obstacle } from './effect.ts'
import { endSessions } from './end-sessions.ts'
import { reasonToGiveWay, surroundings } from './give-way.ts'
import { type Guarded, guard } from './guard.ts'
import { objectState } from './object-state.ts'
import { isDetachedConcurrently } from './partition-step.ts'
import { missingFor, startStep } from './run-statement.ts'
import { ownTarget } from './target-lock.ts'
import { requireWarrant, type Warrant } from './warrant.ts'

export interface StepRequest {
  /** The write-capable one. */
  readonly url: string
  readonly step: MaintenanceStep
  readonly warrant: Warrant
  readonly limits: GiveWayLimits
  /** For how long a concurrent build waits for old transactions and other commands on its table. It stands in nobody's way meanwhile. */
  readonly waitMs: Milliseconds
  readonly now: () => Date
  readonly signal: AbortSignal
  /** What was there before the first attempt at this step: by it left-overs of earlier ones are known. Null: this is the first. */
  readonly earlier: ObjectState | null
  /** Resolves when it is kept for good: nothing is changed before. */
  readonly onStart: (mark: RunMark) => Promise<void>
  readonly onProgress: (text: string) => void
  /** pg_repack's client, by name or whole path. Default: pg_repack. */
  readonly repackProgram?: string
}

/** A lock that others' statements may have to wait behind us for: we don't stand in line for long. */
const LOCK_TIMEOUT_MS: Milliseconds = 500
/** PostgreSQL 14 collects statistics in the background. */
const EFFECT_WITHIN_MS: Milliseconds = 5_000
const WARNED_WITHIN_MS: Milliseconds = 500
const ASK_AGAIN_MS: Milliseconds = 100

/**
 * Rejects with 'maintenance-refused' without a warrant, and with the errors of connecting. After `onStart` a rejection says that nobody
 * knows what the server did: recoverStep finds out. Everything else is told in the result.
 */
export async function runStep(request: StepRequest): Promise<StepResult> {
  const { url, step, warrant, now } = request
  requireWarrant(warrant, now(), step)
  const limits = { ...request.limits, blockedMs: Math.max(request.limits.blockedMs, step.othersWaitMs ?? 0) }
  const notices: string[] = []
  const broken = new AbortController()
  const watching = await openSession(url, { purpose: 'maintenance guard' })
  let working: Session | null = null
  const started = performance.now()
  const ended = (outcome: StepOutcome, because: string, more: Partial<StepResult> = {}): StepResult => ({
    outcome,
    because,
    before: null,
    after: null,
    notices,
    cleaned: [],
    tookMs: performance.now() - started,
    ...more,
  })
  try {
    working = await openSession(url, {
      purpose: 'maintenance',
      isWriting: true,
      statementTimeoutMs: Math.max(1, warrant.until.getTime() - now().getTime()),
      lockTimeoutMs: isConcurrent(step) ? request.waitMs : LOCK_TIMEOUT_MS,
      onNotice: (text) => notices.push(text),
      signal: broken.signal,
    })
    const own = await ownTarget(working)
    if (own === null) return ended('gave-way', 'Another pgsteward maintains this database just now.')
    const program = request.repackProgram ?? 'pg_repack'
    const missing = await missingFor(step, working, program)
    if (missing !== null) return ended('failed', missing)
    const first = await cleanedBefore(request)
    if (first === null) return ended('gave-way', 'What an earlier attempt left cannot be dropped just now.')
    const before = await objectState(working, step)
    const already = isDoneAlready(step, before)
    if (already !== null) return ended('done', already, { before, after: before })
    const against = obstacle(step, before)
    if (against !== null) return ended('failed', against, { before, after: before })
    const busy = reasonToGiveWay(await surroundings(watching, own.pid), limits)
    if (busy !== null) return ended('gave-way', sentence(busy, 'not begun'), { before, after: before })
    await request.onStart({ ...own, before })

    const running = startStep(step, working, { url, pid: own.pid, program, notices, before })
    const guarding = guard({
      session: watching,
      pid: own.pid,
      application: running.application,
      interrupt: running.interrupt,
      limits,
      until: warrant.until,
      now,
      signal: request.signal,
      onProgress: request.onProgress,
      onBlind: () => {
        running.interrupt?.()
        broken.abort()
      },
    })
    let error: unknown = null
    try {
      await running.ended
    } catch (thrown) {
      error = thrown
    }
    const guarded = await guarding.stop()
    // the server may go on without us: only when its session is gone can it be judged
    if (error instanceof StewardError) throw error
    if (running.application !== null) await endSessions(watching, running.application)
    const { after, effect } = await effectSeen(watching, step, before, patience(error, notices))
    if (effect.isDone && (error === null || step.kind !== 'table-settings'))
      return ended('done', effect.because, { before, after, ...(await cleaned(request, before)) })
    const [outcome, because] =
      error === null && guarded.gaveWay === null ? unmoved(effect, notices) : explain(step, error, guarded)
    return ended(outcome, because, { before, after, ...(await cleaned(request, before)) })
  } finally {
    await working?.close()
    await watching.close()
  }
}

function patience(error: unknown, notices: readonly string[]): Milliseconds {
  if (error !== null) return 0
  return notices.some(isWarning) ? WARNED_WITHIN_MS : EFFECT_WITHIN_MS
}

function isWarning(notice: string): boolean {
  return notice.startsWith('WARNING')
}

/** Names of what was dropped; null: it could not be, since others use it or stand in its way. */
function cleanedBefore({ url, step, earlier, onProgress }: StepRequest): Promise<readonly string[] | null> {
  if (earlier === null) return Promise.resolve([])
  return cleanUp({ url, step, before: earlier, onProgress }).catch(() => null)
}

/** By another session: the one that worked may be gone. */
async function cleaned(
  { url, step, onProgress }: StepRequest,
  before: ObjectState,
): Promise<Pick<StepResult, 'cleaned'>> {
  return { cleaned: await cleanUp({ url, step, before, onProgress }).catch(() => []) }
}

const CONCURRENT_KINDS: readonly StepKind[] = ['create-index', 'reindex', 'drop-index', 'repack']

function isConcurrent(step: MaintenanceStep): boolean {
  return CONCURRENT_KINDS.includes(step.kind) || isDetachedConcurrently(step)
}

export async function effectSeen(
  session: Session,
  step: MaintenanceStep,
  before: ObjectState,
  withinMs: Milliseconds,
): Promise<{ readonly after: ObjectState; readonly effect: Effect }> {
  const isCounted = step.kind === 'analyze' || step.kind === 'vacuum'
  for (let waitedMs = 0; ; waitedMs += ASK_AGAIN_MS) {
    const after = await objectState(session, step)
    const effect = effectOf(step, before, after)
    if (effect.isDone || !isCounted || waitedMs >= withinMs) return { after, effect }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
  }
}

/** It ran without an error and nothing happened: the warning says why. */
function unmoved(effect: Effect, notices: readonly string[]): readonly [StepOutcome, string] {
  const warning = notices.find(isWarning)
  return ['failed', warning === undefined ? effect.because : `${effect.because} ${warning}`]
}

function explain(
  { relation, table }: MaintenanceStep,
  error: unknown,
  { gaveWay, waitedFor }: Guarded,
): readonly [StepOutcome, string] {
  if (gaveWay !== null) return ['gave-way', sentence(gaveWay, 'cancelled')]
  const { code, message } = error as { code?: string; message: string }
  if (code === '55P03')
    return ['gave-way', `It waited too long${waitedFor === null ? ' for a lock' : ` for ${waitedFor}`}.`]
  if (code === '40P01') return ['gave-way', 'It would have been a deadlock with somebody.']
  if (code === '57014' && /statement timeout/.test(message))
    return ['gave-way', 'The maintenance window is over: cancelled.']
  if (code === '57014') return ['failed', 'Somebody cancelled it.']
  if (code === '23514' && table !== null)
    return [
      'failed',
      `Rows of ${relation.name} are in the default partition of ${table.name}, or rows of it are of another range: move them first. ${message} (${code})`,
    ]
  return ['failed', `${message}${code === undefined ? '' : ` (${code})`}`]
}

function sentence(reason: string, end: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}: ${end}.`
}
