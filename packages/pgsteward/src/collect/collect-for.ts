// A short watch: readings over a few minutes, of which the last snapshot is judged. For `pgsteward check --for 3m --every 10s`.

import type { CollectionCost, Snapshot } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'
import type { Collector } from './collector.ts'

export interface CollectForOptions {
  /** 0: one shot, a single round. */
  readonly forMs: Milliseconds
  readonly everyMs: Milliseconds
  /** Ends the watch early, with what there is; before the first reading is done it changes nothing. */
  readonly signal?: AbortSignal
  /** About once a second. */
  readonly onProgress?: (elapsedMs: Milliseconds, ofMs: Milliseconds) => void
  readonly clock: () => Date
}

export interface Watched {
  readonly snapshot: Snapshot
  readonly watchedMs: Milliseconds
  /** Of all rounds together. */
  readonly cost: CollectionCost
  /** Rounds in between that failed: the target was away for a while. */
  readonly failedRounds: number
}

/** The first and the last round read everything, those between what is due. Throws when the first or the last fails. */
export async function collectFor(collector: Collector, options: CollectForOptions): Promise<Watched> {
  const { forMs, everyMs, signal, clock } = options
  const startedAt = clock()
  const elapsedMs = () => clock().getTime() - startedAt.getTime()
  let snapshot = await collector.collect(startedAt, { everything: true })
  let cost = snapshot.cost
  let failedRounds = 0
  for (let isLast = forMs <= 0; !isLast; ) {
    await waitUntil(Math.min(elapsedMs() + everyMs, forMs), elapsedMs, options)
    isLast = elapsedMs() >= forMs || signal?.aborted === true
    try {
      snapshot = await collector.collect(clock(), { everything: isLast })
      cost = addCosts(cost, snapshot.cost)
    } catch (error) {
      if (isLast) throw error
      failedRounds += 1
    }
  }
  return { snapshot, watchedMs: elapsedMs(), cost, failedRounds }
}

async function waitUntil(
  endMs: Milliseconds,
  elapsedMs: () => Milliseconds,
  { forMs, signal, onProgress }: CollectForOptions,
): Promise<void> {
  while (!signal?.aborted) {
    onProgress?.(Math.min(elapsedMs(), forMs), forMs)
    const leftMs = endMs - elapsedMs()
    if (leftMs <= 0) return
    await pause(Math.min(leftMs, 1_000), signal)
  }
}

function pause(ms: Milliseconds, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}

export function addCosts(a: CollectionCost, b: CollectionCost): CollectionCost {
  return {
    statements: a.statements + b.statements,
    rows: a.rows + b.rows,
    bytes: a.bytes + b.bytes,
    tookMs: a.tookMs + b.tookMs,
  }
}
