// The closed model: so many users, each of whom does one thing after the other. A target that stalls holds its users back, so this says
// what users of that number get, never what arrivals at some rate would: latencies count from sending.

import type { Scenario } from '../../model/scenario.ts'
import type { Milliseconds } from '../../model/units.ts'
import { flowChooser } from './choose-flow.ts'
import type { CompiledScenario } from './compile-scenario.ts'
import { EMPTY_ITERATION_MS, type ModelRun } from './model-run.ts'
import { usersSchedule } from './schedule.ts'
import { Session } from './session.ts'
import { type Lane, Walker } from './walker.ts'
import type { WorkerOrder } from './worker-words.ts'

/** How often the number of users is brought to what the stages say. */
const RAMP_MS: Milliseconds = 20

export function closedModel(order: WorkerOrder, compiled: CompiledScenario, lane: Lane): ModelRun {
  const { scenario, thread, threads, seed } = order
  const usersAt = usersSchedule(closedLoadOf(scenario))
  const choose = flowChooser(compiled.flows)
  /** By place: user number = place * threads + thread. */
  const users: { readonly session: Session; readonly walker: Walker; isIdle: boolean }[] = []
  let timer: NodeJS.Timeout | undefined

  const iterate = (place: number) => {
    const user = users[place]!
    user.isIdle = false
    user.walker.begin(user.session, choose(user.session.random), lane.now())
  }
  const ended = (place: number, walker: Walker) => {
    if (lane.isOver || walker.isLeaving) {
      users[place]!.isIdle = true
      walker.close()
    } else if (walker.isEmptyHanded) setTimeout(iterate, EMPTY_ITERATION_MS, place)
    else iterate(place)
  }
  const ramp = () => {
    if (lane.isOver) return
    const wanted = usersAt(lane.now())
    const here = Math.max(0, Math.ceil((wanted - thread) / threads))
    for (let place = 0; place < Math.max(here, users.length); place++) {
      if (place >= users.length)
        users.push({
          session: new Session(place * threads + thread, scenario, lane.origin, seed),
          walker: new Walker(lane, (walker) => ended(place, walker)),
          isIdle: true,
        })
      const user = users[place]!
      user.walker.isLeaving = place >= here
      if (user.isIdle && place < here) iterate(place)
    }
  }
  return {
    prepare: () => Promise.resolve({}),
    start: () => {
      ramp()
      timer = setInterval(ramp, RAMP_MS)
    },
    stop: () => clearInterval(timer),
    walkers: () => users.map(({ walker }) => walker),
  }
}

function closedLoadOf({ load }: Scenario) {
  if (load.model !== 'closed') throw new Error(`not a closed load: ${load.model}`)
  return load
}
