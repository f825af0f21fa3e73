// The configuration's section on load, with its paths as of the current folder.

import { resolve } from 'node:path'
import type { Config } from '../app/config/config-schema.ts'
import { loadConfig } from '../app/config/load-config.ts'
import { ALL_CHECKS } from '../checks/all.ts'
import type { CommandContext } from './command.ts'

export interface LoadSettings {
  readonly targets: readonly string[]
  readonly runsDir: string
  readonly baselineFile: string
  /** Where a pgsteward of the same configuration would answer, and keep its tokens. */
  readonly server: Config['server']
  readonly storeDir: string
}

export async function loadSettings(
  { cwd, env }: Pick<CommandContext, 'cwd' | 'env'>,
  file: string | undefined,
): Promise<LoadSettings> {
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd,
    env,
    ...(file === undefined ? {} : { file }),
  })
  const { targets, dir, baselineFile } = config.load
  return {
    targets,
    runsDir: resolve(cwd, dir),
    baselineFile: resolve(cwd, baselineFile),
    server: config.server,
    storeDir: config.store.dir,
  }
}
