// The columns of a list of load runs.

import type { LoadRunSummaryWire } from 'pgsteward/wire'
import { OrDash } from '../application/cells.tsx'
import { formatCompact, formatMs, formatPerSecond, formatRatio, orNothing } from '../format.ts'
import { Moment } from '../moment.tsx'
import type { Column } from '../table/data-table.tsx'
import { scaleWords } from './load-words.ts'
import { StandingBadge } from './standing.tsx'

const RANK = { invalid: 0, failed: 1, warning: 2, inconclusive: 3, measured: 4, good: 5 } as const

export const runColumns: readonly Column<LoadRunSummaryWire>[] = [
  {
    id: 'scenario',
    head: 'Scenario',
    value: (run) => run.scenario.title,
    csv: (run) => run.scenario.id,
    cell: (run) => {
      const scale = scaleWords(run.scenario)
      return (
        <>
          {run.scenario.title}
          {run.experiment === null ? null : <span className="muted"> {run.experiment.side}</span>}
          {scale === null ? null : <span className="muted from-900"> {scale}</span>}
          <span className="muted until-900">
            {' '}
            <Moment at={run.startedAt} />
          </span>
        </>
      )
    },
  },
  {
    id: 'standing',
    head: 'Verdict',
    width: 128,
    value: (run) => RANK[run.verdict.standing],
    csv: (run) => run.verdict.text,
    cell: (run) => <StandingBadge standing={run.verdict.standing} title={run.verdict.text} />,
  },
  {
    id: 'p95',
    head: 'p95',
    isNumber: true,
    width: 88,
    meaning: '95 of 100 requests were answered within this time, counted from when they should have begun.',
    value: (run) => run.p95Ms,
    cell: (run) => orNothing(run.p95Ms, formatMs),
  },
  {
    id: 'p50',
    head: 'p50',
    isNumber: true,
    width: 88,
    from: 900,
    value: (run) => run.p50Ms,
    cell: (run) => orNothing(run.p50Ms, formatMs),
  },
  {
    id: 'p99',
    head: 'p99',
    isNumber: true,
    width: 88,
    from: 900,
    value: (run) => run.p99Ms,
    cell: (run) => orNothing(run.p99Ms, formatMs),
  },
  {
    id: 'rate',
    head: 'Requests',
    unit: 'per second',
    isNumber: true,
    width: 136,
    from: 1200,
    value: (run) => run.requestsPerSecond,
    cell: (run) => formatPerSecond(run.requestsPerSecond),
  },
  {
    id: 'requests',
    head: 'Requests',
    isNumber: true,
    width: 96,
    from: 1200,
    value: (run) => run.requests,
    cell: (run) => formatCompact(run.requests),
  },
  {
    id: 'errors',
    head: 'Failed',
    isNumber: true,
    width: 88,
    from: 640,
    value: (run) => (run.requests === 0 ? null : run.errors / run.requests),
    cell: (run) =>
      run.errors === 0 ? (
        <span className="muted">0 %</span>
      ) : (
        formatRatio(run.errors / Math.max(1, run.requests))
      ),
  },
  {
    id: 'duration',
    head: 'For',
    isNumber: true,
    width: 96,
    from: 1200,
    value: (run) => run.durationMs,
    cell: (run) => formatMs(run.durationMs),
  },
  {
    id: 'version',
    head: 'Commit',
    width: 96,
    from: 1500,
    value: (run) => run.gitSha,
    cell: (run) => <OrDash text={run.gitSha === null ? null : run.gitSha.slice(0, 10)} />,
  },
  {
    id: 'target',
    head: 'Target',
    width: 200,
    from: 1500,
    value: (run) => run.target,
    cell: (run) => <OrDash text={run.target} />,
  },
  {
    id: 'started',
    head: 'Started',
    width: 104,
    from: 900,
    isNumber: true,
    value: (run) => Date.parse(run.startedAt),
    csv: (run) => run.startedAt,
    cell: (run) => <Moment at={run.startedAt} />,
  },
]
