// Error budgets: what an objective allows to go wrong over a window, what has been spent of it, how fast it goes. In milliseconds of
// downtime, or in requests. Method: The Site Reliability Workbook (2018), chapter 5, "Alerting on SLOs".

export interface Spending {
  /** Of the time or the requests: what there was, and what of it was bad. */
  readonly all: number
  readonly bad: number
}

export interface ErrorBudget {
  readonly allowed: number
  readonly spent: number
  /** Below 0: more was spent than there was. */
  readonly left: number
  /** Of what is allowed; 1 where nothing was spent. */
  readonly leftRatio: number
}

/** Share that was bad, by the share that may be: 1 spends a budget exactly over its window. 0 where there was nothing. */
export function burnRate({ all, bad }: Spending, slo: number): number {
  return all > 0 ? bad / all / (1 - slo) : 0
}

export function errorBudget({ all, bad }: Spending, slo: number): ErrorBudget {
  const allowed = all * (1 - slo)
  return {
    allowed,
    spent: bad,
    left: allowed - bad,
    leftRatio: allowed > 0 ? (allowed - bad) / allowed : 1,
  }
}

/** Until nothing is left, at this rate of burning; null: it is not burning. */
export function lastsForMs(leftRatio: number, burn: number, windowMs: number): number | null {
  if (burn <= 0) return null
  return (Math.max(0, leftRatio) * windowMs) / burn
}
