// Opens a session as an application would, asks for one row, and closes it: what a running session never notices is that no new one
// gets in.

import { StewardError } from '../../model/error.ts'
import type { Milliseconds } from '../../model/units.ts'
import { openSession } from '../../postgres/connect.ts'
import { type ProbeFinding, within } from './attempt.ts'

export interface DatabaseProbe {
  readonly url: string
  /** For all of it. */
  readonly timeoutMs: Milliseconds
}

export async function databaseProbe(
  { url, timeoutMs }: DatabaseProbe,
  signal: AbortSignal,
): Promise<ProbeFinding> {
  const started = performance.now()
  const timeout = AbortSignal.timeout(timeoutMs)
  let connectedMs: Milliseconds | null = null
  const finding = (error: string | null): ProbeFinding => {
    const tookMs = performance.now() - started
    return {
      isUp: error === null,
      error,
      tookMs,
      phases: connectedMs === null ? {} : { connect: connectedMs, answer: tookMs - connectedMs },
      status: null,
      certificateExpiresAt: null,
    }
  }
  try {
    const session = await openSession(url, {
      purpose: 'probe',
      connectTimeoutMs: timeoutMs,
      statementTimeoutMs: timeoutMs,
      signal: AbortSignal.any([signal, timeout]),
    })
    connectedMs = performance.now() - started
    try {
      await session.query('probe', 'select 1')
      return finding(null)
    } finally {
      await session.close()
    }
  } catch (error) {
    if (timeout.aborted || (error as StewardError).code === 'target-timeout')
      return finding(`no answer within ${within(timeoutMs)}${connectedMs === null ? ': no session' : ''}`)
    return finding(error instanceof StewardError ? error.message : (error as Error).message)
  }
}
