// The rules that people are alerted by, requirement by requirement, each with the check that is it. A list for the catalogue test: a rule
// without a check, or without its series test, fails there.

export interface Rule {
  readonly requirement: 'N2' | 'N3' | 'N5'
  /** As it was asked for. */
  readonly words: string
  readonly checkId: string
}

export const RULES: readonly Rule[] = [
  { requirement: 'N2', words: 'connections over 80 % of the usable', checkId: 'connections-near-limit' },
  {
    requirement: 'N2',
    words: 'cache hit under 40 % (critical), under 95 % (warning)',
    checkId: 'low-cache-hit',
  },
  { requirement: 'N2', words: 'more than 10 slow queries a minute', checkId: 'slow-query-rate' },
  { requirement: 'N2', words: 'index bloat over 20 %', checkId: 'bloated-index' },
  { requirement: 'N2', words: 'query p95 over 500 ms, alert over 1000 ms', checkId: 'query-latency' },
  { requirement: 'N2', words: 'slow over 5 a minute', checkId: 'slow-query-rate' },
  { requirement: 'N2', words: 'critical over 1 a minute', checkId: 'critical-query-rate' },
  { requirement: 'N2', words: 'pool over 30, target 10 to 20', checkId: 'oversized-pool' },
  { requirement: 'N3', words: 'auth p95 over 1500 ms, target 1000', checkId: 'slow-feature' },
  { requirement: 'N3', words: 'messages p95 over 2500 ms, target 1500', checkId: 'slow-feature' },
  { requirement: 'N3', words: 'conversations p95 over 1000 ms, target 400', checkId: 'slow-feature' },
  { requirement: 'N3', words: 'billing p95 over 3000 ms, target 2000', checkId: 'slow-feature' },
  { requirement: 'N3', words: 'delivery rate under 95 %, target 98', checkId: 'delivery-rate' },
  { requirement: 'N3', words: 'delivery latency over 15 s, target 5', checkId: 'delivery-latency' },
  { requirement: 'N3', words: 'delivery failures over 20 an hour', checkId: 'delivery-failures' },
  { requirement: 'N3', words: 'payment failures over 2 an hour', checkId: 'payment-failures' },
  {
    requirement: 'N3',
    words: 'subscriptions over 20 % below baseline',
    checkId: 'subscriptions-below-baseline',
  },
  { requirement: 'N3', words: 'error rate over 5 %, target 0.1', checkId: 'error-rate' },
  { requirement: 'N5', words: 'the application and the database answer', checkId: 'probe-failing' },
  { requirement: 'N5', words: '99.9 %, error budget', checkId: 'error-budget-burn' },
]
