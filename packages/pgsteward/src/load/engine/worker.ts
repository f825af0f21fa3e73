// One generating thread: gets its share of the schedule, waits for the common start, and sends what it counted every second.

import { performance } from 'node:perf_hooks'
import { parentPort, workerData } from 'node:worker_threads'
import type { Milliseconds } from '../../model/units.ts'
import { closedModel } from './closed-model.ts'
import { compileScenario } from './compile-scenario.ts'
import { openModel } from './open-model.ts'
import { Recorder } from './recorder.ts'
import { loadMs } from './schedule.ts'
import { type Lane, SWEEP_MS } from './walker.ts'
import { type MainWord, sharedClockMs, type WorkerOrder, type WorkerWord } from './worker-words.ts'

/** A closed user whose connection is refused tries again after this. */
const REFUSED_PAUSE_MS: Milliseconds = 100

const order = workerData as WorkerOrder
const { scenario } = order
const main = parentPort!
const say = (word: WorkerWord) => main.postMessage(word)

const compiled = compileScenario(scenario)
const totalMs = loadMs(scenario.load)
let zeroMs = performance.now()

const lane: Lane = {
  origin: order.target,
  env: order.env,
  recorder: new Recorder({
    series: compiled.series.length,
    checks: compiled.checks.length,
    warmUpMs: scenario.warmUp,
    totalMs,
    cpuMs,
    onSecond: (second) => say({ kind: 'second', second }),
  }),
  now: () => performance.now() - zeroMs,
  isOpen: scenario.load.model === 'open',
  isOver: false,
  inFlight: 0,
  refusedPauseMs: REFUSED_PAUSE_MS,
}
const model =
  scenario.load.model === 'open' ? openModel(order, compiled, lane) : closedModel(order, compiled, lane)

const sweep = setInterval(() => {
  const now = lane.now()
  for (const walker of model.walkers()) walker.sweep(now)
  if (lane.recorder.isOn) lane.recorder.roll(now)
}, SWEEP_MS)

let hasStarted = false
let ending: NodeJS.Timeout | undefined

main.on('message', (word: MainWord) => {
  if (word.kind === 'go') setTimeout(start, Math.max(0, word.atMs - sharedClockMs()), word.atMs)
  else over(word.graceMs)
})

const unstarted = await model.prepare()
say({ kind: 'ready', unstarted })

function start(atMs: Milliseconds): void {
  if (lane.isOver) return
  hasStarted = true
  zeroMs = performance.now() + (atMs - sharedClockMs())
  lane.recorder.start()
  // every request has its own timeout, so what is on its way at the end needs no other
  setTimeout(over, Math.max(0, totalMs - lane.now()), Number.POSITIVE_INFINITY)
  model.start()
}

function over(graceMs: Milliseconds): void {
  lane.isOver = true
  model.stop()
  const endMs = lane.now() + graceMs
  clearInterval(ending)
  ending = setInterval(() => {
    if (lane.inFlight > 0 && lane.now() < endMs) return
    clearInterval(ending)
    clearInterval(sweep)
    if (hasStarted) lane.recorder.finish(lane.now())
    say({ kind: 'done' })
    for (const walker of model.walkers()) walker.close()
  }, 5)
}

/** Of this thread alone, where Node can tell (24 on); of the process before. */
function cpuMs(): Milliseconds {
  const { user, system } =
    process.threadCpuUsage === undefined ? process.cpuUsage() : process.threadCpuUsage()
  return (user + system) / 1000
}
