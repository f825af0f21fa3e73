// The open model: iterations begin when the schedule says, however long earlier ones take. Each is counted from the moment at which it
// should have begun, so that a target that stalls is seen as its users would see it (no coordinated omission).

import type { Scenario } from '../../model/scenario.ts'
import type { Milliseconds } from '../../model/units.ts'
import { flowChooser } from './choose-flow.ts'
import type { CompiledScenario } from './compile-scenario.ts'
import type { ModelRun } from './model-run.ts'
import { arrivalSchedule } from './schedule.ts'
import { Session } from './session.ts'
import { type Lane, Walker } from './walker.ts'
import type { WorkerOrder } from './worker-words.ts'

/**
 * Timers count whole milliseconds, so an arrival is begun up to half of one early rather than up to one late; its latency then counts
 * from when it was begun.
 */
const EARLY_MS: Milliseconds = 0.5
/** Virtual users that sign in at the same time, before the schedule begins. */
const STARTING_AT_ONCE = 10

export function openModel(order: WorkerOrder, compiled: CompiledScenario, lane: Lane): ModelRun {
  const { scenario, thread, threads, seed } = order
  const load = openLoadOf(scenario)
  const schedule = arrivalSchedule(load)
  const choose = flowChooser(compiled.flows)
  const most = Math.max(1, Math.ceil(load.maxInFlight / threads))
  const walkers: Walker[] = []
  /** The one that was used last is taken first: its connection is open. */
  const free: Walker[] = []
  const starting = new Set<Walker>()
  let sessions = Array.from(
    { length: Math.max(1, Math.ceil((load.sessions - thread) / threads)) },
    (_, at) => new Session(at * threads + thread, scenario, lane.origin, seed),
  )
  let next = thread
  let turn = 0
  let timer: NodeJS.Timeout | undefined

  const arrive = (atMs: Milliseconds, now: Milliseconds) => {
    lane.recorder.begun(now, Math.max(0, now - atMs))
    lane.recorder.arrived()
    let walker = free.pop()
    if (walker === undefined) {
      if (walkers.length >= most) {
        lane.recorder.dropped()
        return
      }
      walker = new Walker(lane, (ended) => free.push(ended))
      walkers.push(walker)
    }
    const session = sessions[turn++ % sessions.length]!
    walker.begin(session, choose(session.random), Math.min(atMs, now))
  }

  const pump = () => {
    for (;;) {
      if (next >= schedule.count || lane.isOver) return
      const now = lane.now()
      const atMs = schedule.atMs(next)
      if (atMs - now > EARLY_MS) {
        timer = setTimeout(pump, Math.max(1, Math.ceil(atMs - now - EARLY_MS)))
        return
      }
      arrive(atMs, now)
      next += threads
    }
  }

  return {
    prepare: async () => {
      const reasons: Record<string, number> = {}
      const failed = await startSessions(sessions, compiled, lane, starting)
      for (const [, why] of failed) reasons[why] = (reasons[why] ?? 0) + 1
      const able = sessions.filter((session) => !failed.has(session))
      // without any there is nobody to lend; what they do then shows as errors
      if (able.length > 0) sessions = able
      return reasons
    },
    start: pump,
    stop: () => clearTimeout(timer),
    walkers: () => [...starting, ...walkers],
  }
}

/** Each session does the `start` steps of every flow that has some. */
async function startSessions(
  sessions: readonly Session[],
  { flows }: CompiledScenario,
  lane: Lane,
  starting: Set<Walker>,
): Promise<ReadonlyMap<Session, string>> {
  const failed = new Map<Session, string>()
  const todo = sessions.flatMap((session) =>
    flows
      .filter(({ start, startsAs, index }) => start.length > 0 && startsAs === index)
      .map((flow) => [session, flow] as const),
  )
  let at = 0
  const one = async () => {
    while (at < todo.length && !lane.isOver) {
      const [session, flow] = todo[at++]!
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const walker = new Walker(lane, (_, hasFailed) => resolve(hasFailed))
      starting.add(walker)
      walker.begin(session, flow, lane.now(), true)
      if (await promise) failed.set(session, flow.name)
      starting.delete(walker)
      walker.close()
    }
  }
  await Promise.all(Array.from({ length: Math.min(STARTING_AT_ONCE, todo.length) }, one))
  return failed
}

function openLoadOf({ load }: Scenario) {
  if (load.model !== 'open') throw new Error(`not an open load: ${load.model}`)
  return load
}
