// Runs a scenario by k6: the script is made, k6 started, its points are folded as they come (nothing of them is kept), and the same kind
// of run comes out as of the built-in engine.

import { StewardError } from '../../model/error.ts'
import { RUN_FORMAT } from '../../model/load-run.ts'
import type { Scenario } from '../../model/scenario.ts'
import type { LoadEngine, LoadRequest, MeasuredRun } from '../engine.ts'
import { judgeThresholds } from '../import/judge-thresholds.ts'
import { type FoldedK6, K6Fold } from '../import/k6-fold.ts'
import { foldK6Line } from '../import/k6-ndjson.ts'
import { linesOf } from '../import/read-lines.ts'
import { reasonsAgainst } from '../import/reasons-against.ts'
import { probeTarget } from '../probe-target.ts'
import { scaleScenario } from '../scale-scenario.ts'
import { scenarioHash } from '../scenario-hash.ts'
import { type K6Exit, k6Exit } from './k6-exit.ts'
import { type K6Process, startK6 } from './k6-process.ts'
import { k6Script } from './k6-script.ts'

/** k6 writes its points every 200 ms; a second is whole soon after. */
const KEEP_MS = 1_500
const TICK_MS = 500
/** Nothing but failed connections for so long: the target is gone. */
const LOST_AFTER_MS = 5_000
/** A run that ends so much before its time was ended. */
const EARLY_MS = 2_000

export const k6Engine: LoadEngine = {
  name: 'k6',
  run: async (request) => {
    const scenario = scaleScenario(request.scenario, request.timeScale, request.loadScale)
    const hash = scenarioHash(request.scenario)
    const script = k6Script(scenario, { target: request.target, hash })
    await probeTarget(request.target)
    request.signal.throwIfAborted()
    const k6 = await startK6(script, { ...request.env, TARGET: request.target, SEED: String(request.seed) })
    try {
      return await measured(k6, request, scenario, hash)
    } finally {
      await k6.close()
    }
  },
}

async function measured(
  k6: K6Process,
  request: LoadRequest,
  scenario: Scenario,
  hash: string,
): Promise<MeasuredRun> {
  const fold = new K6Fold({ warmUpMs: scenario.warmUp, keepMs: KEEP_MS, onMoment: request.onMoment })
  const watch = new TargetWatch(fold)
  const ticks = setInterval(() => {
    fold.passed(performance.timeOrigin + performance.now())
    if (watch.isLost()) k6.interrupt()
  }, TICK_MS)
  request.signal.addEventListener('abort', k6.interrupt, { once: true })
  let damaged = 0
  try {
    for await (const { lines } of linesOf(k6.points, "k6's output"))
      for (const line of lines) if (line !== '' && !foldK6Line(line, fold)) damaged += 1
  } finally {
    clearInterval(ticks)
    request.signal.removeEventListener('abort', k6.interrupt)
  }
  const { code, signal } = await k6.ended
  const run = fold.finish()
  const exit = exitOf(k6Exit(code, signal), run, { request, scenario, isLost: watch.hasLost, code })
  if (run.requests.count === 0 && exit.ended === 'failed') throw notRun(exit, k6.output())
  return asMeasured({ run, exit, request, scenario, hash, version: k6.version, damaged })
}

function exitOf(
  exit: K6Exit,
  run: FoldedK6,
  around: {
    readonly request: LoadRequest
    readonly scenario: Scenario
    readonly isLost: boolean
    readonly code: number | null
  },
): K6Exit {
  if (around.isLost)
    return {
      ended: 'target-lost',
      because: `for ${LOST_AFTER_MS / 1000} seconds every connection to the target failed; what was measured before is kept`,
    }
  if (around.request.signal.aborted) return { ended: 'interrupted', because: 'the run was interrupted' }
  const plannedMs =
    around.scenario.load.stages.reduce((sum, stage) => sum + stage.for, 0) - around.scenario.warmUp
  if (around.code === 99 && run.durationMs < plannedMs - EARLY_MS)
    return { ended: 'threshold', because: null }
  return exit
}

function asMeasured({
  run,
  exit,
  request,
  scenario,
  hash,
  version,
  damaged,
}: {
  readonly run: FoldedK6
  readonly exit: K6Exit
  readonly request: LoadRequest
  readonly scenario: Scenario
  readonly hash: string
  readonly version: string
  readonly damaged: number
}): MeasuredRun {
  const isOpen = scenario.load.model === 'open'
  const offered = isOpen ? run.iterations + run.dropped : null
  const invalid: MeasuredRun['invalid'] = [
    ...endReasons(exit),
    ...reasonsAgainst({ ...run.requests, dropped: run.dropped, offered }),
  ]
  if (damaged > 0)
    invalid.push({ reason: 'source-incomplete', detail: `${damaged} lines of k6 could not be read` })
  if (run.requests.count === 0)
    invalid.push({ reason: 'too-few-requests', detail: 'no request was made after the warm-up' })
  const measuredRun: MeasuredRun = {
    format: RUN_FORMAT,
    startedAt: new Date(Math.floor(run.startedAtMs)).toISOString(),
    durationMs: run.durationMs,
    warmUpMs: scenario.warmUp,
    scenario: {
      id: scenario.id,
      title: scenario.title,
      hash,
      model: scenario.load.model,
      timeScale: request.timeScale,
      loadScale: request.loadScale,
    },
    engine: { name: 'k6', version },
    target: new URL(request.target).origin,
    ended: exit.ended,
    invalid,
    requests: { ...run.requests, bytesReceived: run.bytesReceived, offered, dropped: run.dropped },
    checks: run.checks,
    generator: null,
    series: [...run.series],
    timeline: [...run.timeline],
    thresholds: [],
    tags: scenario.tags,
  }
  return { ...measuredRun, thresholds: judgeThresholds(scenario.thresholds, measuredRun) }
}

function endReasons({ ended, because }: K6Exit): MeasuredRun['invalid'] {
  if (because === null) return []
  const detail = `${because}; what was measured before is kept`
  if (ended === 'interrupted') return [{ reason: 'interrupted', detail }]
  if (ended === 'target-lost') return [{ reason: 'target-lost', detail: because }]
  const isOutOfMemory = because.includes('SIGKILL')
  return [{ reason: isOutOfMemory ? 'out-of-memory' : 'source-incomplete', detail }]
}

/** Whether nothing was reached for a while, though it was asked. */
class TargetWatch {
  readonly #fold: K6Fold
  #count = 0
  #unreachable = 0
  #since: number | null = null
  hasLost = false

  constructor(fold: K6Fold) {
    this.#fold = fold
  }

  isLost(): boolean {
    const { count, unreachable } = this.#fold
    const asked = count - this.#count
    const failed = unreachable - this.#unreachable
    this.#count = count
    this.#unreachable = unreachable
    if (asked > failed) this.#since = null
    else if (failed > 0) this.#since ??= performance.now()
    if (this.#since !== null && performance.now() - this.#since >= LOST_AFTER_MS) this.hasLost = true
    return this.hasLost
  }
}

function notRun(exit: K6Exit, output: string): StewardError {
  const lines = output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-5)
  return new StewardError('k6-unavailable', `k6 measured nothing: ${exit.because}`, {
    ...(lines.length === 0 ? {} : { detail: lines.join('\n') }),
    hint: 'pgsteward load k6 SCENARIO --out script.ts writes the script, to be tried by hand: k6 run script.ts',
  })
}
