// twin explain: plans of a workload on a planner twin, beside how well the twin agrees with the target where there is one.

import type { Milliseconds } from '../model/units.ts'
import type { Agreement, PlanNode } from '../model/what-if.ts'
import { type MeasuredAgreement, measureAgreement, planningTarget } from '../twin/agreement.ts'
import { buildTwin } from '../twin/build-twin.ts'
import { explainAsWritten } from '../twin/explain.ts'
import type { LeftOut } from '../twin/statistics/statistics-file.ts'
import { chooseHost, inPrivateFolder, openTwinSource, type TwinHostChoice } from './twin-source.ts'
import type { WorkloadQuery } from './workload-queries.ts'

export interface TwinExplainRequest {
  readonly urlOrFile: string
  readonly queries: readonly WorkloadQuery[]
  readonly host: TwinHostChoice
  readonly cacheDir: string
  /** Settings on top of the target's. */
  readonly settings: Readonly<Record<string, string>>
  readonly now: () => Date
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

export interface ExplainedQuery {
  readonly id: string
  readonly plan: PlanNode | null
  readonly error?: string
}

export interface TwinExplainReport {
  readonly plans: readonly ExplainedQuery[]
  /** Null: no target at hand to compare with. */
  readonly agreement: MeasuredAgreement | null
  readonly leftOut: readonly LeftOut[]
  readonly planner: { readonly kind: 'pglite' | 'native'; readonly versionNum: number }
  readonly target: { readonly versionNum: number; readonly values: 'literal' | 'surrogate' }
  readonly buildMs: Milliseconds
}

/** One statement that can't be planned has an error of its own. The target is asked to EXPLAIN what the twin explained, no more. */
export async function runTwinExplain(request: TwinExplainRequest): Promise<TwinExplainReport> {
  const { onProgress, signal } = request
  const { statistics, session } = await openTwinSource(request.urlOrFile, request.now, onProgress)
  try {
    const host = await chooseHost(request.host, statistics.server.versionNum)
    return await inPrivateFolder(async (dir) => {
      const { planner, leftOut, tookMs } = await buildTwin(statistics, {
        dir,
        cacheDir: request.cacheDir,
        host,
        settings: request.settings,
        onProgress,
      })
      try {
        const plans: ExplainedQuery[] = []
        const asked = []
        for (const [place, { id, sql }] of request.queries.entries()) {
          signal.throwIfAborted()
          if (place % 20 === 0) onProgress(`explaining ${place} of ${request.queries.length}`)
          let kind: 'none' | 'generic' = 'none'
          const answer = await explainAsWritten((parameters) => {
            kind = parameters.kind === 'generic' ? 'generic' : 'none'
            return planner.explain(sql, parameters)
          })
          plans.push(
            'error' in answer ? { id, plan: null, error: answer.error.message } : { id, plan: answer.plan },
          )
          asked.push({ id, sql, parameters: { kind } })
        }
        onProgress('comparing with the target')
        const agreement =
          session === null
            ? null
            : await measureAgreement(await planningTarget(session, request.settings), planner, asked)
        return {
          plans,
          agreement,
          leftOut,
          planner: { kind: planner.kind, versionNum: planner.versionNum },
          target: { versionNum: statistics.server.versionNum, values: statistics.values },
          buildMs: tookMs,
        }
      } finally {
        await planner.close()
      }
    })
  } finally {
    await session?.close()
  }
}

export type { Agreement }
