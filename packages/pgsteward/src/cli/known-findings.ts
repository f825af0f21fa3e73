// What `pgsteward findings` lists: asked of a running server, since that one holds its embedded store, or read from the store.

import { z } from 'zod'
import { StewardError } from '../model/error.ts'
import { SEVERITIES } from '../model/finding.ts'
import type { FindingState } from '../model/open-finding.ts'
import { type TargetWire, type ToldFindingWire, targetWire, toldFindingWire } from '../model/wire.ts'
import { askServer } from './ask-server.ts'

export interface KnownFindings {
  /** Where they come from, in words. */
  readonly source: string
  readonly findings: readonly ToldFindingWire[]
}

export interface Question {
  readonly address: string
  readonly token: string | undefined
  readonly target: string | undefined
  readonly states: readonly FindingState[]
}

/** Throws 'server-unreachable' where it does not answer, and what it answers in place of findings. */
export async function findingsFromServer({
  address,
  token,
  target,
  states,
}: Question): Promise<KnownFindings> {
  const ask = async <T extends z.ZodType>(path: string, answer: T): Promise<z.output<T>> =>
    await askServer({ address, token }, path, answer)
  const targets: readonly TargetWire[] = await ask('targets', z.array(targetWire))
  if (target !== undefined && !targets.some(({ id }) => id === target))
    throw new StewardError('usage', `there is no target ${target}`, {
      hint: `Known: ${targets.map(({ id }) => id).join(', ')}.`,
    })
  const asked = targets.filter(({ id }) => target === undefined || id === target)
  const found = await Promise.all(
    asked.map(({ id }) =>
      ask(
        `targets/${encodeURIComponent(id)}/findings?told=true&state=${states.join(',')}`,
        z.array(toldFindingWire),
      ),
    ),
  )
  // each target's are in order; among several the worst of all come first
  const findings = SEVERITIES.toReversed().flatMap((severity) =>
    found.flat().filter((finding) => finding.severity === severity),
  )
  return { source: `the server at ${address}`, findings }
}
