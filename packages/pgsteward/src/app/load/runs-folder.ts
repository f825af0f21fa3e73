// Where runs are kept as files (load.dir), one each, named by when they began and what they ran.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StewardError } from '../../model/error.ts'
import type { LoadRun } from '../../model/load-run.ts'
import { readRunFile } from './read-run-file.ts'
import { writeWholeFile } from './write-whole-file.ts'

export interface KeptRun {
  readonly path: string
  readonly run: LoadRun
}

export interface KeptRuns {
  /** The newest first. */
  readonly runs: readonly KeptRun[]
  /** Files that cannot be read as runs: named, and left where they are. */
  readonly damaged: readonly { readonly path: string; readonly because: string }[]
}

/** `20261122-180512-smoke-1f2e3d4c.json`: in order of time, and no two alike. */
export function runFileName({ startedAt, scenario, id }: LoadRun): string {
  const at = startedAt
    .replace(/\.\d+Z?$|Z$/, '')
    .replaceAll(/[-:]/g, '')
    .replace('T', '-')
  const plainly = (text: string) => text.replaceAll(/[^A-Za-z0-9-]+/g, '-').slice(0, 60)
  return `${at}-${plainly(scenario.id)}-${plainly(id).slice(-12)}.json`
}

/** Returns the file. Throws 'file-not-written'. */
export async function saveRun(dir: string, run: LoadRun): Promise<string> {
  const path = join(dir, runFileName(run))
  await writeWholeFile(path, `${JSON.stringify(run)}\n`)
  return path
}

/** A folder that is not there holds nothing. `most`: files read at most, the newest. */
export async function listRuns(
  dir: string,
  { most = 1_000 }: { readonly most?: number } = {},
): Promise<KeptRuns> {
  const names = await readdir(dir).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return []
    throw new StewardError('run-file', `the folder of runs ${dir} cannot be read`, {
      detail: cause.message,
      cause,
    })
  })
  const runs: KeptRun[] = []
  const damaged: { path: string; because: string }[] = []
  // names begin with the time
  for (const name of names
    .filter((each) => each.endsWith('.json'))
    .sort()
    .reverse()
    .slice(0, most)) {
    const path = join(dir, name)
    try {
      for (const run of await readRunFile(path)) runs.push({ path, run })
    } catch (error) {
      if (!(error instanceof StewardError)) throw error
      damaged.push({ path, because: error.detail ?? error.message })
    }
  }
  return { runs: runs.sort((a, b) => (a.run.startedAt < b.run.startedAt ? 1 : -1)), damaged }
}
