// twin explain: plans of a workload on a planner twin, beside how well the twin agrees with the target where there is one.

import type { Milliseconds } from '../../model/units.ts'
import type { Agreement } from '../../model/what-if.ts'
import {
  type AskedStatement,
  type MeasuredAgreement,
  measureAgreement,
  planningTarget,
} from '../../twin/agreement.ts'
import { buildTwin } from '../../twin/build-twin.ts'
import type { LeftOut } from '../../twin/statistics/statistics-file.ts'
import type { WorkloadQuery } from '../workload/workload-queries.ts'
import { type ExplainedQuery, explainQueries } from './explain-queries.ts'
import { chooseHost, inPrivateFolder, openTwinSource, type TwinHostChoice } from './twin-source.ts'

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
        const { plans, asked } = await explainQueries(planner, request.queries, { signal, onProgress })
        onProgress('comparing with the target')
        const agreement =
          session === null
            ? null
            : await measureAgreement(
                await planningTarget(session, request.settings),
                planner,
                compared(asked),
              )
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

/** The target is a server at work: of a long list, as many as these tell how well the twin agrees. */
const MOST_COMPARED = 2_000

function compared(asked: readonly AskedStatement[]): readonly AskedStatement[] {
  if (asked.length <= MOST_COMPARED) return asked
  return Array.from(
    { length: MOST_COMPARED },
    (_, place) => asked[Math.floor((place * asked.length) / MOST_COMPARED)]!,
  )
}

export type { Agreement }
