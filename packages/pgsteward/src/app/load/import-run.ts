// Results of other load tools as runs of ours; the scenario that they are of, where someone names one, gives them its identity and its
// thresholds.

import { type ImportOptions, importFiles } from '../../load/import/import-files.ts'
import { judgeThresholds } from '../../load/import/judge-thresholds.ts'
import { readScenario } from '../../load/read-scenario.ts'
import { scaleScenario } from '../../load/scale-scenario.ts'
import { scenarioHash } from '../../load/scenario-hash.ts'
import { StewardError } from '../../model/error.ts'
import type { LoadRun } from '../../model/load-run.ts'
import type { Scenario } from '../../model/scenario.ts'

export interface ImportRequest {
  /** A built-in scenario, a scenario's file, or any other name: files of the same name are of one definition. */
  readonly scenario?: string | undefined
  /** Where a scenario's file is looked for. */
  readonly cwd?: string
  /** What the scenario was scaled by when it ran. */
  readonly timeScale?: number
  readonly loadScale?: number
  /** At the beginning of the files, not counted. */
  readonly warmUpMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((text: string) => void) | undefined
}

/** One file, one run; of a baseline's or a list's the first. Throws 'run-file'. */
export async function importRun(path: string, request: ImportRequest = {}): Promise<LoadRun> {
  return (await importRuns([path], request))[0]!
}

/** With `merge` the files are parts of one run. Throws 'run-file'. */
export async function importRuns(
  paths: readonly string[],
  request: ImportRequest & { readonly merge?: boolean } = {},
): Promise<readonly LoadRun[]> {
  const { timeScale = 1, loadScale = 1 } = request
  const whole = await scenarioOf(request)
  const scenario = whole === null ? null : scaleScenario(whole, timeScale, loadScale)
  const options: ImportOptions = {
    merge: request.merge ?? false,
    warmUpMs: request.warmUpMs ?? scenario?.warmUp,
    signal: request.signal,
    onProgress: request.onProgress,
    ...(scenario === null
      ? { scenarioId: request.scenario }
      : {
          scenario: {
            id: scenario.id,
            title: scenario.title,
            hash: scenarioHash(whole!),
            model: scenario.load.model,
            timeScale,
            loadScale,
          },
        }),
  }
  const runs = await importFiles(paths, options)
  if (scenario === null || scenario.thresholds.length === 0) return runs
  // our own runs were judged when they were made
  return runs.map((run) =>
    run.engine.name === 'node' ? run : { ...run, thresholds: [...judgeThresholds(scenario.thresholds, run)] },
  )
}

/** Null: none is named, or the name is no scenario of ours. */
async function scenarioOf({ scenario, cwd = '.' }: ImportRequest): Promise<Scenario | null> {
  if (scenario === undefined) return null
  try {
    return await readScenario(scenario, cwd)
  } catch (error) {
    if (
      error instanceof StewardError &&
      /^there is no scenario/.test(error.message) &&
      /^[\w-]+$/.test(scenario)
    )
      return null
    throw error
  }
}
