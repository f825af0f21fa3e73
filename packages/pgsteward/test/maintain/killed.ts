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
  /** After each kill, how many there were. */
  readonly onKill?: (kills: number) => Promise<unknown>
}

export interface Killed {
  readonly kills: number
  /** Attempts that a kill ended before they were done, and those that the server ended well all the same. */
  readonly interrupted: number
  readonly recovered: number
  readonly jobs: readonly { readonly job: MaintenanceJob; readonly runs: readonly JobRun[] }[]
}

const PROCESS = join(import.meta.dirname, 'maintenance-process.ts')

/** `sql`: of a job each, all approved before. */
export async function addJobs(
  store: OpenedStore,
  sql: readonly string[],
  from = 0,
): Promise<readonly string[]> {
  const ids: string[] = []
  for (const [at, each] of sql.entries()) {
    const allowed = await allowedSteps([each])
    if ('refused' in allowed) throw new Error(allowed.refused)
    const draft = {
      origin: { kind: 'finding' as const, key: `made-up:${from + at}` },
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
    const left = await openRuns(store)
    await withProcess(options, since, async () => {
      await underWay(store, left)
      await sleep(random() * withinMs)
    })
    await options.onKill?.(killed + 1)
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
  const count = (isSo: (result: JobRun['result']) => boolean) =>
    jobs.flatMap(({ runs }) => runs).filter(({ result }) => isSo(result)).length
  return {
    kills,
    interrupted: count((result) => result?.outcome === 'interrupted'),
    recovered: count((result) => result?.because.includes('was interrupted meanwhile') === true),
    jobs,
  }
}

/** Until a statement is running that is not one of `left`, or nothing is left to run. */
async function underWay(store: OpenedStore, left: ReadonlySet<string>): Promise<void> {
  for (;;) {
    const [open] = await store.jobs({ states: ['approved', 'running'], limit: 1 })
    if (open === undefined) return
    if ([...(await openRuns(store))].some((id) => !left.has(id))) return
    await sleep(3)
  }
}

async function openRuns(store: OpenedStore): Promise<ReadonlySet<string>> {
  const running = await store.jobs({ states: ['running'] })
  const runs = (await Promise.all(running.map(({ id }) => store.runs(id)))).flat()
  return new Set(runs.filter(({ endedAt }) => endedAt === null).map(({ id }) => id))
}

/**
 * Attempts that began with another index than the last one that was done had left: something was changed, and not recorded, so it was or
 * will be done twice.
 */
export function unrecordedChanges(jobs: Killed['jobs']): number {
  const known = new Map<string, string | null>()
  const attempts = jobs
    .flatMap(({ job, runs }) => runs.map((run) => ({ run, name: job.steps[run.step]!.relation.name })))
    .sort((a, b) => Number(a.run.id) - Number(b.run.id))
  let unrecorded = 0
  for (const { run, name } of attempts) {
    const before = run.mark.before.oid
    if (known.has(name) && known.get(name) !== before) unrecorded += 1
    known.set(name, run.result?.outcome === 'done' ? (run.result.after?.oid ?? null) : before)
  }
  return unrecorded
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
