// Why a run must not be believed, as far as the engine itself can tell: what it could not send, or not in time.

import type { LoadRun } from '../../model/load-run.ts'
import type { Milliseconds } from '../../model/units.ts'

export interface EngineFacts {
  readonly ended: LoadRun['ended']
  /** Why, in words, when it did not run to its end. */
  readonly endedBecause: string
  readonly requests: number
  readonly errors: number
  readonly errorKinds: Readonly<Record<string, number>>
  /** Null: closed. */
  readonly offered: number | null
  readonly begun: number
  readonly dropped: number
  readonly threads: number
  /** Of the busiest thread. */
  readonly cpuRatio: number
  /** Share of measured seconds in which a thread had no processor to spare. */
  readonly starvedRatio: number
  readonly lagP99Ms: Milliseconds
  /** All requests, from the intended start and from sending. */
  readonly p95Ms: Milliseconds | null
  readonly serviceP95Ms: Milliseconds | null
  /** Flows whose `start` steps failed for some virtual users, with how many. */
  readonly unstarted: Readonly<Record<string, number>>
  /** Threads that died, with why. */
  readonly lostThreads: readonly { readonly why: string; readonly isOutOfMemory: boolean }[]
}

type Invalid = LoadRun['invalid'][number]

/** Limits of facts on load generators: achieved rate 99 %, errors 1 %, 80 % of a core (above it queueing in the generator shows). */
const LEAST_RATE = 0.99
const MOST_ERRORS = 0.01
const MOST_CPU = 0.8
/** Of seconds without a spare processor: in fewer the percentiles up to p95 are not touched. */
const MOST_STARVED = 0.05
/** What the generator itself may add to p95, and under which nobody minds: an event loop on a shared machine is late by that much. */
const MOST_ADDED = 0.1
const ADDED_MATTERS_MS: Milliseconds = 5

export function invalidReasons(facts: EngineFacts): Invalid[] {
  return [
    ...endings(facts),
    ...arrivals(facts),
    ...starved(facts),
    ...lag(facts),
    ...errors(facts),
    ...facts.lostThreads.map(
      ({ why, isOutOfMemory }): Invalid => ({
        reason: isOutOfMemory ? 'out-of-memory' : 'source-incomplete',
        detail: `A thread of the generator died: ${why}. What it and the others had measured until then is kept.`,
      }),
    ),
  ]
}

function endings({ ended, endedBecause }: EngineFacts): Invalid[] {
  if (ended === 'interrupted') return [{ reason: 'interrupted', detail: endedBecause }]
  if (ended === 'target-lost') return [{ reason: 'target-lost', detail: endedBecause }]
  return []
}

function arrivals({ offered, begun, dropped }: EngineFacts): Invalid[] {
  if (offered === null) return []
  if (dropped > 0)
    return [
      {
        reason: 'dropped-arrivals',
        detail: `${dropped} of ${offered} arrivals were dropped: maxInFlight iterations were under way. The latencies leave out the slowest.`,
      },
    ]
  // of a short run one arrival is more than a hundredth, and the last of them may fall to its end
  if (begun < Math.min(offered - 1, offered * LEAST_RATE))
    return [
      {
        reason: 'rate-not-reached',
        detail: `${begun} of ${offered} arrivals were begun, under ${LEAST_RATE * 100} %: the generator did not keep up. More --threads, or a machine of its own.`,
      },
    ]
  return []
}

function starved({ cpuRatio, starvedRatio, threads }: EngineFacts): Invalid[] {
  const percent = (ratio: number) => `${Math.round(ratio * 100)} %`
  const remedy = `Give it more --threads (now ${threads}), or a lower rate.`
  if (cpuRatio > MOST_CPU)
    return [
      {
        reason: 'generator-starved',
        detail: `The generator used ${percent(cpuRatio)} of a core; over ${percent(MOST_CPU)} its own queue is measured. ${remedy}`,
      },
    ]
  if (starvedRatio > MOST_STARVED)
    return [
      {
        reason: 'generator-starved',
        detail: `In ${percent(starvedRatio)} of the seconds the generator used a whole core. ${remedy}`,
      },
    ]
  return []
}

function lag({ p95Ms, serviceP95Ms, lagP99Ms, offered }: EngineFacts): Invalid[] {
  if (offered === null || p95Ms === null || serviceP95Ms === null) return []
  const addedMs = p95Ms - serviceP95Ms
  if (addedMs <= ADDED_MATTERS_MS || addedMs <= serviceP95Ms * MOST_ADDED) return []
  return [
    {
      reason: 'schedule-lag',
      detail: `Arrivals were begun late (p99 ${lagP99Ms.toFixed(1)} ms), which added ${addedMs.toFixed(1)} ms to a p95 of ${serviceP95Ms.toFixed(1)} ms. The machine is too busy for this rate.`,
    },
  ]
}

function errors({ requests, errors, errorKinds, unstarted }: EngineFacts): Invalid[] {
  const found: Invalid[] = []
  if (requests > 0 && errors > requests * MOST_ERRORS) {
    const kinds = Object.entries(errorKinds)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 4)
      .map(([kind, times]) => `${kind}: ${times}`)
    found.push({
      reason: 'too-many-errors',
      detail: `${errors} of ${requests} requests failed (${kinds.join(', ')}), over ${MOST_ERRORS * 100} %. Latencies are of the others alone.`,
    })
  }
  for (const [flow, users] of Object.entries(unstarted))
    found.push({
      reason: 'too-many-errors',
      detail: `${users} virtual users failed in the start steps of the flow "${flow}".`,
    })
  return found
}
