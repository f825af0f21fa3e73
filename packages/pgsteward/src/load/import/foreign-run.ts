// What a reader of another tool's results found, and how it becomes a run of ours.

import { createHash } from 'node:crypto'
import { type LoadRun, RUN_FORMAT, type RunEnvironment, type RunSeries } from '../../model/load-run.ts'

export interface ForeignRun {
  readonly engine: LoadRun['engine']
  /** The source's own name, where it has one. */
  readonly title: string | null
  /** Null: the source does not tell; closed is taken. */
  readonly model: 'open' | 'closed' | null
  readonly startedAtMs: number
  readonly durationMs: number
  readonly warmUpMs?: number
  readonly target: string | null
  readonly ended?: LoadRun['ended']
  readonly invalid: LoadRun['invalid']
  readonly requests: LoadRun['requests']
  readonly checks: LoadRun['checks']
  readonly series: readonly RunSeries[]
  readonly timeline: LoadRun['timeline']
  readonly thresholds: LoadRun['thresholds']
  readonly tags: LoadRun['tags']
}

export interface ScenarioOfImport {
  readonly id: string
  readonly title: string
  readonly hash: string
  readonly model: 'open' | 'closed'
  readonly timeScale: number
  readonly loadScale: number
}

const UNKNOWN: RunEnvironment = {
  hostClass: 'unknown',
  cpu: 'unknown',
  cores: 0,
  memoryBytes: 0,
  platform: 'unknown',
  kernel: 'unknown',
  node: 'unknown',
  runner: null,
  hostBusyRatio: null,
  postgres: null,
  application: null,
}

/** Year 10000. */
const END_OF_DATES = 253_402_300_800_000

/** The same file gives the same run, its id included. */
export function runOfForeign(
  foreign: ForeignRun,
  { scenario, scenarioId }: { scenario?: ScenarioOfImport | null; scenarioId?: string | undefined } = {},
): LoadRun {
  const identity = scenario ?? identityOf(foreign, scenarioId)
  const startMs = Math.floor(foreign.startedAtMs)
  const startedAt = new Date(startMs >= 0 && startMs < END_OF_DATES ? startMs : 0).toISOString()
  const run: LoadRun = {
    format: RUN_FORMAT,
    id: '',
    startedAt,
    durationMs: foreign.durationMs,
    warmUpMs: foreign.warmUpMs ?? 0,
    scenario: { ...identity },
    engine: foreign.engine,
    target: foreign.target,
    git: null,
    experiment: null,
    ended: foreign.ended ?? 'completed',
    invalid: foreign.invalid,
    requests: foreign.requests,
    checks: foreign.checks,
    generator: null,
    series: [...foreign.series],
    timeline: foreign.timeline,
    thresholds: foreign.thresholds,
    environment: UNKNOWN,
    database: null,
    tags: foreign.tags,
  }
  return { ...run, id: idOf(run) }
}

/** When it began, what it was, and a hash of what it holds. */
export function idOf(run: LoadRun): string {
  const { id: _, ...rest } = run
  const stamp = run.startedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  return `${stamp}-${run.scenario.id}-${sha256(JSON.stringify(rest)).slice(0, 8)}`
}

/** Whoever names the scenario says that runs of that name are of one definition; else the endpoints tell. */
function identityOf(foreign: ForeignRun, scenarioId: string | undefined): ScenarioOfImport {
  const id = slug(scenarioId ?? foreign.title ?? `${foreign.engine.name}-import`)
  const model = foreign.model ?? 'closed'
  const definition =
    scenarioId === undefined ? [foreign.title, ...foreign.series.map((each) => each.name).sort()] : [id]
  return {
    id,
    title: scenarioId ?? foreign.title ?? `Run of ${foreign.engine.name}`,
    hash: sha256(JSON.stringify(['import', foreign.engine.name, model, ...definition])),
    model,
    timeScale: 1,
    loadScale: 1,
  }
}

function slug(text: string): string {
  const made = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  return made === '' ? 'import' : made
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
