// A scenario written as files for k6: one script, or what k6-operator needs.

import { k6Script } from '../../load/k6/k6-script.ts'
import { environmentNames, type TestRunFile, testRunFiles } from '../../load/k6/test-run.ts'
import { readScenario } from '../../load/read-scenario.ts'
import { scaleScenario } from '../../load/scale-scenario.ts'
import { scenarioHash } from '../../load/scenario-hash.ts'

export interface K6FilesRequest {
  readonly scenario: string
  readonly cwd: string
  readonly target: string
  readonly timeScale: number
  readonly loadScale: number
  /** Of the script, for the comment that says how to run it. */
  readonly fileName?: string
  /** Runners; null: no operator. */
  readonly runners: number | null
}

export interface K6Files {
  readonly script: string
  /** Of k6-operator. */
  readonly manifests: readonly TestRunFile[]
  /** What the script needs from its environment. */
  readonly environment: readonly string[]
  readonly scenario: { readonly id: string; readonly hash: string; readonly thresholds: number }
}

/** Throws 'scenario-invalid'. */
export async function k6Files(request: K6FilesRequest): Promise<K6Files> {
  const whole = await readScenario(request.scenario, request.cwd)
  const scenario = scaleScenario(whole, request.timeScale, request.loadScale)
  const hash = scenarioHash(whole)
  const script = k6Script(scenario, {
    target: request.target,
    hash,
    ...(request.fileName === undefined ? {} : { fileName: request.fileName }),
  })
  return {
    script,
    manifests:
      request.runners === null
        ? []
        : testRunFiles(scenario, {
            parallelism: request.runners,
            target: request.target,
            script,
            scenarioName: request.scenario,
          }),
    environment: environmentNames(scenario),
    scenario: { id: scenario.id, hash, thresholds: scenario.thresholds.length },
  }
}
