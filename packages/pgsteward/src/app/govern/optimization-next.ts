// What is to be added to an optimization record, as data; and what its finding puts into its first entries.

import { measuredByEffect } from '../../govern/optimization/measured-by-effect.ts'
import type { OptimizationAction, OptimizationBody } from '../../govern/optimization/optimization-entries.ts'
import type { IndexEffect } from '../../model/index-effect.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { Store } from '../../store/store.ts'

/** Who writes what nobody was asked for. */
export const AUTHOR = 'pgsteward'

export type NextEntry = {
  [A in OptimizationAction]: {
    readonly action: A
    readonly body: OptimizationBody<A>
    /** Default: AUTHOR. */
    readonly actor?: string
  }
}[OptimizationAction]

export function identifiedBy(
  finding: OpenFinding | null,
  otherwise: { readonly title: string; readonly findingKey: string | null },
): OptimizationBody<'identified'> {
  return {
    title: finding?.summary ?? otherwise.title,
    findingKey: finding?.key ?? otherwise.findingKey,
    checkId: finding?.checkId ?? otherwise.findingKey?.split(':')[0] ?? null,
    severity: finding?.severity ?? null,
    firstSeenAt: finding?.firstSeenAt.toISOString() ?? null,
    evidence: [...(finding?.evidence ?? [])],
  }
}

/** `grownBytes`: what the index takes; null: not known. */
export async function measuredFrom(
  store: Pick<Store, 'statementSums'>,
  effect: IndexEffect,
  grownBytes: number | null,
): Promise<OptimizationBody<'measured'>> {
  const sums = await store.statementSums(effect.targetId, effect.before)
  const totalMsPerMinute = sums.seconds === 0 ? null : sums.totalExecMs / (sums.seconds / 60)
  return measuredByEffect(effect, totalMsPerMinute, grownBytes)
}
