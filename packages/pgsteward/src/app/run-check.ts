// check: one shot, or a short watch, without a store. Facts that only a store can answer are skipped, and say so.

import { collectFor } from '../collect/collect-for.ts'
import { Collector } from '../collect/collector.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { withoutSustained } from '../evaluate/without-sustained.ts'
import { ALL_FACTS } from '../facts/all.ts'
import type { AnyCheck } from '../model/check.ts'
import type { CheckReport } from '../model/check-report.ts'
import type { Snapshot } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'
import { openSession } from '../postgres/connect.ts'
import { addressOf } from '../postgres/connect-error.ts'
import { buildCheckReport } from '../report/check-report/build-check-report.ts'

export interface CheckRequest {
  readonly url: string
  readonly checks: readonly AnyCheck[]
  /** Parsed options by check id. */
  readonly options: ReadonlyMap<string, unknown>
  /** 0: one shot. */
  readonly forMs: Milliseconds
  readonly everyMs: Milliseconds
  readonly statementTimeoutMs?: Milliseconds
  readonly lockTimeoutMs?: Milliseconds
  readonly now: () => Date
  readonly signal: AbortSignal
  readonly onProgress?: (elapsedMs: Milliseconds, ofMs: Milliseconds) => void
}

/** Ends early, with what it has, when the signal is aborted after the first reading. */
export async function runCheck(request: CheckRequest): Promise<CheckReport> {
  return (await readAndCheck(request)).report
}

/** With what was read, for commands that need more of it than what was found. */
export async function readAndCheck(
  request: CheckRequest,
): Promise<{ readonly report: CheckReport; readonly snapshot: Snapshot }> {
  const { url, checks, options, forMs, everyMs, now, signal } = request
  const collector = new Collector({
    target: { id: addressOf(url), url, labels: {} },
    facts: ALL_FACTS,
    open: (target) =>
      openSession(target.url, {
        purpose: 'check',
        ...(request.statementTimeoutMs === undefined
          ? {}
          : { statementTimeoutMs: request.statementTimeoutMs }),
        ...(request.lockTimeoutMs === undefined ? {} : { lockTimeoutMs: request.lockTimeoutMs }),
      }),
    intervalMs: Math.max(forMs, everyMs) + everyMs,
    everyMs,
  })
  try {
    const { snapshot, watchedMs, cost } = await collectFor(collector, {
      forMs,
      everyMs,
      signal,
      clock: now,
      ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
    })
    const outcomes = await evaluate(checks, snapshot, null, { options, everything: true }, now())
    const report = buildCheckReport(
      {
        address: addressOf(url),
        server: snapshot.server,
        takenAt: snapshot.takenAt,
        watchedSeconds: Math.round(watchedMs / 1000),
        outcomes: withoutSustained(outcomes),
        cost,
      },
      checks,
    )
    return { report, snapshot }
  } finally {
    await collector.close()
  }
}
