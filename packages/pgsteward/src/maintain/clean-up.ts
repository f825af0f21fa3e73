// Drops what an interrupted build of ours left behind. It waits for nobody for long: what can't be dropped now is dropped the next time.

import type { MaintenanceStep, ObjectState } from '../model/maintenance.ts'
import type { Milliseconds } from '../model/units.ts'
import { openSession } from '../postgres/connect.ts'
import { qualified } from '../sql/quote.ts'
import { cleanUpRepack } from './clean-up-repack.ts'
import { leftOvers } from './left-overs.ts'
import { objectState } from './object-state.ts'

export interface CleanUpRequest {
  readonly url: string
  readonly step: MaintenanceStep
  /** As kept before the step began. */
  readonly before: ObjectState
  readonly onProgress: (text: string) => void
}

const LOCK_TIMEOUT_MS: Milliseconds = 2_000
const STATEMENT_TIMEOUT_MS: Milliseconds = 30_000

/** Names of what was dropped. The session that built must be gone: a build under way is invalid, too. */
export async function cleanUp({ url, step, before, onProgress }: CleanUpRequest): Promise<readonly string[]> {
  if (step.kind === 'pg-repack') return cleanUpRepack(url, step, onProgress)
  if (step.kind !== 'create-index' && step.kind !== 'reindex') return []
  const session = await openSession(url, {
    purpose: 'maintenance',
    isWriting: true,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  })
  try {
    const dropped: string[] = []
    for (const name of leftOvers(step, before, await objectState(session, step))) {
      onProgress(`drops ${name}, which an interrupted build left`)
      await session.query(
        'maintenance-clean-up',
        `drop index concurrently if exists ${qualified(step.relation.schema, name)}`,
      )
      dropped.push(name)
    }
    return dropped
  } finally {
    await session.close()
  }
}
