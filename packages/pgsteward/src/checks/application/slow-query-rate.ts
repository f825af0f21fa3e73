// How often statements are slow, on the whole: what many users feel before any one statement stands out.

import { slowQueryRates } from '../../facts/slow-query-rates.ts'
import { threshold } from '../threshold.ts'
import { slowestEvidence } from './slowest-evidence.ts'

export const slowQueryRate = threshold({
  id: 'slow-query-rate',
  area: 'query',
  title: 'Many slow statements',
  needs: { rates: slowQueryRates },
  label: 'slow statements a minute',
  unit: 'count',
  is: 'above',
  warning: {
    at: 5,
    because:
      'A minute, over five of them: from 500 ms as the application waits, from 100 ms in the database (S3).',
  },
  critical: { at: 10, because: 'A minute: one every six seconds, so somebody waits at any moment.' },
  // what a deployment finds cold is warm after a minute
  holdMs: 60_000,
  clearMs: 2 * 60_000,
  rows: ({ rates }) => [
    {
      subject: { kind: 'server' },
      value: rates.slow / (rates.windowMs / 60_000),
      summary: 'Many statements are slow',
      evidence: slowestEvidence(rates),
    },
  ],
})
