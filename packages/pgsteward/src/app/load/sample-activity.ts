// What the database's sessions did while a run went on, by one-second samples: average active sessions by wait, and by statement.

import { ActivityRollup } from '../../collect/activity/activity-rollup.ts'
import { isActive } from '../../collect/activity/sampled-session.ts'
import { ActivitySampler } from '../../collect/activity/sampler.ts'
import type { ActivityGroup, ActivityMinute } from '../../model/activity.ts'
import type { DatabaseEvidence } from '../../model/load-run.ts'
import { openSession } from '../../postgres/connect.ts'

export interface SampledActivity {
  readonly seconds: number
  readonly waits: DatabaseEvidence['waits']
  readonly waitsOf: ReadonlyMap<string, DatabaseEvidence['waits']>
  readonly activeSessions: DatabaseEvidence['activeSessions']
  /** Routes by query id, from comments of statements that were seen running. */
  readonly routeOf: ReadonlyMap<string, string>
  readonly note: string | null
}

export interface ActivitySampling {
  /** Forgets what was sampled so far. */
  readonly restart: () => void
  readonly finish: () => Promise<SampledActivity>
}

const EVERY_MS = 1_000
/** Statements that run for longer are read with their text, for the tags in their comment. */
const TEXT_FROM_MS = 200

/** Never throws: a database that does not answer leaves a note. Only sessions of `database` count. */
export function sampleActivity(url: string, database: string): ActivitySampling {
  const sampler = new ActivitySampler({
    open: () => openSession(url, { purpose: 'load activity', statementTimeoutMs: 5_000 }),
    everyMs: EVERY_MS,
    slowMs: TEXT_FROM_MS,
  })
  let rollup = new ActivityRollup(EVERY_MS)
  let minutes: ActivityMinute[] = []
  const routeOf = new Map<string, string>()
  let note: string | null = null
  let isOver = false
  let wake: () => void = () => undefined
  const sampleOnce = async () => {
    try {
      const sample = await sampler.sample(new Date())
      const sessions = sample.sessions.filter((each) => each.database === database && isActive(each))
      const full = rollup.add({ ...sample, sessions }, sampler.pace.everyMs)
      if (full !== null) minutes.push(full)
      for (const { queryId, route } of sample.texts.values())
        if (queryId !== null && route !== null) routeOf.set(queryId, route)
    } catch (error) {
      note = `Waits have gaps: ${(error as Error).message}.`
    }
  }
  const loop = (async () => {
    while (!isOver) {
      const began = performance.now()
      await sampleOnce()
      const restMs = Math.max(0, sampler.pace.everyMs - (performance.now() - began))
      if (!isOver)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, restMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
    }
  })()
  return {
    restart: () => {
      rollup = new ActivityRollup(EVERY_MS)
      minutes = []
    },
    finish: async () => {
      isOver = true
      wake()
      await loop
      await sampler.close()
      const last = rollup.current()
      return { ...sumMinutes(last === null ? minutes : [...minutes, last]), routeOf, note }
    },
  }
}

export function sumMinutes(
  minutes: readonly ActivityMinute[],
): Pick<SampledActivity, 'seconds' | 'waits' | 'waitsOf' | 'activeSessions'> {
  const seconds = minutes.reduce((sum, minute) => sum + minute.samples, 0)
  const groups = minutes.flatMap((minute) => minute.groups)
  const byQuery = Map.groupBy(
    groups.filter((group) => group.queryId !== null),
    (group) => group.queryId!,
  )
  const waits = waitsOfGroups(groups, seconds)
  return {
    seconds,
    waits,
    waitsOf: new Map([...byQuery].map(([queryId, own]) => [queryId, waitsOfGroups(own, seconds)])),
    activeSessions:
      seconds === 0
        ? null
        : {
            mean: rounded(waits.reduce((sum, wait) => sum + wait.averageSessions, 0)),
            max: Math.max(0, ...minutes.map((minute) => minute.peakActive)),
          },
  }
}

function waitsOfGroups(groups: readonly ActivityGroup[], seconds: number): DatabaseEvidence['waits'] {
  const sums = new Map<string, { type: string; event: string | null; sessionSeconds: number }>()
  for (const { waitType, waitEvent, sessions } of groups) {
    // nothing waited for: on the processor, or about to be
    const [type, event] = waitType === null ? ['CPU', null] : [waitType, waitEvent]
    const key = `${type}/${event}`
    const sum = sums.get(key) ?? { type, event, sessionSeconds: 0 }
    sum.sessionSeconds += sessions
    sums.set(key, sum)
  }
  return [...sums.values()]
    .map(({ type, event, sessionSeconds }) => ({
      type,
      event,
      averageSessions: rounded(seconds === 0 ? 0 : sessionSeconds / seconds),
    }))
    .filter((wait) => wait.averageSessions > 0)
    .sort((a, b) => b.averageSessions - a.averageSessions)
}

/** To three digits after the point: more is noise in a file. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
