// Reads a sweep that `load sweep --out` wrote.

import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { StewardError } from '../../model/error.ts'
import { SWEEP_FORMAT, type Sweep, sweepSchema } from '../../model/sweep.ts'

/** Throws 'run-file', naming the first value that is wrong. */
export async function readSweep(path: string): Promise<Sweep> {
  let parsed: unknown
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw unreadable(path, (cause as Error).message, cause)
  }
  const result = sweepSchema.safeParse(parsed)
  if (!result.success) throw unreadable(path, z.prettifyError(result.error).split('\n')[0]!, result.error)
  return result.data
}

function unreadable(path: string, detail: string, cause: unknown): StewardError {
  return new StewardError('run-file', `${path} is no sweep`, {
    detail,
    hint: `pgsteward load sweep --out FILE writes one (${SWEEP_FORMAT}).`,
    cause,
  })
}
