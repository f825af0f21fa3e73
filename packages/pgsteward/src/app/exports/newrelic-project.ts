// What a project's folder shows of New Relic's agent: package, configuration file, how it is started, what is loaded first.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type { AgentConfig } from '../../export/newrelic/agent-leaks.ts'
import { firstImport, readStartCommand, type StartCommand } from '../../export/newrelic/start-command.ts'
import { StewardError } from '../../model/error.ts'

export interface NewRelicProject {
  readonly dir: string
  readonly isModule: boolean
  readonly declaredAs: 'dependencies' | 'devDependencies' | null
  /** Null: not installed here. */
  readonly installedVersion: string | null
  readonly configFile: string | null
  readonly config: AgentConfig | null
  /** Why the file could not be read. */
  readonly configProblem: string | null
  readonly scriptName: string
  /** Null: package.json has no such script. */
  readonly start: StartCommand | null
  /** Null: not there, as before a build. */
  readonly firstImport: string | null
  readonly hasEntry: boolean
}

/** In the order in which the agent looks for them. */
const CONFIG_FILES = ['newrelic.js', 'newrelic.cjs', 'newrelic.mjs']

interface Manifest {
  readonly type?: string
  readonly version?: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

export async function readNewRelicProject(
  dir: string,
  scriptName: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<NewRelicProject> {
  const manifest = await readManifest(join(dir, 'package.json'))
  if (manifest === null)
    throw new StewardError('usage', `${dir} has no package.json that can be read`, {
      hint: 'Run it in the folder of the application, or give --dir FOLDER.',
    })
  const script = manifest.scripts?.[scriptName]
  const start = script === undefined ? null : readStartCommand(script, env.NODE_OPTIONS)
  const entryText = start?.entry === null || start === null ? null : await readText(resolve(dir, start.entry))
  return {
    dir,
    isModule: manifest.type === 'module',
    declaredAs:
      manifest.dependencies?.newrelic !== undefined
        ? 'dependencies'
        : manifest.devDependencies?.newrelic !== undefined
          ? 'devDependencies'
          : null,
    installedVersion: await installedVersion(dir),
    ...readAgentConfig(dir, env),
    scriptName,
    start,
    firstImport: entryText === null ? null : firstImport(entryText),
    hasEntry: entryText !== null,
  }
}

/** Found as node finds it, in a folder above too. */
async function installedVersion(dir: string): Promise<string | null> {
  for (const folder of createRequire(join(dir, 'package.json')).resolve.paths('newrelic') ?? []) {
    const found = await readManifest(join(folder, 'newrelic', 'package.json'))
    if (found?.version !== undefined) return found.version
  }
  return null
}

/** It is a program and is run, as the agent does. Nothing of it is told but what is judged. */
function readAgentConfig(dir: string, env: Readonly<Record<string, string | undefined>>) {
  const folders = env.NEW_RELIC_HOME === undefined ? [dir] : [resolve(dir, env.NEW_RELIC_HOME), dir]
  const names = [
    ...(env.NEW_RELIC_CONFIG_FILENAME === undefined ? [] : [env.NEW_RELIC_CONFIG_FILENAME]),
    ...CONFIG_FILES,
  ]
  const file = folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path))
  if (file === undefined) return { configFile: null, config: null, configProblem: null }
  try {
    const loaded = createRequire(join(dir, 'package.json'))(file) as { config?: AgentConfig }
    const config = loaded.config ?? null
    return { configFile: file, config, configProblem: config === null ? 'it exports no config' : null }
  } catch (error) {
    // the words alone: a message may quote the file
    return { configFile: file, config: null, configProblem: (error as Error).name }
  }
}

async function readManifest(path: string): Promise<Manifest | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Manifest
  } catch {
    return null
  }
}

async function readText(path: string): Promise<string | null> {
  for (const each of [path, `${path}.js`, join(path, 'index.js')]) {
    try {
      return await readFile(each, 'utf8')
    } catch {
      // the next spelling
    }
  }
  return null
}
