// The application's connection pools while a run goes on, from @pgsteward/instrument's debug route where it answers.

import type { DatabaseEvidence } from '../../model/load-run.ts'
import { DurationSums, percentileOf } from '../../stats/duration-histogram.ts'

export interface WatchedApplication {
  readonly pools: DatabaseEvidence['pools']
  /** By fingerprint of the statement, the route in which most of its time went. */
  readonly routeOf: ReadonlyMap<string, string>
}

export interface PoolWatch {
  readonly restart: () => void
  readonly finish: () => Promise<WatchedApplication>
}

export interface PoolWatchOptions {
  /** Scheme, host and port of the application. */
  readonly applicationUrl: string
  /** Where its debug routes were given one. */
  readonly token?: string
}

const PATH = '/api/debug/slow-queries'
/** The answer is made of sums that are there; it costs the application about a millisecond. */
const EVERY_MS = 2_000
const ANSWER_WITHIN_MS = 2_000

interface PoolAnswer {
  readonly name?: unknown
  readonly max?: unknown
  readonly total?: unknown
  readonly idle?: unknown
  readonly waiting?: unknown
  /** Since the report before; what other reports took meanwhile is missing here. */
  readonly wait?: { readonly zeroCount?: unknown; readonly offset?: unknown; readonly counts?: unknown }
}

interface PoolSums {
  readonly name: string
  max: number | null
  usedMax: number
  waitingMax: number
  readonly waits: DurationSums
}

/** Never throws; an application without the route is asked twice and then left alone. */
export function watchPools({ applicationUrl, token }: PoolWatchOptions): PoolWatch {
  const pools = new Map<string, PoolSums>()
  let refusals = 0
  let isOver = false
  let wake: () => void = () => undefined
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(new URL(path, applicationUrl), {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      redirect: 'error',
    })
    if (!response.ok) {
      await response.body?.cancel()
      refusals += 1
      return null
    }
    return response.json()
  }
  const loop = (async () => {
    while (!isOver && refusals < 2) {
      try {
        note(pools, await ask(`${PATH}/metrics`))
      } catch {
        // busy, or no JSON there: under full load it may answer again later
      }
      if (isOver) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, EVERY_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  return {
    restart: () => pools.clear(),
    finish: async () => {
      isOver = true
      wake()
      await loop
      const routeOf = new Map<string, string>()
      if (pools.size > 0)
        try {
          for (const [fingerprint, route] of routes(await ask(PATH))) routeOf.set(fingerprint, route)
        } catch {
          // routes are a help, no more
        }
      return { pools: [...pools.values()].map(poolOf), routeOf }
    },
  }
}

function note(pools: Map<string, PoolSums>, answer: unknown): void {
  const listed = (answer as { pools?: unknown } | null)?.pools
  if (!Array.isArray(listed)) return
  for (const each of listed as readonly PoolAnswer[]) {
    if (typeof each.name !== 'string') continue
    const known = pools.get(each.name) ?? {
      name: each.name,
      max: null,
      usedMax: 0,
      waitingMax: 0,
      waits: new DurationSums(),
    }
    known.max = whole(each.max) ?? known.max
    known.usedMax = Math.max(known.usedMax, (whole(each.total) ?? 0) - (whole(each.idle) ?? 0))
    known.waitingMax = Math.max(known.waitingMax, whole(each.waiting) ?? 0)
    addWaits(known.waits, each.wait)
    pools.set(each.name, known)
  }
}

function addWaits(sums: DurationSums, wait: PoolAnswer['wait']): void {
  if (wait === undefined || wait === null || !Array.isArray(wait.counts)) return
  sums.addDuration(0, whole(wait.zeroCount) ?? 0)
  const offset = Number(wait.offset)
  const counts = wait.counts.map((count) => whole(count) ?? 0)
  if (Number.isInteger(offset)) sums.add({ offset, counts })
}

function poolOf({ name, max, usedMax, waitingMax, waits }: PoolSums): DatabaseEvidence['pools'][number] {
  const counts = waits.counts()
  const p95 = counts === null ? null : percentileOf(counts, 0.95)
  return { name, max, usedMax, waitingMax, waitP95Ms: p95 === null ? null : Math.round(p95 * 1000) / 1000 }
}

function whole(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null
}

function routes(answer: unknown): readonly (readonly [fingerprint: string, route: string])[] {
  const listed = (answer as { statements?: unknown } | null)?.statements
  if (!Array.isArray(listed)) return []
  return (listed as readonly { fingerprint?: unknown; route?: unknown }[]).flatMap(
    ({ fingerprint, route }) =>
      typeof fingerprint === 'string' && typeof route === 'string' ? [[fingerprint, route] as const] : [],
  )
}
