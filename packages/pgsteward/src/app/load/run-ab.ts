// base against head on one machine in one go: each started fresh for every repetition, loaded by turns or at the same instant, every
// run kept as a file, ending in a comparison.

import { randomBytes } from 'node:crypto'
import { compareRuns } from '../../gate/compare-runs.ts'
import { nextStep } from '../../gate/next-step.ts'
import { Random } from '../../load/engine/random.ts'
import { refuseUnlisted } from '../../load/load-target.ts'
import type { Comparison } from '../../model/comparison.ts'
import type { LoadRun, RunMoment } from '../../model/load-run.ts'
import type { Scenario } from '../../model/scenario.ts'
import type { Milliseconds } from '../../model/units.ts'
import { type AbDesign, type AbResult, abLoop, SIDES, type Side } from './ab-loop.ts'
import { type RunEngine, runLoad } from './run-load.ts'
import { saveRun } from './runs-folder.ts'
import type { RunReporter } from './send-run.ts'
import { type Meeting, meeting } from './start-together.ts'
import { type StartedCommand, startCommand } from './started-command.ts'

export { type AbDesign, SIDES, type Side } from './ab-loop.ts'

/** What runs already, or how to start it. */
export type AbTarget = { readonly url: string } | { readonly command: string }

export interface AbSide {
  readonly target: AbTarget
  /** Where the command runs, and whose commit and package.json the runs are of. */
  readonly cwd: string
  readonly databaseUrl?: string
}

export interface RunAbRequest {
  readonly scenario: Scenario
  readonly sides: Readonly<Record<Side, AbSide>>
  readonly design: AbDesign
  /** Repetitions at most. */
  readonly most: number
  /** Measured time of each run; null: as the scenario has it. */
  readonly forMs: Milliseconds | null
  readonly loadScale: number
  readonly engine: RunEngine
  readonly threads: number
  readonly seed: number
  readonly allowedTargets: readonly string[]
  readonly healthPath: string
  readonly patienceMs: Milliseconds
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where runs are kept. */
  readonly runsDir: string
  readonly signal: AbortSignal
  readonly onMoment: (side: Side, repetition: number, moment: RunMoment) => void
  readonly onRun: (side: Side, repetition: number, run: LoadRun) => void
  readonly onRepetition: (done: number, comparison: Comparison, because: string) => void
  readonly onAgain: (note: string) => void
  /** Whom to tell about the next run while it goes on; null: nobody. Asked anew for each run. */
  readonly reporter: () => Promise<RunReporter | null>
  /** A run that could not be kept: told, and the experiment goes on. */
  readonly onTrouble: (error: unknown) => void
}

export interface AbOutcome extends AbResult {
  readonly experimentId: string
}

/** Rejects when a side can't be started or loaded, with what its command printed. */
export async function runAb(request: RunAbRequest): Promise<AbOutcome> {
  const { design, most, seed, signal, onRepetition } = request
  for (const side of SIDES) {
    const { target } = request.sides[side]
    if ('url' in target) refuseUnlisted(target.url, request.allowedTargets)
  }
  const experimentId = randomBytes(6).toString('hex')
  const timed = withTime(request.scenario, request.forMs)
  const random = new Random(seed, 0)
  let meetings = meetingsOf(design)
  const result = await abLoop({
    design,
    most,
    chance: () => {
      meetings = meetingsOf(design)
      return random.next()
    },
    signal,
    measure: (side, repetition) =>
      measure(request, timed, { id: experimentId, design, side, repetition }, meetings),
    judge: (base, head) => compareRuns(base, head),
    nextStep,
    onRepetition,
    onAgain: request.onAgain,
  })
  const { comparison, notes } = result
  return {
    ...result,
    experimentId,
    comparison: comparison === null ? null : { ...comparison, notes: [...notes, ...comparison.notes] },
  }
}

interface Timed {
  readonly scenario: Scenario
  readonly timeScale: number
}

/** A process that has just started is slow for a while, which is no property of the code: so a part is left out of the figures. */
const WARM_UP = { mostMs: 3_000, share: 0.2 }

function withTime(scenario: Scenario, forMs: Milliseconds | null): Timed {
  const wholeMs = scenario.load.stages.reduce((sum, stage) => sum + stage.for, 0)
  const measuredMs = forMs ?? wholeMs - scenario.warmUp
  const warmUpMs = Math.min(WARM_UP.mostMs, measuredMs * WARM_UP.share)
  if (scenario.warmUp > 0)
    return { scenario, timeScale: forMs === null ? 1 : forMs / Math.max(1, wholeMs - scenario.warmUp) }
  const timeScale = (measuredMs + warmUpMs) / wholeMs
  return { scenario: { ...scenario, warmUp: Math.round(warmUpMs / timeScale) }, timeScale }
}

interface Meetings {
  readonly begin: Meeting
  readonly end: Meeting
}

function meetingsOf(design: AbDesign): Meetings {
  const parties = design === 'duet' ? 2 : 1
  return { begin: meeting(parties), end: meeting(parties) }
}

async function measure(
  request: RunAbRequest,
  { scenario, timeScale }: Timed,
  experiment: NonNullable<LoadRun['experiment']>,
  meetings: Meetings,
): Promise<LoadRun> {
  const { sides, loadScale, engine, threads, seed, env, allowedTargets, signal } = request
  const { side, repetition } = experiment
  const { target, cwd, databaseUrl } = sides[side]
  // the same schedule and draws for both sides, others in each repetition
  const runSeed = seed + repetition
  let started: StartedCommand | null = null
  try {
    if ('command' in target) started = await startCommand({ ...request, command: target.command, cwd })
    const reporter = await request.reporter()
    const run = await runLoad({
      scenario,
      target: started?.url ?? ('url' in target ? target.url : ''),
      // what was started here for being loaded needs no leave
      allowedTargets: started === null ? allowedTargets : [...allowedTargets, started.url],
      engine,
      timeScale,
      loadScale,
      threads,
      seed: runSeed,
      env,
      cwd,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      experiment,
      signal,
      onBegin: (begun) => {
        reporter?.begin(begun)
        return meetings.begin.arrive()
      },
      onMoment: (moment) => {
        reporter?.moment(moment)
        request.onMoment(side, repetition, moment)
      },
    })
    await keep(request, run)
    request.onRun(side, repetition, run)
    // ending one, or sending its figures, takes processor time from the other
    await meetings.end.arrive()
    await reporter?.done(run)
    return run
  } catch (error) {
    meetings.begin.abandon()
    meetings.end.abandon()
    throw error
  } finally {
    await started?.stop()
  }
}

async function keep({ runsDir, onTrouble }: RunAbRequest, run: LoadRun): Promise<void> {
  try {
    await saveRun(runsDir, run)
  } catch (error) {
    onTrouble(error)
  }
}
