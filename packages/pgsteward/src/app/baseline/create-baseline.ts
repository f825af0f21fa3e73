// baseline create: from files of runs, or from the last valid runs of a scenario in the folder of runs.

import { dirname, join } from 'node:path'
import { StewardError } from '../../model/error.ts'
import type { LoadRun } from '../../model/load-run.ts'
import { readRunFile } from '../load/read-run-file.ts'
import { listRuns } from '../load/runs-folder.ts'
import { writeBaseline } from './baseline-file.ts'
import { type MadeBaseline, makeBaseline } from './make-baseline.ts'

export interface CreateRequest {
  /** Files; empty: `from` says. */
  readonly files: readonly string[]
  /** A scenario: its last valid runs in `runsDir`, of the class of host that the newest has. */
  readonly from: { readonly scenario: string; readonly last: number } | null
  readonly runsDir: string
  /** Of the active baseline: a new one stands beside it. */
  readonly baselineFile: string
  readonly name?: string | undefined
  readonly out?: string | undefined
  readonly now: Date
}

export interface CreatedBaseline extends MadeBaseline {
  readonly path: string
}

/** Throws 'usage', 'run-file' or 'file-not-written'. */
export async function createBaseline(request: CreateRequest): Promise<CreatedBaseline> {
  const notes: string[] = []
  const runs =
    request.from === null
      ? (await Promise.all(request.files.map(readRunFile))).flat()
      : await lastRuns(request.runsDir, request.from, notes)
  const made = makeBaseline(runs, { name: request.name, now: request.now })
  const path =
    request.out ?? join(dirname(request.baselineFile), `${fileName(made.baseline.name)}-candidate.json`)
  await writeBaseline(path, made.baseline)
  return { baseline: made.baseline, notes: [...notes, ...made.notes], path }
}

function fileName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-')
}

async function lastRuns(
  dir: string,
  { scenario, last }: { readonly scenario: string; readonly last: number },
  notes: string[],
): Promise<readonly LoadRun[]> {
  const { runs, damaged } = await listRuns(dir)
  for (const { path, because } of damaged) notes.push(`Passed over: ${path}: ${because}`)
  const own = runs
    .map(({ run }) => run)
    .filter((run) => run.scenario.id === scenario && run.invalid.length === 0 && run.ended === 'completed')
  const [newest] = own
  if (newest === undefined) {
    const known = [...new Set(runs.map(({ run }) => run.scenario.id))].sort()
    throw new StewardError('usage', `there is no valid run of ${scenario} in ${dir}`, {
      detail: known.length === 0 ? 'The folder holds no run.' : `It holds runs of ${known.join(', ')}.`,
      hint: `pgsteward load run ${scenario} --target URL makes one.`,
    })
  }
  const alike = own.filter(
    (run) =>
      run.environment.hostClass === newest.environment.hostClass &&
      run.scenario.hash === newest.scenario.hash &&
      run.scenario.timeScale === newest.scenario.timeScale &&
      run.scenario.loadScale === newest.scenario.loadScale &&
      run.engine.name === newest.engine.name,
  )
  if (alike.length < own.length)
    notes.push(
      `${own.length - alike.length} of ${own.length} runs of ${scenario} are of another definition, scale, engine or host than the newest, and stay out.`,
    )
  return alike.slice(0, last)
}
