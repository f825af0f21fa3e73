// Follows blocking from sample to sample: what begins, lasts and ends, with its worst moment and the time that was lost.
//
// An incident belongs to one root: one transaction that others waited behind for a second or longer. When it lets go and the queue
// stays, behind one that had waited itself, that is another incident with another cause and another remedy; it names the one before
// (`handedOverFrom`). Rows that many update in turn change their root with each commit: as long as none holds it for a second there
// is no incident, and the waits by statement tell.

import type { BlockedSession, BlockingIncident } from '../../model/activity.ts'
import type { Milliseconds } from '../../model/units.ts'
import { type BlockingTree, blockingTrees } from './blocking-tree.ts'
import type { ActivitySample } from './sampler.ts'

export interface IncidentTrackerOptions {
  /** Shorter waits behind one root are the ordinary price of sharing rows. */
  readonly fromMs: Milliseconds
}

const MOST_WAITING = 50
const MOST_AT_ONCE = 50
/** One sample may miss a chain that moves while it is read. */
const MISSED_SAMPLES = 1
const GAP_MS = 10_000

interface Followed {
  readonly rootKey: string
  readonly firstSeenAt: Date
  /** Of those that waited behind another root in the sample before: the time since this one is their root. */
  readonly inherited: ReadonlySet<number>
  incident: BlockingIncident | null
  /** At the latest sample that saw it. */
  waiting: readonly BlockedSession[]
  lastSeenAt: Date
  missed: number
  handedOverFrom: string | null
}

export class IncidentTracker {
  readonly #options: IncidentTrackerOptions
  #followed = new Map<string, Followed>()
  #previousAt: Date | null = null
  /** Pid to the incident in whose queue it stood, of those that ended with the sample before. */
  #leftBehind = new Map<number, string>()
  #trees: readonly BlockingTree[] = []

  constructor(options: IncidentTrackerOptions) {
    this.#options = options
  }

  /** As the latest sample saw them. */
  get trees(): readonly BlockingTree[] {
    return this.#trees
  }

  live(): readonly BlockingIncident[] {
    return [...this.#followed.values()].flatMap(({ incident }) => incident ?? [])
  }

  /** Returns the incidents that began or ended with this sample. */
  note(sample: ActivitySample): readonly BlockingIncident[] {
    const { at, edges } = sample
    if (edges === null) return []
    const trees = blockingTrees({ ...sample, edges }).slice(0, MOST_AT_ONCE)
    const sinceMs =
      this.#previousAt === null ? 0 : Math.min(GAP_MS, Math.max(0, at.getTime() - this.#previousAt.getTime()))
    const stoodBehind = new Map(
      [...this.#followed.values()].flatMap((each) =>
        each.waiting.map(({ pid }) => [pid, each.rootKey] as const),
      ),
    )
    const changed: BlockingIncident[] = [...this.#endThoseGone(trees, at)]
    for (const tree of trees) {
      const known = this.#followed.get(tree.rootKey)
      const followed = known ?? this.#begin(tree, at, stoodBehind, sinceMs)
      const isNew = followed.incident === null
      this.#follow(followed, tree, at, known === undefined ? 0 : sinceMs)
      if (isNew && followed.incident !== null) changed.push(followed.incident)
    }
    this.#previousAt = at
    this.#trees = trees
    return changed
  }

  /** When sampling stops: what lasts is not seen to its end. */
  endAll(): readonly BlockingIncident[] {
    const ended = [...this.#followed.values()].flatMap((each) => this.#end(each))
    this.#followed = new Map()
    this.#trees = []
    this.#previousAt = null
    return ended
  }

  #endThoseGone(trees: readonly BlockingTree[], at: Date): readonly BlockingIncident[] {
    const here = new Set(trees.map((each) => each.rootKey))
    const ended: BlockingIncident[] = []
    this.#leftBehind = new Map()
    for (const followed of [...this.#followed.values()]) {
      if (here.has(followed.rootKey)) continue
      followed.missed += 1
      // when its queue stands behind somebody else, it is gone for sure
      const hasMoved = trees.some(({ root, waiting }) =>
        followed.waiting.some(({ pid }) => pid === root.pid || waiting.some((each) => each.pid === pid)),
      )
      if (followed.missed <= MISSED_SAMPLES && !hasMoved && followed.lastSeenAt < at) continue
      this.#followed.delete(followed.rootKey)
      ended.push(...this.#end(followed))
      const from = followed.incident?.id ?? followed.handedOverFrom
      if (from !== null) for (const { pid } of followed.waiting) this.#leftBehind.set(pid, from)
    }
    return ended
  }

  #end(followed: Followed): readonly BlockingIncident[] {
    return followed.incident === null ? [] : [{ ...followed.incident, endedAt: followed.lastSeenAt }]
  }

  #begin(
    tree: BlockingTree,
    at: Date,
    stoodBehind: ReadonlyMap<number, string>,
    sinceMs: Milliseconds,
  ): Followed {
    const followed: Followed = {
      rootKey: tree.rootKey,
      firstSeenAt: at,
      // a wait that began after that sample is another one
      inherited: new Set(
        tree.waiting
          .filter(({ pid, waitsFor }) => stoodBehind.has(pid) && (waitsFor?.waitedMs ?? 0) > sinceMs)
          .map(({ pid }) => pid),
      ),
      incident: null,
      waiting: [],
      lastSeenAt: at,
      missed: 0,
      handedOverFrom: this.#leftBehind.get(tree.root.pid) ?? null,
    }
    this.#followed.set(tree.rootKey, followed)
    return followed
  }

  #follow(followed: Followed, { root, waiting }: BlockingTree, at: Date, sinceMs: Milliseconds): void {
    followed.waiting = waiting
    followed.lastSeenAt = at
    followed.missed = 0
    const longestWaitMs = Math.max(0, ...waiting.map((each) => behindMs(followed, each, at)))
    const before = followed.incident
    if (before === null) {
      if (longestWaitMs < this.#options.fromMs) return
      const startedAt = new Date(at.getTime() - longestWaitMs)
      followed.incident = {
        id: `${startedAt.getTime().toString(36)}-${root.preparedAs ?? root.pid}`,
        startedAt,
        endedAt: null,
        ...(followed.handedOverFrom === null ? {} : { handedOverFrom: followed.handedOverFrom }),
        root,
        waiting: waiting.slice(0, MOST_WAITING),
        peakWaiting: waiting.length,
        longestWaitMs,
        lostMs: waiting.reduce((sum, each) => sum + behindMs(followed, each, at), 0),
      }
      return
    }
    const isWorse = waiting.length >= before.peakWaiting
    followed.incident = {
      ...before,
      // what the root runs or ran at the worst moment; a text once known stays
      root: isWorse || before.root.query === '' ? withText(root, before.root) : before.root,
      waiting: isWorse ? waiting.slice(0, MOST_WAITING) : before.waiting,
      peakWaiting: Math.max(before.peakWaiting, waiting.length),
      longestWaitMs: Math.max(before.longestWaitMs, longestWaitMs),
      lostMs: before.lostMs + waiting.length * sinceMs,
    }
  }
}

/** Waited so far behind this root: not the time behind others before it. */
function behindMs({ inherited, firstSeenAt }: Followed, { pid, waitsFor }: BlockedSession, at: Date): number {
  const waitedMs = waitsFor?.waitedMs ?? 0
  return inherited.has(pid) ? Math.min(waitedMs, at.getTime() - firstSeenAt.getTime()) : waitedMs
}

function withText(now: BlockedSession, before: BlockedSession): BlockedSession {
  return now.query === '' ? { ...now, query: before.query, caller: before.caller } : now
}
