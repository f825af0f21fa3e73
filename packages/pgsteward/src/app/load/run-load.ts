// One load run, whole: the engine's figures, where they were measured, and what the database said meanwhile. Everything that puts load on
// something goes through here, so that nothing is loaded that the configuration does not name.

import { randomBytes } from 'node:crypto'
import { ENGINE_VERSION, nodeEngine } from '../../load/engine/node-engine.ts'
import { loadMs } from '../../load/engine/schedule.ts'
import type { LoadEngine, MeasuredRun } from '../../load/engine.ts'
import { refuseUnlisted, targetOrigin } from '../../load/load-target.ts'
import { scaleScenario } from '../../load/scale-scenario.ts'
import { scenarioHash } from '../../load/scenario-hash.ts'
import type { DatabaseEvidence, LoadRun, RunMoment } from '../../model/load-run.ts'
import type { RunUnderWay } from '../../model/load-wire.ts'
import type { Scenario } from '../../model/scenario.ts'
import { environmentOf } from './environment-of.ts'
import { gitOf } from './git-of.ts'
import { type HostFigures, watchHost } from './host-watch.ts'
import { type DatabaseMeasurement, startDatabaseMeasurement } from './measure-database.ts'

export { bottleneckOf } from '../../gate/bottleneck.ts'

export const RUN_ENGINES = ['node', 'k6'] as const
export type RunEngine = (typeof RUN_ENGINES)[number]

export interface RunLoadRequest {
  readonly scenario: Scenario
  readonly target: string
  /** Of the configuration: what may be loaded. */
  readonly allowedTargets: readonly string[]
  readonly engine?: RunEngine
  /** Default 1. */
  readonly timeScale?: number
  readonly loadScale?: number
  readonly threads?: number
  readonly seed?: number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The target's PostgreSQL, to take evidence from; absent: none. */
  readonly databaseUrl?: string
  /** The database's id in the configuration. */
  readonly targetId?: string
  readonly applicationToken?: string
  /** Of the application under test, where it is not the one in `cwd`. */
  readonly application?: LoadRun['environment']['application']
  readonly experiment?: LoadRun['experiment']
  readonly signal: AbortSignal
  /** Once everything is ready, before anything is sent, which waits for it: both sides of a duet begin together. */
  readonly onBegin?: (run: RunUnderWay) => void | Promise<void>
  readonly onMoment?: (moment: RunMoment) => void
  /** Default: a random one. */
  readonly id?: string
}

/** Rejects with `load-target-refused`, `load-target-down` or the database's own error, before anything is sent. */
export async function runLoad(request: RunLoadRequest): Promise<LoadRun> {
  const { scenario, target, allowedTargets, env, cwd, databaseUrl, signal, onMoment } = request
  refuseUnlisted(target, allowedTargets)
  const engine = await engineOf(request.engine ?? 'node')
  const timeScale = request.timeScale ?? 1
  const loadScale = request.loadScale ?? 1
  const git = await gitOf(cwd, env)
  const database = databaseUrl === undefined ? null : await measurement(databaseUrl, request)
  const scaled = scaleScenario(scenario, timeScale, loadScale)
  const id = request.id ?? randomBytes(6).toString('hex')
  await request.onBegin?.({
    id,
    startedAt: new Date().toISOString(),
    scenario: {
      id: scenario.id,
      title: scenario.title,
      hash: scenarioHash(scenario),
      model: scenario.load.model,
      timeScale,
      loadScale,
    },
    engine: { name: engine.name, version: engine.name === 'node' ? ENGINE_VERSION : '' },
    target: targetOrigin(target),
    plannedMs: loadMs(scaled.load),
    warmUpMs: scaled.warmUp,
  })
  let host = watchHost()
  /** The warm-up is not measured, neither here nor there. */
  let warmUpMs: number | null = scaled.warmUp
  const onEngineMoment = (moment: RunMoment) => {
    if (warmUpMs !== null && warmUpMs > 0 && moment.atMs + 1000 >= warmUpMs) {
      warmUpMs = null
      host = watchHost()
      database?.restart().catch(() => {})
    }
    onMoment?.(moment)
  }
  let measured: MeasuredRun
  let evidence: DatabaseEvidence | null = null
  let figures: HostFigures
  try {
    measured = await engine.run({
      scenario,
      target,
      timeScale,
      loadScale,
      threads: request.threads ?? 1,
      env,
      seed: request.seed ?? 1,
      signal,
      onMoment: onEngineMoment,
    })
    figures = host()
  } finally {
    evidence = await (database?.finish() ?? null)
  }
  const environment = await environmentOf({
    env,
    cwd,
    ...figures,
    databaseUrl: databaseUrl ?? null,
    ...(request.application === undefined ? {} : { application: request.application }),
  })
  return {
    ...measured,
    id,
    git,
    experiment: request.experiment ?? null,
    environment,
    database: evidence,
  }
}

async function engineOf(name: RunEngine): Promise<LoadEngine> {
  return name === 'node' ? nodeEngine : (await import('../../load/k6/k6-engine.ts')).k6Engine
}

function measurement(
  url: string,
  { target, targetId, applicationToken }: RunLoadRequest,
): Promise<DatabaseMeasurement> {
  return startDatabaseMeasurement(url, {
    targetId: targetId ?? null,
    applicationUrl: target,
    ...(applicationToken === undefined ? {} : { applicationToken }),
  })
}
