// The built-in engine: our own load generator in worker threads. This side starts them together, adds up what they counted, ends the
// run when it is over, lost or told to, and says what of it can be believed.

import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type LoadRun, RUN_FORMAT } from '../../model/load-run.ts'
import type { Scenario } from '../../model/scenario.ts'
import type { Milliseconds } from '../../model/units.ts'
import { percentileMs } from '../../stats/latency-histogram.ts'
import type { LoadEngine, LoadRequest, MeasuredRun } from '../engine.ts'
import { probeTarget } from '../probe-target.ts'
import { scaleScenario } from '../scale-scenario.ts'
import { scenarioHash } from '../scenario-hash.ts'
import { compileScenario } from './compile-scenario.ts'
import { arrivalSchedule, loadMs, usersSchedule } from './schedule.ts'
import { histogramOf, Tally } from './tally.ts'
import { judge, type Measured, stoppedBy, thresholdText } from './thresholds.ts'
import { invalidReasons } from './validity.ts'
import { type MainWord, sharedClockMs, type WorkerOrder, type WorkerWord } from './worker-words.ts'

/** Goes up when the same run would give other figures: such runs are told apart. */
export const ENGINE_VERSION = '1'

/** To all threads, so that none begins before it has heard. */
const START_IN_MS: Milliseconds = 50
/** What is on its way when a run is cut short. */
const CUT_SHORT_GRACE_MS: Milliseconds = 1_000
/** A thread that does not end by itself then is ended. */
const FAREWELL_MS: Milliseconds = 5_000
/** Nothing but refused connections for so long: the target is gone. A restart behind a proxy takes less. */
const LOST_AFTER_SECONDS = 5

export const nodeEngine: LoadEngine = {
  name: 'node',
  run: async (request) => {
    const scenario = scaleScenario(request.scenario, request.timeScale, request.loadScale)
    compileScenario(scenario)
    await probeTarget(request.target)
    return new Run(request, scenario).result()
  },
}

type End = Pick<LoadRun, 'ended'> & { readonly because: string }

class Run {
  readonly #request: LoadRequest
  readonly #scenario: Scenario
  readonly #tally: Tally
  readonly #totalMs: Milliseconds
  readonly #compiled: ReturnType<typeof compileScenario>
  readonly #workers = new Map<number, Worker>()
  readonly #unstarted: Record<string, number> = {}
  readonly #lostThreads: { why: string; isOutOfMemory: boolean }[] = []
  readonly #finished = Promise.withResolvers<void>()
  #ready = 0
  #end: End | null = null
  #startMs: Milliseconds | null = null
  #startedAt: Date | null = null
  #stopMs: Milliseconds | null = null
  #kill: NodeJS.Timeout | undefined

  constructor(request: LoadRequest, scenario: Scenario) {
    this.#request = request
    this.#scenario = scenario
    this.#compiled = compileScenario(scenario)
    this.#totalMs = loadMs(scenario.load)
    const { load } = scenario
    const rate = load.model === 'open' ? arrivalSchedule(load).perSecondAt : () => null
    const users = load.model === 'closed' ? usersSchedule(load) : () => null
    this.#tally = new Tally({
      series: this.#compiled.series,
      checks: this.#compiled.checks,
      warmUpMs: scenario.warmUp,
      totalMs: this.#totalMs,
      threads: request.threads,
      offeredPerSecond: rate,
      users,
      onMoment: (moment) => {
        request.onMoment(moment)
        this.#watch()
      },
    })
  }

  async result(): Promise<MeasuredRun> {
    const { signal, threads } = this.#request
    signal.throwIfAborted()
    const interrupt = () => this.#cutShort({ ended: 'interrupted', because: 'The run was interrupted.' })
    signal.addEventListener('abort', interrupt, { once: true })
    for (let thread = 0; thread < threads; thread++) this.#startThread(thread)
    try {
      await this.#finished.promise
    } finally {
      signal.removeEventListener('abort', interrupt)
      clearTimeout(this.#kill)
    }
    return this.#asRun()
  }

  #startThread(thread: number): void {
    const { target, threads, seed, env } = this.#request
    const order: WorkerOrder = { scenario: this.#scenario, target, thread, threads, seed, env }
    const worker = new Worker(new URL(`./worker${extname(import.meta.filename)}`, import.meta.url), {
      workerData: order,
      execArgv: [],
    })
    this.#workers.set(thread, worker)
    let isDone = false
    worker.on('message', (word: WorkerWord) => {
      if (word.kind === 'second') this.#tally.take(thread, word.second)
      else if (word.kind === 'done') {
        isDone = true
        // think times would keep it for as long as they last
        void worker.terminate()
      } else {
        for (const [flow, users] of Object.entries(word.unstarted))
          this.#unstarted[flow] = (this.#unstarted[flow] ?? 0) + users
        this.#ready++
        if (this.#ready === threads) this.#go()
      }
    })
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (!isDone) this.#lost(error.message, error.code === 'ERR_WORKER_OUT_OF_MEMORY')
      isDone = true
    })
    worker.on('exit', (code) => {
      if (!isDone && this.#end === null) this.#lost(`it ended with code ${code}`, false)
      this.#workers.delete(thread)
      this.#tally.threadEnded()
      if (this.#workers.size === 0) this.#finished.resolve()
    })
  }

  #go(): void {
    if (this.#end !== null) return
    this.#startMs = sharedClockMs() + START_IN_MS
    this.#startedAt = new Date(performance.timeOrigin + performance.now() + START_IN_MS)
    this.#say({ kind: 'go', atMs: this.#startMs })
  }

  #lost(why: string, isOutOfMemory: boolean): void {
    this.#lostThreads.push({ why, isOutOfMemory })
    this.#cutShort({ ended: 'failed', because: why })
  }

  #cutShort(end: End): void {
    if (this.#end !== null) return
    this.#end = end
    this.#stopMs = sharedClockMs()
    this.#say({ kind: 'stop', graceMs: CUT_SHORT_GRACE_MS })
    this.#kill = setTimeout(() => {
      for (const worker of this.#workers.values()) void worker.terminate()
    }, CUT_SHORT_GRACE_MS + FAREWELL_MS)
  }

  #say(word: MainWord): void {
    for (const worker of this.#workers.values()) worker.postMessage(word)
  }

  /** After every second: is anybody still there, and may it go on? */
  #watch(): void {
    const { unreachableSeconds } = this.#tally
    if (unreachableSeconds >= LOST_AFTER_SECONDS)
      this.#cutShort({
        ended: 'target-lost',
        because: `For ${unreachableSeconds} seconds every connection to the target failed; what was measured before is kept.`,
      })
    const crossed = stoppedBy(this.#scenario.thresholds, this.#measured())
    if (crossed !== null)
      this.#cutShort({ ended: 'threshold', because: `${thresholdText(crossed)} was crossed.` })
  }

  #measured(): Measured {
    return {
      names: this.#compiled.series,
      series: this.#tally.series,
      checks: this.#tally.checks(),
      measuredMs: this.#measuredMs(),
    }
  }

  #measuredMs(): Milliseconds {
    if (this.#startMs === null) return 0
    const ranMs = Math.min(this.#totalMs, (this.#stopMs ?? sharedClockMs()) - this.#startMs)
    return Math.max(0, ranMs - this.#scenario.warmUp)
  }

  #asRun(): MeasuredRun {
    const { target, threads, timeScale, loadScale } = this.#request
    const tally = this.#tally
    const scenario = this.#scenario
    const { ended, because } = this.#end ?? { ended: 'completed' as const, because: '' }
    const durationMs = this.#measuredMs()
    const latency = histogramOf([tally.all.latency])
    const service = histogramOf([tally.all.service])
    const cpuRatio = Math.max(0, ...tally.cpuMs.map((ms, thread) => ms / Math.max(1, tally.tookMs[thread]!)))
    const lagP99Ms = tally.lag.percentileMs(0.99) ?? 0
    const offered = offeredUntil(scenario, scenario.warmUp + durationMs)
    const { count: requests, errors } = tally.all
    return {
      format: RUN_FORMAT,
      startedAt: (this.#startedAt ?? new Date(performance.timeOrigin + performance.now())).toISOString(),
      durationMs,
      warmUpMs: scenario.warmUp,
      scenario: {
        id: scenario.id,
        title: scenario.title,
        hash: scenarioHash(this.#request.scenario),
        model: scenario.load.model,
        timeScale,
        loadScale,
      },
      engine: { name: 'node', version: ENGINE_VERSION },
      target: new URL(target).origin,
      ended,
      invalid: invalidReasons({
        ended,
        endedBecause: because,
        requests,
        errors,
        errorKinds: tally.errorKinds,
        offered,
        begun: tally.begun,
        dropped: tally.dropped,
        threads,
        cpuRatio,
        starvedRatio: tally.measuredSeconds === 0 ? 0 : tally.starvedSeconds / tally.measuredSeconds,
        lagP99Ms,
        p95Ms: percentileMs(latency, 0.95),
        serviceP95Ms: percentileMs(service, 0.95),
        unstarted: this.#unstarted,
        lostThreads: this.#lostThreads,
      }),
      requests: {
        count: requests,
        errors,
        errorKinds: tally.errorKinds,
        bytesReceived: tally.bytesReceived,
        offered,
        dropped: tally.dropped,
        answeredLate: tally.answeredLate,
      },
      checks: tally.checks(),
      generator: {
        threads,
        cpuSeconds: tally.cpuMs.reduce((sum, ms) => sum + ms, 0) / 1000,
        cpuRatio,
        lagP99Ms,
        lagMaxMs: tally.lagMaxMs,
      },
      series: tally.runSeries(),
      timeline: tally.timeline,
      thresholds: judge(scenario.thresholds, this.#measured()),
      tags: scenario.tags,
    }
  }
}

/** Arrivals that the schedule has between the end of the warm-up and a moment; null: closed. */
function offeredUntil({ load, warmUp }: Scenario, untilMs: Milliseconds): number | null {
  if (load.model !== 'open') return null
  const schedule = arrivalSchedule(load)
  return arrivalsBefore(schedule, untilMs) - arrivalsBefore(schedule, warmUp)
}

function arrivalsBefore({ count, atMs }: ReturnType<typeof arrivalSchedule>, ms: Milliseconds): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (atMs(middle) < ms) low = middle + 1
    else high = middle
  }
  return low
}
