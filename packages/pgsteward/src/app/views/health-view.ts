// Whether pgsteward itself works, which is whether its store answers, and takes what is read.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Milliseconds } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'
import type { Watcher } from '../watcher.ts'

export interface Health {
  readonly status: 'ok' | 'failing'
  readonly because?: string
  readonly targets: Readonly<Record<string, string>>
}

/** Who asks for health gives up after some ten seconds, and would not learn why. */
const WITHIN_MS = 5_000

/** Of pgsteward itself: a target that is down is what it is there to report, and makes it no less healthy. */
export async function healthView(
  store: Pick<Store, 'findings'>,
  watchers: readonly Pick<Watcher, 'target' | 'state'>[],
  withinMs: Milliseconds = WITHIN_MS,
): Promise<Health> {
  const targets = Object.fromEntries(watchers.map(({ target, state }) => [target.id, state.status]))
  const answered = new AbortController()
  const late = sleep(withinMs, undefined, { signal: answered.signal }).then(
    () => `no answer within ${withinMs / 1000} s`,
    () => null,
  )
  const answer = store.findings({ limit: 1 }).then(
    () => null,
    (error: Error) => error.message,
  )
  const silent = await Promise.race([answer, late])
  answered.abort()
  // a full disk can still be read from
  const because = silent ?? watchers.find(({ state }) => state.storeFails !== null)?.state.storeFails ?? null
  return because === null
    ? { status: 'ok', targets }
    : { status: 'failing', because: `the store: ${because}`, targets }
}
