// Stories of checks on activity: sessions of a real server are sampled as one is by `watch`, each sample standing for a second.

import { ActivityRollup } from '../../src/collect/activity/activity-rollup.ts'
import { IncidentTracker } from '../../src/collect/activity/incident-tracker.ts'
import { ActivitySampler } from '../../src/collect/activity/sampler.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import type { ActivityGroup, BlockingIncident } from '../../src/model/activity.ts'
import type { AnyCheck } from '../../src/model/check.ts'
import type { Finding } from '../../src/model/finding.ts'
import { openSession } from '../../src/postgres/connect.ts'
import { memoryOf } from '../application/memory.ts'
import type { TestDatabase } from '../postgres/database.ts'

export interface Watched {
  /** Samples until it is so, at most 30 s. */
  readonly until: (isSo: (incidents: readonly BlockingIncident[]) => boolean) => Promise<void>
  /** As many samples. */
  readonly sample: (times: number) => Promise<void>
  readonly findings: (
    check: AnyCheck,
    options?: Readonly<Record<string, unknown>>,
  ) => Promise<readonly Finding[]>
  /** Forgets what was seen, as time does. */
  readonly forget: () => void
  readonly close: () => Promise<void>
}

export function watched(database: TestDatabase, fromMs = 100): Watched {
  const sampler = new ActivitySampler({
    open: () => openSession(database.monitorUrl, { purpose: 'activity' }),
    everyMs: 1,
    slowMs: 0,
  })
  const tracker = new IncidentTracker({ fromMs })
  let rollup = new ActivityRollup(1_000)
  const incidents = new Map<string, BlockingIncident>()
  let groups: ActivityGroup[] = []
  let seconds = 0
  let clock = Math.ceil(Date.now() / 60_000) * 60_000
  const take = async () => {
    const sample = await sampler.sample(new Date())
    // others on the run's server are not part of the story
    const here = sample.sessions.filter((each) => each.database === database.name)
    for (const each of [...tracker.note(sample), ...tracker.live()]) incidents.set(each.id, each)
    clock += 1_000
    const minute = rollup.add({ ...sample, sessions: here, at: new Date(clock) }, 1_000)
    if (minute === null) return
    groups = groups.concat(minute.groups)
    seconds += minute.samples
  }
  return {
    until: async (isSo) => {
      for (const end = Date.now() + 30_000; Date.now() < end; ) {
        await take()
        if (isSo(tracker.live())) return
      }
      throw new Error('no sample ever showed it')
    },
    sample: async (times) => {
      for (let each = 0; each < times; each++) await take()
    },
    findings: async (check, options = {}) => {
      const rest = rollup.current()
      const memory = memoryOf({
        incidents: [...incidents.values()],
        activityGroups: {
          samples: seconds + (rest?.samples ?? 0),
          groups: [...groups, ...(rest?.groups ?? [])],
        },
      })
      const session = await openSession(database.monitorUrl)
      await session.close()
      const now = new Date()
      const snapshot = {
        targetId: 'test',
        takenAt: now,
        server: session.server,
        readings: new Map(),
        refreshed: new Set<string>(),
        cost: { statements: 0, rows: 0, bytes: 0, tookMs: 0 },
      }
      const parsed = new Map([[check.id, check.options.parse(options)]])
      const [outcome] = await evaluate([check], snapshot, memory, { options: parsed }, now)
      if (outcome!.status === 'failed') throw outcome!.error
      if (outcome!.status === 'skipped') throw new Error(`${check.id} was skipped: ${outcome!.because}`)
      return outcome!.status === 'found' ? outcome!.findings : []
    },
    forget: () => {
      incidents.clear()
      rollup = new ActivityRollup(1_000)
      groups = []
      seconds = 0
    },
    close: () => sampler.close(),
  }
}
