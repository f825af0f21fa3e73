// A replay as a load run, whole: what is sent, where it was measured, and what the database said meanwhile.

import { createHash, randomUUID } from 'node:crypto'
import { type ReplayLoad, runReplay } from '../../load/replay/replay-engine.ts'
import { refuseUnlistedDatabase } from '../../load/replay/replay-target.ts'
import { StewardError } from '../../model/error.ts'
import type { LoadRun, RunMoment } from '../../model/load-run.ts'
import { openSession } from '../../postgres/connect.ts'
import { addressOf } from '../../postgres/connect-error.ts'
import { environmentOf } from './environment-of.ts'
import { gitOf } from './git-of.ts'
import { watchHost } from './host-watch.ts'
import { startDatabaseMeasurement } from './measure-database.ts'
import { type PreparedReplay, prepareReplay } from './prepare-replay.ts'
import { replayWorkloadFrom, replayWorkloadOf } from './replay-workload.ts'

export interface RunReplayRequest {
  /** A workload file, or the server whose pg_stat_statements is asked. */
  readonly workload: { readonly file: string } | { readonly from: string }
  /** What is loaded. */
  readonly databaseUrl: string
  /** Of the configuration: what may be loaded. */
  readonly allowedTargets: readonly string[]
  readonly model: 'open' | 'closed'
  /** Open: times the rate at which the statements were seen. */
  readonly factor: number
  readonly connections: number
  readonly durationMs: number
  readonly warmUpMs: number
  readonly statementTimeoutMs: number
  readonly seed: number
  readonly targetId: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly signal: AbortSignal
  readonly onPrepared?: (prepared: PreparedReplay, perSecond: number | null) => void
  readonly onMoment?: (moment: RunMoment) => void
}

export interface ReplayResult {
  readonly run: LoadRun
  readonly prepared: PreparedReplay
}

/** Rejects with `load-target-refused`, `workload-invalid` or the database's own error, before anything is sent. */
export async function replay(request: RunReplayRequest): Promise<ReplayResult> {
  const {
    databaseUrl,
    workload: source,
    model,
    factor,
    connections,
    durationMs,
    warmUpMs,
    env,
    cwd,
    signal,
  } = request
  refuseUnlistedDatabase(databaseUrl, request.allowedTargets)
  const workload =
    'file' in source ? await replayWorkloadOf(source.file) : await replayWorkloadFrom(source.from)
  const prepared = await preparedOn(databaseUrl, workload)
  const perSecond = model === 'open' ? (prepared.callsPerMinute / 60) * factor : null
  request.onPrepared?.(prepared, perSecond)
  const load: ReplayLoad = perSecond === null ? { model: 'closed' } : { model: 'open', perSecond }
  const git = await gitOf(cwd, env)
  const measurement = await startDatabaseMeasurement(databaseUrl, { targetId: request.targetId })
  let host = watchHost()
  let isWarm = warmUpMs === 0
  const measured = await runReplay({
    url: databaseUrl,
    statements: prepared.statements,
    load,
    connections,
    durationMs,
    warmUpMs,
    statementTimeoutMs: request.statementTimeoutMs,
    seed: request.seed,
    scenario: {
      id: 'replay',
      title: `Replay of ${prepared.statements.length} statements`,
      hash: hashOf(request, prepared),
      model,
      timeScale: 1,
      loadScale: factor,
    },
    target: `postgres://${addressOf(databaseUrl)}`,
    now: () => new Date(),
    signal,
    onMoment: (moment) => {
      if (!isWarm && moment.atMs + 1000 >= warmUpMs) {
        isWarm = true
        host = watchHost()
        measurement.restart().catch(() => {})
      }
      request.onMoment?.(moment)
    },
  }).catch(async (error) => {
    await measurement.finish().catch(() => {})
    throw error
  })
  const figures = host()
  const database = await measurement.finish()
  const run: LoadRun = {
    ...measured,
    id: randomUUID(),
    git,
    experiment: null,
    environment: await environmentOf({ env, cwd, ...figures, databaseUrl, application: null }),
    database: withShares(database, prepared),
    tags: tagsOf(prepared, request),
  }
  return { run, prepared }
}

async function preparedOn(
  url: string,
  workload: Parameters<typeof prepareReplay>[0],
): Promise<PreparedReplay> {
  const session = await openSession(url, { purpose: 'load', statementTimeoutMs: 30_000 })
  try {
    const prepared = await prepareReplay(workload, session)
    if (prepared.statements.length > 0) return prepared
    const [first] = prepared.leftOut
    throw new StewardError('workload-invalid', 'nothing of the workload can be replayed', {
      detail: first === undefined ? 'It holds no statement.' : `${first.id}: ${first.because}`,
      hint: 'A replay sends SELECTs alone, to a database that has their tables: restore a copy of the one that the workload came from.',
    })
  } finally {
    await session.close()
  }
}

/** Of what is sent and how: runs of the same are compared, wherever their values came from. */
function hashOf({ model, factor, connections }: RunReplayRequest, { statements }: PreparedReplay): string {
  const mix = statements
    .map(({ name, callsPerMinute }) => [name, Number(callsPerMinute.toPrecision(4))] as const)
    .sort()
  return createHash('sha256')
    .update(JSON.stringify([model, model === 'open' ? factor : null, connections, mix]))
    .digest('hex')
    .slice(0, 16)
}

function withShares(
  database: NonNullable<LoadRun['database']>,
  { leftOut, callsRatio, timeRatio }: PreparedReplay,
) {
  if (leftOut.length === 0) return database
  const percent = (ratio: number) => `${(ratio * 100).toFixed(1)} %`
  const note = `Replayed were ${percent(callsRatio)} of the calls${timeRatio === null ? '' : ` and ${percent(timeRatio)} of the time`} of the workload; ${leftOut.length} statements were left out, since they write or can't be sent.`
  return { ...database, notes: [...(database.notes ?? []), note] }
}

function tagsOf(
  { statements, callsRatio, timeRatio }: PreparedReplay,
  { connections }: RunReplayRequest,
): Record<string, string> {
  return {
    statements: String(statements.length),
    connections: String(connections),
    callsReplayed: callsRatio.toFixed(4),
    ...(timeRatio === null ? {} : { timeReplayed: timeRatio.toFixed(4) }),
  }
}
