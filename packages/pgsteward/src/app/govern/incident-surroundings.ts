// What happened to a target around an incident: deployments, changes, restarts, and what maintenance did. As far as it is not told yet.

import type { IncidentBody } from '../../govern/incident/incident-entries.ts'
import type { GovernanceRecord } from '../../model/governance.ts'
import type { IncidentWire } from '../../model/incident-wire.ts'
import type { JobRun, MaintenanceJob } from '../../model/maintenance.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'

type Happened = IncidentBody<'happened'>

/** A restored dump makes hundreds of events; the first say it all. */
const MOST = 40

export async function happenedAround(
  store: Pick<Store, 'targetEvents' | 'jobs' | 'runs'>,
  targetId: string,
  { entries }: GovernanceRecord,
  { times }: IncidentWire,
  beforeMs: Milliseconds,
  now: Date,
): Promise<readonly Happened[]> {
  const window = { from: new Date(Date.parse(times.startedAt) - beforeMs), to: now }
  const [events, jobs] = await Promise.all([
    store.targetEvents(targetId, window),
    store.jobs({ targetId, limit: 50 }),
  ])
  const told = entries
    .filter(({ action }) => action === 'happened')
    .map(({ body }) => keyOf(body as Happened))
  const known = new Set(told)
  const happened = [
    // autovacuum takes statistics all day long
    ...events
      .filter(({ kind }) => kind !== 'statistics')
      .map(({ at, kind, subject, detail }) => ({ happenedAt: at.toISOString(), kind, subject, detail })),
    ...(await runsWithin(store, jobs, window)),
  ]
  return happened
    .filter((each) => !known.has(keyOf(each)))
    .toSorted((a, b) => Date.parse(a.happenedAt) - Date.parse(b.happenedAt))
    .slice(0, Math.max(0, MOST - told.length))
}

async function runsWithin(
  store: Pick<Store, 'runs'>,
  jobs: readonly MaintenanceJob[],
  { from, to }: Window,
): Promise<readonly Happened[]> {
  const near = jobs.filter(
    ({ state, endedAt, last }) =>
      (last !== null || state === 'running') && (endedAt === null || endedAt >= from),
  )
  const runs = await Promise.all(
    near.map(async (job) => (await store.runs(job.id)).map((run) => ({ job, run }))),
  )
  return runs
    .flat()
    .filter(({ run }) => run.startedAt >= from && run.startedAt <= to)
    .map(({ job, run }) => ({
      happenedAt: run.startedAt.toISOString(),
      kind: 'maintenance',
      subject: `job ${job.id}`,
      detail: stepWords(job, run),
    }))
}

/** The same while it runs and afterwards, so that it is told once. */
function stepWords({ steps }: MaintenanceJob, { step }: JobRun): string {
  return steps[step]?.sql ?? `statement ${step + 1}`
}

function keyOf({ happenedAt, kind, subject, detail }: Happened): string {
  return JSON.stringify([happenedAt, kind, subject, detail])
}
