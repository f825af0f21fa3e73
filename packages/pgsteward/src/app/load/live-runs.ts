// Runs under way, as their senders tell: in the memory of the server alone, bounded in number and in moments.

import type { RunMoment } from '../../model/load-run.ts'
import type { LiveRunWire, MomentsReportWire } from '../../model/load-wire.ts'
import type { Milliseconds } from '../../model/units.ts'
import { thinMoments } from '../../store/load/load-thin.ts'

const MOST_RUNS = 20
/** An hour in full; a longer run in half the grain, and so on. */
const MOST_MOMENTS = 3_600
/** A run tells something every second. */
const SILENT_MS: Milliseconds = 15_000
/** Its sender is gone: nobody waits for it any more. */
const FORGOTTEN_MS: Milliseconds = 600_000
const REMEMBERED_ENDS = 200

interface Live {
  readonly about: Omit<MomentsReportWire, 'moments'>
  moments: RunMoment[]
  requests: number
  errors: number
  heardAt: Date
}

export type LiveRun = LiveRunWire & { readonly moments: RunMoment[] }

export class LiveRuns {
  readonly #runs = new Map<string, Live>()
  readonly #ended = new Set<string>()

  receive(id: string, { moments, ...about }: MomentsReportWire, now: Date): void {
    // moments that were on their way when the run was
    if (this.#ended.has(id)) return
    this.#forget(now)
    const live = this.#runs.get(id) ?? { about, moments: [], requests: 0, errors: 0, heardAt: now }
    live.heardAt = now
    for (const moment of moments) {
      const before = live.moments.at(-1)?.atMs ?? 0
      // sent again because the answer was lost
      if (live.moments.length > 0 && moment.atMs <= before) continue
      live.requests += (moment.requestsPerSecond * (moment.atMs - before)) / 1000
      live.errors += moment.errors
      live.moments.push(moment)
    }
    if (live.moments.length > MOST_MOMENTS) live.moments = thinMoments(live.moments, MOST_MOMENTS / 2)
    // the latest heard of is the last of the map
    this.#runs.delete(id)
    this.#runs.set(id, live)
    for (const oldest of this.#runs.keys()) {
      if (this.#runs.size <= MOST_RUNS) break
      this.#runs.delete(oldest)
    }
  }

  end(id: string): void {
    this.#runs.delete(id)
    this.#ended.add(id)
    for (const first of this.#ended) {
      if (this.#ended.size <= REMEMBERED_ENDS) break
      this.#ended.delete(first)
    }
  }

  /** The latest begun first. */
  list(now: Date): readonly LiveRunWire[] {
    this.#forget(now)
    return [...this.#runs]
      .map(([id, live]) => view(id, live, now))
      .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))
  }

  find(id: string, now: Date): LiveRun | null {
    this.#forget(now)
    const live = this.#runs.get(id)
    return live === undefined ? null : { ...view(id, live, now), moments: live.moments }
  }

  #forget(now: Date): void {
    for (const [id, { heardAt }] of this.#runs)
      if (now.getTime() - heardAt.getTime() > FORGOTTEN_MS) this.#runs.delete(id)
  }
}

function view(id: string, live: Live, now: Date): LiveRunWire {
  return {
    id,
    ...live.about,
    heardAt: live.heardAt.toISOString(),
    isSilent: now.getTime() - live.heardAt.getTime() > SILENT_MS,
    requests: Math.round(live.requests),
    errors: live.errors,
    latest: live.moments.at(-1) ?? null,
  }
}
