// Plays the quarter through pgsteward's own loop on a clock of its own: readings are made up, everything that is concluded from them
// is not. Every five minutes what moves is kept, every hour all is read and judged; each minute while something is wrong.

import type { Config } from '../../packages/pgsteward/src/app/config/config-schema.ts'
import { IndexWatch } from '../../packages/pgsteward/src/app/effect/index-watch.ts'
import { selectChecks } from '../../packages/pgsteward/src/app/select-checks.ts'
import { tick } from '../../packages/pgsteward/src/app/tick.ts'
import { retentionPolicy } from '../../packages/pgsteward/src/app/upkeep.ts'
import { ALL_CHECKS } from '../../packages/pgsteward/src/checks/all.ts'
import type { Collector } from '../../packages/pgsteward/src/collect/collector.ts'
import { StoredReadings } from '../../packages/pgsteward/src/evaluate/stored-readings.ts'
import type { Store } from '../../packages/pgsteward/src/store/store.ts'
import { applicationReportAt } from './application.ts'
import {
  APPLICATION,
  BEGIN,
  DAY,
  END,
  isWithin,
  RELEASES,
  TARGET,
  TROUBLES,
  troubleAt,
  UNOBSERVED,
} from './calendar.ts'
import { QUARTER_FACTS, snapshotAt } from './readings.ts'
import { statementsAt } from './traffic.ts'

const MINUTE = 60_000
const STEP = 5 * MINUTE
const HOUR = 60 * MINUTE
const PROBE = { kind: 'http', name: 'messaging' } as const

export interface Simulation {
  readonly store: Store
  readonly config: Config
  /** Tables whose remedy was built. */
  readonly builtIndexes: ReadonlySet<string>
  /** After each moment that was judged: what people do up to then, alerts, maintenance. */
  readonly onJudged: (at: Date) => Promise<void>
  readonly onProgress: (day: number, of: number) => void
  readonly from?: Date
  readonly to?: Date
}

export async function simulate(simulation: Simulation): Promise<void> {
  const { store, config, builtIndexes, onJudged, onProgress, from = BEGIN, to = END } = simulation
  const { checks, options } = selectChecks(ALL_CHECKS, config)
  const indexWatch = new IndexWatch(store)
  const kept = new StoredReadings(0)
  await store.saveTexts(
    TARGET,
    new Map(statementsAt(from, () => false).map((each) => [each.queryId, each.text])),
  )
  await store.declareProbes(
    TARGET,
    [{ ...PROBE, address: 'https://messages.example.com/health', everyMs: STEP, slo: 0.999 }],
    from,
  )
  let before = new Date(from.getTime() - STEP)
  for (let at = from; at < to; at = after(at)) {
    const isHour = at.getTime() % HOUR === 0
    if (isHour && at.getUTCHours() === 0)
      onProgress((at.getTime() - from.getTime()) / DAY, (to.getTime() - from.getTime()) / DAY)
    if (isWithin(at, UNOBSERVED)) continue
    const seconds = Math.min((at.getTime() - before.getTime()) / 1_000, STEP / 1_000)
    await probe(store, at)
    await store.saveReport(TARGET, applicationReportAt(at, seconds), at)
    await release(store, before, at)
    if (isHour || isTroubled(at)) {
      const snapshot = snapshotAt(at, seconds, builtIndexes, isHour ? 'all' : 'moving')
      const collector = { collect: async () => snapshot } as unknown as Collector
      const keepTexts = async () => undefined
      const notify = async () => undefined
      await tick({ targetId: TARGET, collector, store, keepTexts, checks, options, kept, notify }, at)
      await indexWatch.notice(snapshot)
      await onJudged(at)
    } else await store.saveSnapshot(snapshotAt(at, seconds, builtIndexes, 'moving'), QUARTER_FACTS)
    if (isHour && at.getUTCHours() === 4) await store.applyRetention(retentionPolicy(config), at)
    before = at
  }
}

/** Back to the full five minutes after a trouble: hours are not missed. */
function after(at: Date): Date {
  const step = isTroubled(at) ? MINUTE : STEP
  return new Date((Math.floor(at.getTime() / step) + 1) * step)
}

/** And a quarter of an hour around it: people see it end. */
function isTroubled(at: Date): boolean {
  return TROUBLES.some(({ from, to }) =>
    isWithin(at, { from: new Date(from.getTime() - 15 * MINUTE), to: new Date(to.getTime() + 20 * MINUTE) }),
  )
}

async function probe(store: Store, at: Date): Promise<void> {
  const isUp = !troubleAt(at, 'connections')
  await store.saveProbeAttempt(
    TARGET,
    PROBE,
    {
      at,
      isUp,
      error: isUp ? null : 'it answered 503',
      tookMs: isUp ? 14 : 2_004,
      phases: { answer: isUp ? 12 : 2_000 },
      status: isUp ? 200 : 503,
      certificateExpiresAt: null,
    },
    false,
  )
}

async function release(store: Store, before: Date, at: Date): Promise<void> {
  const index = RELEASES.findIndex((each) => each.at > before && each.at <= at)
  if (index < 0) return
  const { version, at: releasedAt } = RELEASES[index]!
  await store.saveTargetEvents(TARGET, [
    {
      at: releasedAt,
      kind: 'deployment',
      subject: APPLICATION,
      detail: `version ${RELEASES[index - 1]?.version ?? '2.0.3'} to ${version}`,
    },
  ])
}
