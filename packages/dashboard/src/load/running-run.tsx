// A run under way: what the last second was like, and its course so far over the time that is planned.

import type { LoadRunWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { FigureStrip } from '../figure-strip.tsx'
import { formatCompact, formatMs, formatPerSecond, orNothing } from '../format.ts'
import { LiveLine, Progress } from './live-runs.tsx'
import { scaleWords } from './load-words.ts'
import { RunCharts } from './run-charts.tsx'

export function RunningRun(props: { readonly live: NonNullable<LoadRunWire['live']> }): ReactNode {
  const { live } = props
  const { latest, scenario } = live
  const scale = scaleWords(scenario)
  const isWarmingUp = latest !== null && latest.atMs <= live.warmUpMs
  return (
    <>
      <header className="finding-head">
        <h1>{scenario.title}</h1>
        <p className="muted run-about">
          under way{live.target === null ? '' : ` on ${live.target}`}
          {scale === null ? '' : `, ${scale}`}
          {isWarmingUp ? ', warming up: not measured yet' : ''}
        </p>
        <p className="headline load-headline">
          <LiveLine run={live} />
        </p>
        <Progress run={live} />
      </header>
      {live.isSilent ? (
        <p className="note">
          Nothing has been heard of it for a while. When it ends, it is kept as a file where it was started,
          and shown here if this server can be reached then.
        </p>
      ) : null}
      <FigureStrip
        label="The last second"
        figures={[
          {
            label: 'p95',
            value: orNothing(latest?.p95Ms ?? null, formatMs),
            beside: `p50 ${orNothing(latest?.p50Ms ?? null, formatMs)}, p99 ${orNothing(latest?.p99Ms ?? null, formatMs)}`,
          },
          {
            label: 'Answered',
            value: orNothing(latest?.requestsPerSecond ?? null, formatPerSecond),
            beside:
              latest?.offeredPerSecond == null
                ? `${latest?.users ?? 0} users`
                : `${formatPerSecond(latest.offeredPerSecond)} arrivals offered`,
          },
          { label: 'Requests', value: formatCompact(live.requests), beside: 'so far' },
          {
            label: 'Failed',
            value: live.errors === 0 ? 'none' : formatCompact(live.errors),
            beside: 'so far',
          },
        ]}
      />
      <RunCharts
        time={{ startedAt: live.startedAt, warmUpMs: live.warmUpMs, totalMs: live.plannedMs }}
        moments={live.moments}
      />
    </>
  )
}
