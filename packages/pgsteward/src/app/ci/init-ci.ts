// Writes what a project needs to judge pull requests, and nothing over what is there.

import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StewardError } from '../../model/error.ts'
import { detectProject } from './detect-project.ts'
import { githubWorkflow, type WorkflowChoices } from './github-workflow.ts'
import { STARTER_CONFIG, STARTER_SCENARIO } from './starter-files.ts'

export const WORKFLOW_FILE = '.github/workflows/pgsteward.yml'
const SCENARIO_FILE = 'load/ci.ts'
const CONFIG_FILES = ['pgsteward.config.ts', 'pgsteward.config.js', 'pgsteward.config.mjs']

export interface InitCiRequest {
  readonly dir: string
  /** Replaces the workflow; scenarios and configuration are never replaced. */
  readonly isForced: boolean
  readonly design: WorkflowChoices['design']
  readonly health: string
  readonly isAudited: boolean
  /** Null: the first file in load/, or a new one. */
  readonly scenario: string | null
}

export interface InitCiResult {
  readonly written: readonly string[]
  /** There already, and left as they are. */
  readonly kept: readonly string[]
  /** What to look at and do before it works, in order. */
  readonly next: readonly string[]
}

export async function initCi(request: InitCiRequest): Promise<InitCiResult> {
  const { dir, isForced, design, health, isAudited } = request
  const project = await detectProject(dir)
  const scenario = request.scenario ?? (await firstScenario(dir)) ?? SCENARIO_FILE
  const config = CONFIG_FILES.find((name) => existsSync(join(dir, name)))
  const written: string[] = []
  const kept: string[] = []
  const put = async (name: string, text: string, mayReplace: boolean) => {
    if (existsSync(join(dir, name)) && !mayReplace) {
      kept.push(name)
      return
    }
    await write(join(dir, name), text)
    written.push(name)
  }
  await put(WORKFLOW_FILE, githubWorkflow(project, { scenario, design, health, isAudited }), isForced)
  if (request.scenario === null) await put(scenario, STARTER_SCENARIO, false)
  if (config === undefined) await put(CONFIG_FILES[0]!, STARTER_CONFIG, false)
  else kept.push(config)
  const isNewScenario = written.includes(scenario)
  return {
    written,
    kept,
    next: [
      ...(project.hasPgsteward ? [] : [INSTALL_HINT[project.packageManager]]),
      ...(isNewScenario
        ? [
            `${scenario}: name the endpoints that users wait for; pgsteward load scenarios ${scenario} checks it`,
          ]
        : []),
      `${WORKFLOW_FILE}: look at the lines marked "adapt"${missing(project)}`,
      `try it here: pgsteward load ab ${scenario} --base-command "..." --head-command "..." --for 5s`,
      'plans at production’s sizes: fill the branch pgsteward-statistics, docs/guides/plan-check.md',
    ],
  }
}

const INSTALL_HINT = {
  npm: 'npm install --save-dev pgsteward',
  pnpm: 'pnpm add --save-dev pgsteward',
  yarn: 'yarn add --dev pgsteward',
} as const

function missing({ hasStart, hasSeed, prismaMigrations }: Awaited<ReturnType<typeof detectProject>>): string {
  const parts = [
    ...(hasStart ? [] : ['how the application is started (no script "start" was found)']),
    ...(prismaMigrations === null ? ['how its tables are made'] : []),
    ...(hasSeed ? [] : ['how they are filled (no script "seed" was found)']),
  ]
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`
}

async function firstScenario(dir: string): Promise<string | null> {
  const names = await readdir(join(dir, 'load')).catch(() => [])
  const name = names
    .filter((each) => /\.(ts|mts|js|mjs|json)$/.test(each) && !/\.(test|d)\./.test(each))
    .sort()[0]
  return name === undefined ? null : `load/${name}`
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  } catch (cause) {
    throw new StewardError('file-not-written', `${path} can't be written`, {
      detail: (cause as Error).message,
      cause,
    })
  }
}
