// Looks around several times a second while a statement of ours runs, and cancels it when others need the way or its window ends.

import type { GiveWayLimits } from '../model/maintenance.ts'
import type { Milliseconds } from '../model/units.ts'
import type { Session } from '../postgres/connect.ts'
import { reasonToGiveWay, type Surroundings, surroundings } from './give-way.ts'

/** A wait is seen at most this long after it reached the limit. */
const EVERY_MS: Milliseconds = 150
/** A cancelled statement that goes on is cancelled again: the first may have come between two statements. */
const AGAIN_MS: Milliseconds = 1_000

export interface GuardOptions {
  /** Of its own: the guarded one is busy. */
  readonly session: Session
  readonly pid: number
  /** Of sessions that a program leads for it; null: there are none. */
  readonly application: string | null
  /** Ends that program; null: the session is cancelled. */
  readonly interrupt: (() => void) | null
  readonly limits: GiveWayLimits
  readonly until: Date
  readonly now: () => Date
  readonly signal: AbortSignal
  /** What it does or waits for, when that changes. */
  readonly onProgress: (text: string) => void
  /** The guard itself is blind: what it guards must not go on. */
  readonly onBlind: () => void
}

export interface Guarded {
  /** Why the statement was cancelled; null: it was not. */
  readonly gaveWay: string | null
  /** The last that it waited for. */
  readonly waitedFor: string | null
}

/** Guards until `stop`, which tells what happened. */
export function guard(options: GuardOptions): { readonly stop: () => Promise<Guarded> } {
  let isOver = false
  let gaveWay: string | null = null
  let waitedFor: string | null = null
  let told = ''
  let wake: () => void = () => undefined

  const look = async (): Promise<Milliseconds> => {
    const around = await surroundings(options.session, options.pid, options.application)
    // a program may be between two statements
    if (isOver || (!around.isRunning && options.interrupt === null)) return EVERY_MS
    const text = progressText(around)
    if (text !== told && text !== '') options.onProgress(text)
    told = text
    if (around.waitsFor !== null) waitedFor = nameOf(around.waitsFor)
    gaveWay ??= options.signal.aborted
      ? 'pgsteward is stopping'
      : options.now() >= options.until
        ? 'the maintenance window is over'
        : reasonToGiveWay(around, options.limits)
    if (gaveWay === null) return EVERY_MS
    if (options.interrupt !== null) options.interrupt()
    else
      await options.session.query('maintenance-cancel', 'select pg_catalog.pg_cancel_backend($1)', [
        options.pid,
      ])
    return AGAIN_MS
  }

  const rounds = (async () => {
    while (!isOver) {
      const waitMs = await look()
      if (!isOver)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, waitMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
    }
  })().catch(() => {
    if (isOver) return
    gaveWay ??= 'nothing could be seen of what goes on around it'
    options.onBlind()
  })

  return {
    stop: async () => {
      isOver = true
      wake()
      await rounds
      return { gaveWay, waitedFor }
    },
  }
}

function progressText({ waitsFor, progress }: Surroundings): string {
  const waits = waitsFor === null ? '' : `waits for ${nameOf(waitsFor)}`
  return [progress ?? '', waits].filter((part) => part !== '').join('; ')
}

function nameOf({ pid, application }: { readonly pid: number; readonly application: string }): string {
  return application === '' ? `session ${pid}` : `${application} (session ${pid})`
}
