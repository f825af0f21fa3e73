// A sweep: for each value of one environment variable the application is started, loaded in steps, and stopped; repetitions alternate
// between the values, so that what changes on the machine meanwhile touches all of them.

import { availableParallelism } from 'node:os'
import { Random } from '../../load/engine/random.ts'
import { scenarioHash } from '../../load/scenario-hash.ts'
import { stepScenario } from '../../load/sweep/step-scenario.ts'
import { sweepStep } from '../../load/sweep/sweep-step.ts'
import { fitSteps, sweepValue } from '../../load/sweep/sweep-value.ts'
import { StewardError } from '../../model/error.ts'
import type { LoadRun } from '../../model/load-run.ts'
import type { Scenario } from '../../model/scenario.ts'
import { SWEEP_FORMAT, type Sweep, type SweepStep } from '../../model/sweep.ts'
import type { Milliseconds } from '../../model/units.ts'
import { runLoad } from './run-load.ts'
import { type StartedCommand, startCommand } from './started-command.ts'

export interface RunSweepRequest {
  readonly scenario: Scenario
  /** Environment variable of the application. */
  readonly variable: string
  readonly values: readonly string[]
  /** Serves the application on the port in PORT. */
  readonly command: string
  /** Default /health. */
  readonly healthPath?: string
  readonly patienceMs?: Milliseconds
  readonly model: 'open' | 'closed'
  /** Users or arrivals a second, one step each. */
  readonly levels: readonly number[]
  readonly stepMs: Milliseconds
  readonly warmUpMs: Milliseconds
  readonly rounds: number
  readonly withPauses: boolean
  readonly p95LimitMs: number | null
  readonly allowedTargets: readonly string[]
  readonly databaseUrl?: string
  readonly targetId?: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly seed: number
  readonly signal: AbortSignal
  readonly onStep?: (progress: SweepProgress) => void
  /** Each run, whole, as it ends. */
  readonly onRun?: (run: LoadRun) => Promise<void> | void
}

export interface SweepProgress {
  readonly value: string
  readonly offered: number
  readonly done: number
  readonly of: number
  /** What the step before came to. */
  readonly last: SweepStep | null
}

const COLD_FACTOR = 3

/**
 * A value whose command does not serve is kept with its reason; rejects only when none does, or on `load-target-refused`. Interrupted,
 * it keeps the steps that are whole.
 */
export async function runSweep(request: RunSweepRequest): Promise<Sweep> {
  const { scenario, variable, values, model, levels, rounds, signal } = request
  const startedAt = new Date()
  const steps = new Map<string, SweepStep[]>(values.map((value) => [value, []]))
  const troubles = new Map<string, StewardError>()
  let done = 0
  let last: SweepStep | null = null
  const of = values.length * levels.length * rounds

  const measure = async (value: string, round: number, { url }: StartedCommand) => {
    for (const [step, offered] of levels.entries()) {
      if (signal.aborted) return
      request.onStep?.({ value, offered, done, of, last })
      const run = await runLoad({
        scenario: stepScenario(scenario, {
          model,
          offered,
          forMs: request.stepMs,
          // processes that have just started are slow for longer than the load's own change takes to settle
          warmUpMs: request.warmUpMs * (step === 0 ? COLD_FACTOR : 1),
          withPauses: request.withPauses,
        }),
        target: url,
        allowedTargets: request.allowedTargets,
        env: request.env,
        cwd: request.cwd,
        seed: request.seed + round,
        signal,
        ...(request.databaseUrl === undefined ? {} : { databaseUrl: request.databaseUrl }),
        ...(request.targetId === undefined ? {} : { targetId: request.targetId }),
      })
      await request.onRun?.({ ...run, tags: { ...run.tags, [variable]: value } })
      if (run.ended === 'interrupted') return
      last = sweepStep(run, offered, round)
      steps.get(value)!.push(last)
      done += 1
    }
  }

  for (let round = 0; round < rounds && !signal.aborted; round++) {
    // to and fro: no value is always the first on a cold machine
    for (const value of round % 2 === 0 ? values : [...values].reverse()) {
      if (signal.aborted || troubles.has(value)) continue
      let started: StartedCommand | null = null
      try {
        started = await startCommand({
          command: request.command,
          cwd: request.cwd,
          env: { ...request.env, [variable]: value },
          healthPath: request.healthPath ?? '/health',
          patienceMs: request.patienceMs ?? 60_000,
          signal,
        })
        await measure(value, round, started)
      } catch (error) {
        if (signal.aborted) break
        if (!(error instanceof StewardError) || error.code === 'load-target-refused') throw error
        troubles.set(value, error)
      } finally {
        await started?.stop()
      }
    }
  }

  const [trouble] = troubles.values()
  if (done === 0 && trouble !== undefined) throw trouble
  const chance = new Random(request.seed, 0)
  const random = () => chance.next()
  const kept = values.map((value) => {
    const because = troubles.get(value)
    return sweepValue(
      value,
      steps.get(value)!,
      {
        p95LimitMs: request.p95LimitMs,
        trouble: because === undefined ? null : [because.message, because.detail].filter(Boolean).join(': '),
      },
      random,
    )
  })
  const best = kept.flatMap((each) =>
    each.best === null || each.value.trim() === '' || !Number.isFinite(Number(each.value))
      ? []
      : [{ n: Number(each.value), throughput: each.best.requestsPerSecond }],
  )
  return {
    format: SWEEP_FORMAT,
    startedAt: startedAt.toISOString(),
    scenario: { id: scenario.id, title: scenario.title, hash: scenarioHash(scenario) },
    variable,
    model,
    stepMs: request.stepMs,
    rounds,
    p95LimitMs: request.p95LimitMs,
    ended: signal.aborted ? 'interrupted' : 'completed',
    values: kept,
    overall: best.length < 2 ? null : fitSteps(best, random),
    cores: availableParallelism(),
  }
}
