// A step whose process ended in the middle, found again by its mark: its session is ended if it still works unguarded, what it did is
// judged by what is there, and what it left is removed. So nothing runs twice.

import type { MaintenanceStep, RunMark, StepResult } from '../model/maintenance.ts'
import type { Milliseconds } from '../model/units.ts'
import { openSession, type Session } from '../postgres/connect.ts'
import { cleanUp } from './clean-up.ts'
import { repackName } from './repack-client.ts'
import { effectSeen } from './run-step.ts'

export interface RecoverRequest {
  readonly url: string
  readonly step: MaintenanceStep
  readonly mark: RunMark
  readonly onProgress: (text: string) => void
  /** For how long an orphaned session is waited for. Default: a minute. */
  readonly withinMs?: Milliseconds
}

const ORPHAN_WITHIN_MS: Milliseconds = 60_000
const ASK_AGAIN_MS: Milliseconds = 250

/** 'done' or 'interrupted'; also 'interrupted' while its session can't be ended, with nothing touched. Rejects when it can't connect. */
export async function recoverStep(request: RecoverRequest): Promise<StepResult> {
  const { url, step, mark, onProgress } = request
  const started = performance.now()
  const session = await openSession(url, { purpose: 'maintenance guard' })
  const result = (more: Pick<StepResult, 'outcome' | 'because' | 'after' | 'cleaned'>): StepResult => ({
    before: mark.before,
    notices: [],
    tookMs: performance.now() - started,
    ...more,
  })
  try {
    if (!(await isGone(session, request)))
      return result({
        outcome: 'interrupted',
        because: `Its session ${mark.pid} does not end.`,
        after: null,
        cleaned: [],
      })
    const { after, effect } = await effectSeen(session, step, mark.before, 0)
    const isDone = effect.isDone && step.kind !== 'table-settings'
    const cleaned = await cleanUp({ url, step, before: mark.before, onProgress })
    return result({
      outcome: isDone ? 'done' : 'interrupted',
      because: isDone
        ? `${effect.because} pgsteward was interrupted meanwhile.`
        : 'pgsteward was interrupted.',
      after,
      cleaned,
    })
  } finally {
    await session.close()
  }
}

/** Nobody guards what an orphan does, so it is cancelled. */
async function isGone(session: Session, { mark, onProgress, withinMs }: RecoverRequest): Promise<boolean> {
  for (let waitedMs = 0; waitedMs <= (withinMs ?? ORPHAN_WITHIN_MS); waitedMs += ASK_AGAIN_MS) {
    const { rows } = await session.query(
      'maintenance-orphan',
      `select pg_catalog.pg_terminate_backend(a.pid) from pg_catalog.pg_stat_activity a
        where (a.pid = $1 and a.backend_start = $2::timestamptz) or a.application_name = $3`,
      // a program goes on without the pgsteward that led it
      [mark.pid, mark.backendStart, repackName(mark.pid)],
    )
    if (rows.length === 0) return true
    onProgress(`ends session ${mark.pid}, which an earlier pgsteward left at work`)
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
  }
  return false
}
