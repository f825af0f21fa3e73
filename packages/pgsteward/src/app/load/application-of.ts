// Name and version of the application under test, by the package.json of the folder that the run is started in.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunEnvironment } from '../../model/load-run.ts'

export async function applicationOf(cwd: string): Promise<RunEnvironment['application']> {
  try {
    const { name, version } = JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8')) as {
      name?: unknown
      version?: unknown
    }
    if (typeof name !== 'string' || name === '') return null
    return { name, version: typeof version === 'string' ? version : null }
  } catch {
    return null
  }
}
