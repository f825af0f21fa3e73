// One run of advise as the server orders it, in whatever process it is asked to.

import type { AdviceReport } from '../../model/advice.ts'
import type { AdviceOrder, RunningAdvice } from './advice-process.ts'
import { parseBudget, runAdvise } from './run-advise.ts'

export async function seekAdvice(order: AdviceOrder, running: RunningAdvice): Promise<AdviceReport> {
  const { url, workload, budget, atMost, searchMs, cacheDir } = order
  return await runAdvise({
    url,
    workloadFile: null,
    ...(workload === null ? {} : { workload }),
    // the configuration's schema lets nothing else through
    budget: parseBudget(budget) ?? { kind: 'share', share: 0.25 },
    planner: 'auto',
    mostIndexes: atMost,
    searchMs,
    cacheDir,
    now: () => new Date(),
    ...running,
  })
}
