// Elasticity of the reference application (L5): pool, cache, replica, instances, failover. Five experiments on real servers, and the
// scaling playbook filled with what they measured. About ten minutes; --quick a quarter of it.

import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { startAppProcess } from '../examples/messaging/src/app-process.ts'
import { DEMO_DATABASE } from '../examples/messaging/src/index.ts'
import { findRedis, startLocalRedis } from '../examples/messaging/src/local-redis.ts'
import { runSweep } from '../packages/pgsteward/src/app/load/run-sweep.ts'
import type { Sweep } from '../packages/pgsteward/src/model/sweep.ts'
import { startLocalReplica } from '../packages/pgsteward/src/postgres/local-replica.ts'
import { formatBytes, formatDuration, formatValue } from '../packages/pgsteward/src/report/format.ts'
import {
  type CacheFigures,
  type PlaybookFigures,
  type ReplicaFigures,
  scalingPlaybook,
} from '../packages/pgsteward/src/report/scaling-playbook.ts'
import { sweepText } from '../packages/pgsteward/src/report/sweep-text.ts'
import { sweepVerdict } from '../packages/pgsteward/src/report/sweep-words.ts'
import { type Drill, failoverDrill } from './elasticity-failover.ts'
import { CONTROL_TOKEN, type Ground, load, prepareGround, query } from './elasticity-setup.ts'
import { writeResults } from './measure.ts'

const isQuick = process.argv.includes('--quick')
const SCALE = isQuick ? 0.1 : 0.5
const STEP_MS = isQuick ? 2_000 : 5_000
const WARM_UP_MS = isQuick ? 1_000 : 2_000
const POOLS = isQuick ? ['10', '50', '100'] : ['10', '20', '40', '70', '100']
const LEVELS = isQuick ? [2, 8, 24, 64] : [2, 4, 8, 16, 32, 64]
/** Redis needs about a megabyte for itself. */
const CACHES = isQuick ? ['1500kb', '8mb'] : ['1200kb', '1500kb', '2mb', '3mb', '8mb']
const USERS = 24
const SECONDS = isQuick ? 8 : 12
/** Before anything of ours ran: others on the machine take part in every figure. */
const LOAD_BEFORE = loadavg()[0]!
const MAIN = join(import.meta.dirname, '../examples/messaging/src/main.ts')

export async function run(): Promise<void> {
  const ground = await prepareGround(SCALE)
  const replicas: ReplicaFigures[] = []
  try {
    say('pool')
    const pool = await sweep(ground, 'POOL_SIZE', POOLS, {})
    say('instances')
    // the same connections in all, so that more of them is not what helps
    const instances = await sweep(ground, 'INSTANCES', ['1', '2', '3'], { POOL_SIZE: '10' })
    say('cache')
    const cache = await caches(ground)
    say('replica')
    replicas.push(...(await shares(ground)))
    say('failover')
    const drills = [await drill(ground, false)]
    await ground.restart()
    drills.push(await drill(ground, true))
    const figures: PlaybookFigures = {
      application: 'the reference application, examples/messaging',
      date: new Date().toISOString().slice(0, 10),
      machine: machine(),
      sweeps: [pool, instances],
      cache,
      replica: replicas,
      failover: drills,
    }
    writeResults('elasticity', 'Elasticity of the reference application', await page(figures, drills))
  } finally {
    await ground.stop()
  }
}

function say(what: string): void {
  process.stderr.write(`${what} ...\n`)
}

function machine(): string {
  return `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${formatBytes(totalmem())}, which application, database, Redis and generator share`
}

async function sweep(
  { scenario, databaseUrl }: Ground,
  variable: string,
  values: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<Sweep> {
  const { PATH = '', HOME = '' } = process.env
  const swept = await runSweep({
    scenario,
    variable,
    values,
    command: `exec "${process.execPath}" --disable-warning=ExperimentalWarning "${MAIN}"`,
    model: 'closed',
    levels: LEVELS,
    stepMs: STEP_MS,
    warmUpMs: WARM_UP_MS,
    rounds: 1,
    withPauses: false,
    p95LimitMs: null,
    allowedTargets: ['http://127.0.0.1'],
    databaseUrl,
    env: { PATH, HOME, DATABASE_URL: databaseUrl, ...more },
    cwd: import.meta.dirname,
    seed: 1,
    signal: new AbortController().signal,
    onStep: ({ value, offered, done, of }) =>
      process.stderr.write(`${done} of ${of}: ${variable}=${value}, ${offered} users\n`),
  })
  process.stderr.write(sweepText(swept))
  return swept
}

interface Counts {
  readonly cache: { readonly hits: number; readonly misses: number; readonly bypassed: number }
  readonly reads: { readonly replica: number; readonly primary: number }
}

async function countsOf(url: string): Promise<Counts> {
  const answer = await fetch(`${url}/internal/counts`, {
    headers: { authorization: `Bearer ${CONTROL_TOKEN}` },
  })
  return (await answer.json()) as Counts
}

async function withApp<T>(
  ground: Ground,
  environment: Readonly<Record<string, string>>,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const app = await startAppProcess({
    DATABASE_URL: ground.databaseUrl,
    CONTROL_TOKEN,
    POOL_SIZE: '20',
    ...environment,
  })
  try {
    return await work(app.url)
  } finally {
    await app.stop(2_000)
  }
}

async function caches(ground: Ground): Promise<readonly CacheFigures[]> {
  const measure = (label: string, environment: Readonly<Record<string, string>>) =>
    withApp(ground, environment, async (url): Promise<CacheFigures> => {
      let before = { hits: 0, misses: 0 }
      const measured = await load(ground, url, USERS, SECONDS, SECONDS, async () => {
        before = (await countsOf(url)).cache
      })
      const after = (await countsOf(url)).cache
      const [hits, misses] = [after.hits - before.hits, after.misses - before.misses]
      return { label, hitRatio: hits + misses === 0 ? null : hits / (hits + misses), ...measured }
    })
  const figures = [await measure('none', {})]
  if (findRedis() === null) return figures
  for (const maxMemory of CACHES) {
    const redis = await startLocalRedis({ maxMemory })
    try {
      figures.push(await measure(`Redis, maxmemory ${maxMemory}`, { REDIS_URL: redis.url }))
    } finally {
      await redis.stop()
    }
  }
  return figures
}

async function shares(ground: Ground): Promise<readonly ReplicaFigures[]> {
  const replica = await startLocalReplica(ground.server(), { dir: ground.folder() })
  const figures: ReplicaFigures[] = []
  try {
    await replica.caughtUp()
    for (const share of [0, 0.5, 1])
      await withApp(
        ground,
        { REPLICA_URL: replica.url(DEMO_DATABASE), REPLICA_SHARE: String(share) },
        async (url) => {
          // statements of the primary alone are counted
          const measured = await load(ground, url, USERS, SECONDS, SECONDS / 4)
          const { reads } = await countsOf(url)
          figures.push({
            share,
            answered: reads.replica / Math.max(1, reads.replica + reads.primary),
            requestsPerSecond: measured.requestsPerSecond,
            p95Ms: measured.p95Ms,
            primaryMsPerRequest: measured.databaseMsPerRequest,
          })
        },
      )
  } finally {
    await replica.stop('immediate')
  }
  return figures
}

async function drill(ground: Ground, isSynchronous: boolean): Promise<Drill> {
  const token = `elasticity-0-${'x'.repeat(20)}`
  await query(ground.databaseUrl, 'checkpoint')
  return failoverDrill(ground, token, { isSynchronous, seconds: isQuick ? 1 : 4 })
}

async function page(figures: PlaybookFigures, drills: readonly Drill[]): Promise<string> {
  const template = await readFile(join(import.meta.dirname, '../docs/guides/scaling-playbook.md'), 'utf8')
  // under a heading of its own
  const playbook = scalingPlaybook(template, figures)
    .replaceAll(/^(#+) /gm, '#$1 ')
    .replaceAll('](elasticity.md)', '](../../docs/guides/elasticity.md)')
    .replaceAll('](../../bench/results/elasticity.md)', '](elasticity.md)')
  const [pool, instances] = figures.sweeps
  const best = figures.cache?.at(-1)
  const none = figures.cache?.[0]
  return [
    `Steps of ${formatDuration(STEP_MS)} without think times, ${LEVELS.join(', ')} users, on a database of ${SCALE} of the demo's size with its faults mended. On ${availableParallelism()} cores, shared with the generator, most of it can't scale: where the machine was the limit it says so, and the shape of the curves is worth more than their height.${isQuick ? ' A quick run (`--quick`): too short for caches to fill.' : ''} Load average before it began: ${LOAD_BEFORE.toFixed(1)}${LOAD_BEFORE > availableParallelism() ? ': others were at work on this machine, and times, throughput and hit ratios below tell more about that than about the application. Repeat it on a calm one' : ''}.`,
    '',
    `- **Pool 10 to 100**: ${sweepVerdict(pool!).join(' ')}`,
    `- **1 to 3 instances** (a pool of 10 each): ${sweepVerdict(instances!).join(' ')}`,
    best === undefined || best.hitRatio === null || none === undefined
      ? '- **Cache**: not measured, there is no redis-server here.'
      : `- **Cache**: at ${best.label} ${formatValue(best.hitRatio, 'ratio')} of its reads are hits, ${formatValue(1 - best.databaseMsPerRequest / none.databaseMsPerRequest, 'ratio')} of the database time and ${formatValue(1 - best.statementsPerRequest / none.statementsPerRequest, 'ratio')} of the statements are gone.`,
    `- **Replica**: with all that may go there on it, the primary spends ${formatDuration(figures.replica!.at(-1)!.primaryMsPerRequest)} a request in place of ${formatDuration(figures.replica![0]!.primaryMsPerRequest)}.`,
    ...drills.map(
      (each) =>
        `- **Failover, ${each.label}**: promoted after ${formatDuration(each.promotedMs)} (the watchman's three silences included), writes again ${formatDuration(each.recoveredMs)} after the primary's end; ${each.requestsFailed} of ${each.requests} requests failed, the replica answered ${each.readsMeanwhile} of the reads meanwhile, ${each.writesLost} of ${each.writesAcknowledged} acknowledged writes were lost.`,
    ),
    '',
    playbook,
    '',
    '## Each step',
    '',
    '```',
    ...figures.sweeps.map((each) => sweepText(each)),
    '```',
  ].join('\n')
}
