// What a comparison's sides are named by in addresses: ids of runs, `baseline:ID`, or `experiment:ID:base` and `experiment:ID:head`.

import type { NoiseFloor } from '../../model/baseline.ts'
import { StewardError } from '../../model/error.ts'
import type { LoadRun } from '../../model/load-run.ts'
import type { LoadStore } from '../../store/load/load-store.ts'

/** As many as a baseline holds. */
const MOST_RUNS = 20

export interface Side {
  readonly ref: string
  readonly label: string
  readonly runs: readonly LoadRun[]
  readonly noise: readonly NoiseFloor[]
}

export const baselineRef = (id: string) => `baseline:${id}`
export const experimentRef = (id: string, side: 'base' | 'head') => `experiment:${id}:${side}`

/** Throws 'load-run-unknown', or 'usage' where the details of a run are gone. */
export async function sideOf(store: LoadStore, ref: string): Promise<Side> {
  const baselineId = /^baseline:(.+)$/.exec(ref)?.[1]
  if (baselineId !== undefined) {
    const found = await store.baselineOf(baselineId)
    if (found === null)
      throw new StewardError('load-run-unknown', `there is no baseline ${baselineId}`, {
        hint: 'GET /api/v1/load/baselines lists those that there are.',
      })
    return { ref, label: `baseline ${found.name}`, runs: found.runs, noise: found.noise }
  }
  const [, experiment, side] = /^experiment:(.+):(base|head)$/.exec(ref) ?? []
  if (experiment !== undefined && (side === 'base' || side === 'head')) {
    const ids = await store.experimentRuns(experiment, side)
    if (ids.length === 0)
      throw new StewardError('load-run-unknown', `there is no experiment ${experiment} with a ${side}`)
    return {
      ref,
      label: `${side} of experiment ${experiment}`,
      ...(await runsOf(store, ids.slice(-MOST_RUNS))),
    }
  }
  const ids = ref.split(',').filter((id) => id !== '')
  if (ids.length === 0 || ids.length > MOST_RUNS)
    throw new StewardError('usage', `${ids.length} runs on one side`, {
      hint: `Name 1 to ${MOST_RUNS} ids of runs, or baseline:ID.`,
    })
  const found = await runsOf(store, ids)
  const [first] = found.runs
  return {
    ref,
    label: ids.length === 1 ? `run ${first!.id}` : `${ids.length} runs of ${first!.scenario.title}`,
    ...found,
  }
}

async function runsOf(
  store: LoadStore,
  ids: readonly string[],
): Promise<{ readonly runs: readonly LoadRun[]; readonly noise: readonly NoiseFloor[] }> {
  const runs: LoadRun[] = []
  for (const id of ids) {
    const found = await store.loadRun(id)
    if (found === null) throw unknownRun(id)
    if (found.run === null)
      throw new StewardError('usage', `the details of the run ${id} are gone`, {
        detail: 'They went for the size of the store; the figures that lists show stay.',
        hint: 'Compare with a later run or a baseline, or raise load.maxSize.',
      })
    runs.push(found.run)
  }
  return { runs, noise: [] }
}

export function unknownRun(id: string): StewardError {
  return new StewardError('load-run-unknown', `there is no load run ${id}`, {
    detail:
      'Runs are kept as long as load.keep says; one under way is forgotten when it falls silent for ten minutes.',
    hint: 'The page "Load & baselines" lists those that there are.',
  })
}
