// A first look at a target before watching it: what it lacks, as doctor says it.

import type { Diagnosis } from '../evaluate/diagnose.ts'
import { runDoctor } from './run-doctor.ts'

/** Throws StewardError when the target can't be reached. */
export async function probeTarget(url: string): Promise<readonly Diagnosis[]> {
  const { lines } = await runDoctor(url)
  return lines.filter((line) => line.status !== 'ok' || line.aspect === 'version')
}
