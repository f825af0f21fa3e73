// Kills a process that maintains, again and again at random moments, until all its jobs are done.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { allowedSteps } from '../../src/maintain/allowed-step.ts'
import type { JobRun, MaintenanceJob } from '../../src/model/maintenance.ts'
import type { OpenedStore } from '../../src/store/postgres-store.ts'

export interface KillOptions {
  readonly store: OpenedStore
  readonly storeUrl: string
  readonly targetUrl: string
  readonly kills: number
  readonly random: () => number
  /** Killed at a random moment within so long of a statement's beginning. */
  readonly withinMs: number
}

export interface Killed {
  readonly kills: number
  /** Kills while a statement was under way: the others fell between two, or before the first. */
  readonly interrupted: number
  readonly jobs: readonly { readonly job: MaintenanceJob; readonly runs: readonly JobRun[] }[]
}

const PROCESS = join(import.meta.dirname, 'maintenance-process.ts')

/** `sql`: of a job each, all approved before. */
export async function addJobs(store: OpenedStore, sql: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = []
  for (const [at, each] of sql.entries()) {
    const allowed = await allowedSteps([each])
    if ('refused' in allowed) throw new Error(allowed.refused)
    const draft = {
      origin: { kind: 'finding' as const, key: `made-up:${at}` },
      because: each,
      steps: allowed.steps,
      undo: null,
      lock: 'share update exclusive' as const,
      caution: '',
    }
    const id = await store.proposeJob('shop', draft, new Date())
    await store.decideJob(id!, { at: new Date(), actor: 'test', action: 'approve', reason: 'test' })
    ids.push(id!)
  }
  return ids
}

export async function killAgainAndAgain(ids: readonly string[], options: KillOptions): Promise<Killed> {
  const { store, kills, random, withinMs } = options
  const since = Date.now()
  for (let killed = 0; killed < kills; killed += 1) {
    await withProcess(options, since, async () => {
      await underWay(store)
      await sleep(random() * withinMs)
    })
  }
  const isOver = async () =>
    (await store.jobs({ states: ['approved', 'running'], limit: 1_000 })).length === 0
  await withProcess(options, since, async () => {
    for (const until = Date.now() + 120_000; !(await isOver()); await sleep(50))
      if (Date.now() > until) throw new Error('the jobs did not end within two minutes')
  })
  const jobs = await Promise.all(
    ids.map(async (id) => ({ job: (await store.job(id))!, runs: await store.runs(id) })),
  )
  const interrupted = jobs
    .flatMap(({ runs }) => runs)
    .filter(({ result }) => result?.outcome === 'interrupted')
  return { kills, interrupted: interrupted.length, jobs }
}

/** Until a statement is running, or nothing is left to run. */
async function underWay(store: OpenedStore): Promise<void> {
  const recovered = new Set<string>()
  for (let isFirst = true; ; isFirst = false) {
    const [open] = await store.jobs({ states: ['approved', 'running'], limit: 1 })
    if (open === undefined) return
    const running = await store.jobs({ states: ['running'] })
    const runs = (await Promise.all(running.map(({ id }) => store.runs(id)))).flat()
    const begun = runs.filter(({ id, endedAt }) => endedAt === null && !recovered.has(id))
    // what an earlier process left is not ours yet
    if (isFirst) for (const { id } of begun) recovered.add(id)
    else if (begun.length > 0) return
    await sleep(3)
  }
}

async function withProcess(
  { storeUrl, targetUrl }: KillOptions,
  since: number,
  work: () => Promise<unknown>,
): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', PROCESS, storeUrl, targetUrl, String(since)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const gone = once(child, 'exit')
  try {
    await Promise.race([
      once(child.stdout!, 'data'),
      gone.then(() => Promise.reject(new Error('it ended by itself'))),
    ])
    await work()
  } finally {
    child.kill('SIGKILL')
    await gone
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
