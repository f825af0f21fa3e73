// Statements that samples see running for long, until they end: how long they ran at least, and what they waited for.

import type { Milliseconds } from '../../model/units.ts'
import { isActive, type SampledSession } from './sampled-session.ts'
import type { ActivitySample } from './sampler.ts'
import type { SeenText } from './seen-text.ts'

export interface SeenStatement {
  readonly session: SampledSession
  readonly text: SeenText | null
  readonly lastSeenAt: Date
  /** At the last sample that saw it: it ran a little longer. */
  readonly durationMs: Milliseconds
  /** `Lock:transactionid`, what most of the samples saw; null: on the processor. */
  readonly waitEvent: string | null
}

interface Seen {
  statement: SeenStatement
  readonly waits: Map<string | null, number>
}

/** Far above what a server's connections allow to run at once. */
const MAX_SEEN = 2_000

export class SeenStatements {
  readonly #fromMs: Milliseconds
  #seen = new Map<string, Seen>()

  constructor(fromMs: Milliseconds) {
    this.#fromMs = fromMs
  }

  /** Returns those that ended since the sample before. */
  note(sample: ActivitySample): readonly SeenStatement[] {
    const still = new Map<string, Seen>()
    for (const session of sample.sessions) {
      if (!isActive(session) || session.leaderPid !== null || session.backendType !== 'client backend')
        continue
      const durationMs = session.queryMs ?? 0
      if (durationMs < this.#fromMs || still.size >= MAX_SEEN) continue
      const key = `${session.pid}/${session.startedAt?.getTime()}/${session.queryKey}`
      const known = this.#seen.get(key)
      const waits = known?.waits ?? new Map<string | null, number>()
      const wait = session.waitType === null ? null : `${session.waitType}:${session.waitEvent}`
      waits.set(wait, (waits.get(wait) ?? 0) + 1)
      const [most] = [...waits].sort((a, b) => b[1] - a[1])
      still.set(key, {
        waits,
        statement: {
          session,
          text: sample.texts.get(session.pid) ?? known?.statement.text ?? null,
          lastSeenAt: sample.at,
          durationMs,
          waitEvent: most?.[0] ?? null,
        },
      })
    }
    const ended = [...this.#seen].filter(([key]) => !still.has(key)).map(([, { statement }]) => statement)
    this.#seen = still
    return ended
  }

  /** When sampling stops: what runs now is not seen to its end. */
  takeAll(): readonly SeenStatement[] {
    const all = [...this.#seen.values()].map(({ statement }) => statement)
    this.#seen = new Map()
    return all
  }
}
