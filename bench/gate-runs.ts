// Measures pairs for bench/gate.ts: a fresh server process for each side of each pair, loaded by the built-in engine, one after the
// other or at the same instant.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeEngine } from '../packages/pgsteward/src/load/engine/node-engine.ts'
import type { LoadRun } from '../packages/pgsteward/src/model/load-run.ts'
import { type Scenario, scenarioSchema } from '../packages/pgsteward/src/model/scenario.ts'

export const REGIMES = ['quiet', 'moderate', 'saturated'] as const
export type Regime = (typeof REGIMES)[number]
export const DESIGNS = ['interleaved', 'duet'] as const
export type PairDesign = (typeof DESIGNS)[number]

export interface Pair {
  readonly regime: Regime
  readonly design: PairDesign
  /** 1: identical code; 1.25: the head does a quarter more. */
  readonly factor: number
  readonly base: LoadRun
  readonly head: LoadRun
  /** Of the processors' time, taken by the host for others (steal) while the pair ran; null where the system does not tell. */
  readonly stolenRatio: number | null
}

type MeasuredSides = Omit<Pair, 'stolenRatio'>

const PER_SECOND = 300
const MEASURED_MS = 2_000
const WARM_UP_MS = 300

const SCENARIO: Scenario = scenarioSchema.parse({
  id: 'gate-bench',
  title: 'Two endpoints',
  load: {
    model: 'open',
    startPerSecond: PER_SECOND,
    stages: [{ for: MEASURED_MS + WARM_UP_MS, perSecond: PER_SECOND }],
  },
  warmUp: WARM_UP_MS,
  flows: [
    { name: 'read', weight: 3, steps: [{ path: '/read', name: 'GET /read' }] },
    { name: 'write', weight: 1, steps: [{ method: 'POST', path: '/write', name: 'POST /write' }] },
  ],
})

/** Busy processes by regime, each with its share of a core and its longest burst in milliseconds. */
const NEIGHBOURS: Readonly<Record<Regime, readonly (readonly [duty: number, longestMs: number])[]>> = {
  quiet: [],
  // by trial on a calm host so that the naive rule gives the 8 to 12 % of false alarms that it has on shared runners
  moderate: [
    [0.2, 15],
    [0.2, 15],
  ],
  saturated: [
    [0.95, 300],
    [0.95, 300],
    [0.6, 300],
  ],
}

/** Call the result to end them. */
export function startNeighbours(regime: Regime): () => void {
  const children = NEIGHBOURS[regime].map((shape) =>
    fork(join(import.meta.dirname, 'gate-neighbour.ts'), shape.map(String)),
  )
  return () => {
    for (const child of children) child.kill('SIGKILL')
  }
}

export async function measurePair(
  kind: Pick<Pair, 'regime' | 'design' | 'factor'>,
  seed: number,
): Promise<Pair> {
  const before = processorTicks()
  const sides = await measureSides(kind, seed)
  const after = processorTicks()
  const stolenRatio =
    before === null || after === null ? null : (after.stolen - before.stolen) / (after.all - before.all)
  return { ...sides, stolenRatio }
}

/** Linux: the first line of /proc/stat (proc(5)). */
function processorTicks(): { readonly all: number; readonly stolen: number } | null {
  if (process.platform !== 'linux') return null
  const ticks = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]!
    .trim()
    .split(/\s+/)
    .slice(1, 9)
    .map(Number)
  return { all: ticks.reduce((sum, each) => sum + each, 0), stolen: ticks[7] ?? 0 }
}

async function measureSides(
  { regime, design, factor }: Pick<Pair, 'regime' | 'design' | 'factor'>,
  seed: number,
): Promise<MeasuredSides> {
  const order = seed % 2 === 0 ? (['base', 'head'] as const) : (['head', 'base'] as const)
  const one = (side: 'base' | 'head') => measure(side === 'head' ? factor : 1, design, side, seed)
  if (design === 'duet') {
    const [base, head] = await Promise.all([one('base'), one('head')])
    return { regime, design, factor, base, head }
  }
  const first = await one(order[0])
  const second = await one(order[1])
  const isBaseFirst = order[0] === 'base'
  return { regime, design, factor, base: isBaseFirst ? first : second, head: isBaseFirst ? second : first }
}

async function measure(
  factor: number,
  design: PairDesign,
  side: 'base' | 'head',
  seed: number,
): Promise<LoadRun> {
  const server: ChildProcess = fork(join(import.meta.dirname, 'gate-server.ts'), [String(factor)])
  try {
    const [port] = (await once(server, 'message')) as [number]
    const run = await nodeEngine.run({
      scenario: SCENARIO,
      target: `http://127.0.0.1:${port}`,
      timeScale: 1,
      loadScale: 1,
      threads: 1,
      env: {},
      seed: seed * 2 + (side === 'head' ? 1 : 0),
      signal: AbortSignal.timeout(30_000),
      onMoment: () => {},
    })
    return {
      ...run,
      timeline: [],
      id: `${side}-${seed}`,
      git: null,
      experiment: { id: 'bench', design, side, repetition: seed },
      environment: HOST,
      database: null,
    }
  } finally {
    server.kill('SIGKILL')
  }
}

const HOST: LoadRun['environment'] = {
  hostClass: 'bench',
  cpu: '',
  cores: 0,
  memoryBytes: 0,
  platform: process.platform,
  kernel: '',
  node: process.versions.node,
  runner: null,
  hostBusyRatio: null,
  postgres: null,
  application: null,
}
