// What k6's exit codes mean (errext/exitcodes of k6): whether it ran, and how it ended.

import type { LoadRun } from '../../model/load-run.ts'

export interface K6Exit {
  readonly ended: LoadRun['ended']
  /** What happened, for a run that did not end by itself; null: it did. */
  readonly because: string | null
}

const CODES: Readonly<Record<number, K6Exit>> = {
  0: { ended: 'completed', because: null },
  // thresholds: whether it was ended by one, or judged at its end, its length tells
  99: { ended: 'completed', because: null },
  97: { ended: 'failed', because: 'the run in the cloud failed (97)' },
  98: { ended: 'failed', because: 'the progress of the run in the cloud could not be read (98)' },
  100: { ended: 'failed', because: 'setup() took too long (100)' },
  101: { ended: 'failed', because: 'teardown() took too long (101)' },
  102: { ended: 'failed', because: 'something took too long (102)' },
  103: { ended: 'failed', because: 'k6 could not stop in time (103)' },
  104: { ended: 'failed', because: 'its options are not valid (104)' },
  105: { ended: 'interrupted', because: 'it was interrupted from outside (105)' },
  106: { ended: 'failed', because: 'its REST API could not be started (106)' },
  107: { ended: 'failed', because: 'the script threw an exception (107)' },
  108: { ended: 'failed', because: 'the script ended the run itself by test.abort (108)' },
  109: { ended: 'failed', because: 'k6 itself panicked (109)' },
  110: { ended: 'failed', because: 'the script marked the run as failed by test.fail (110)' },
}

export function k6Exit(code: number | null, signal: string | null): K6Exit {
  if (signal !== null)
    return {
      ended: 'failed',
      because: `k6 was killed (${signal})${signal === 'SIGKILL' ? '; when memory runs out, the system does that' : ''}`,
    }
  return CODES[code ?? -1] ?? { ended: 'failed', because: `k6 ended with code ${code}` }
}
