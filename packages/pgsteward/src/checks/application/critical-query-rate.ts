// How often statements are so slow that people give up, on the whole.

import { slowQueryRates } from '../../facts/slow-query-rates.ts'
import { threshold } from '../threshold.ts'
import { slowestEvidence } from './slowest-evidence.ts'

export const criticalQueryRate = threshold({
  id: 'critical-query-rate',
  area: 'query',
  title: 'Statements that are far too slow, again and again',
  needs: { rates: slowQueryRates },
  label: 'statements over the critical limit a minute',
  unit: 'count',
  is: 'above',
  warning: {
    at: 1,
    because:
      'A minute, over five of them: from 2 s as the application waits, from 500 ms in the database (S3). One alone is chance.',
  },
  critical: {
    at: 5,
    because: 'A minute: as many as slow ones are a warning; whole features stand still. A judgement.',
  },
  clear: { at: 0.7, because: 'Over when there were at most three within five minutes.' },
  holdMs: 60_000,
  clearMs: 2 * 60_000,
  rows: ({ rates }) => [
    {
      subject: { kind: 'server' },
      value: rates.critical / (rates.windowMs / 60_000),
      summary: 'Statements are far too slow, again and again',
      evidence: slowestEvidence(rates),
    },
  ],
})
