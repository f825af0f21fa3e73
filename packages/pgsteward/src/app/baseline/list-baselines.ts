// baseline list: the active one, candidates beside it, and the history.

import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Baseline } from '../../model/baseline.ts'
import { StewardError } from '../../model/error.ts'
import { ALL_REQUESTS } from '../../model/load-run.ts'
import { readBaselineFile } from '../load/read-run-file.ts'
import { historyFolder } from './baseline-file.ts'
import { type BaselineSeries, baselineSeries } from './baseline-series.ts'

export interface ListedBaseline {
  readonly path: string
  readonly isActive: boolean
  readonly name: string
  readonly status: Baseline['status']
  readonly scenario: Baseline['scenario']
  readonly hostClass: string
  readonly createdAt: string
  readonly promoted: Baseline['promoted']
  readonly runs: number
  /** Of the oldest and the newest run. */
  readonly from: string
  readonly to: string
  readonly all: BaselineSeries | null
}

export interface ListedBaselines {
  /** The active one first, then the newest. */
  readonly baselines: readonly ListedBaseline[]
  readonly damaged: readonly { readonly path: string; readonly because: string }[]
}

export async function listBaselines(baselineFile: string): Promise<ListedBaselines> {
  const paths = [
    ...(await jsonFiles(dirname(baselineFile))),
    ...(await jsonFiles(historyFolder(baselineFile))),
  ]
  const baselines: ListedBaseline[] = []
  const damaged: { path: string; because: string }[] = []
  for (const path of paths) {
    try {
      baselines.push(listed(path, await readBaselineFile(path), path === baselineFile))
    } catch (error) {
      if (!(error instanceof StewardError)) throw error
      // other files may lie there, too
      if (error.detail !== 'It is no baseline.')
        damaged.push({ path, because: error.detail ?? error.message })
    }
  }
  return {
    baselines: baselines.sort(
      (a, b) => Number(b.isActive) - Number(a.isActive) || (a.createdAt < b.createdAt ? 1 : -1),
    ),
    damaged,
  }
}

async function jsonFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return []
    throw new StewardError('run-file', `the folder ${folder} cannot be read`, {
      detail: cause.message,
      cause,
    })
  })
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name))
}

function listed(path: string, baseline: Baseline, isActive: boolean): ListedBaseline {
  const { name, status, scenario, hostClass, createdAt, promoted, runs } = baseline
  return {
    path,
    isActive,
    name,
    status,
    scenario,
    hostClass,
    createdAt,
    promoted,
    runs: runs.length,
    from: runs[0]!.startedAt,
    to: runs.at(-1)!.startedAt,
    all: baselineSeries(runs).find((series) => series.name === ALL_REQUESTS) ?? null,
  }
}
