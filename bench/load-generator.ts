// The built-in engine as a program like wrk: MODEL (closed or open) URL SECONDS USERS-OR-RATE. Prints its percentiles as JSON.

import { nodeEngine } from '../packages/pgsteward/src/load/engine/node-engine.ts'
import { scenarioSchema } from '../packages/pgsteward/src/model/scenario.ts'

const [model, target, seconds, level] = process.argv.slice(2) as [string, string, string, string]
const stages = { for: Number(seconds) * 1000 }
const scenario = scenarioSchema.parse({
  id: 'bench',
  title: 'Benchmark',
  load:
    model === 'open'
      ? { model, startPerSecond: Number(level), stages: [{ ...stages, perSecond: Number(level) }] }
      : { model, startUsers: Number(level), stages: [{ ...stages, users: Number(level) }] },
  flows: [{ name: 'get', steps: [{ path: '/' }] }],
})
const run = await nodeEngine.run({
  scenario,
  target,
  timeScale: 1,
  loadScale: 1,
  threads: 1,
  env: {},
  seed: 1,
  signal: new AbortController().signal,
  onMoment: () => {},
})
const { count, maxMs, percentiles } = run.series[0]!
process.stdout.write(
  JSON.stringify({
    requests: count,
    p50Ms: percentiles.p50Ms,
    p95Ms: percentiles.p95Ms,
    p99Ms: percentiles.p99Ms,
    maxMs,
    lagP99Ms: run.generator!.lagP99Ms,
    invalid: run.invalid.map(({ reason }) => reason),
  }),
)
process.exit(0)
