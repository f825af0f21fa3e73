// What sessions do: who blocks whom now, average active sessions over the range, and what they consist of.

import type { ActivityLiveWire, ActivityWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { ActivityChart } from '../activity/activity-chart.tsx'
import { ActivityTables } from '../activity/activity-tables.tsx'
import { averageText, DIMENSIONS, headline, samplingTrouble } from '../activity/activity-words.ts'
import { BlockingTree } from '../activity/blocking-tree.tsx'
import { ChartGrid } from '../chart/chart-grid.tsx'
import { ChartTime } from '../chart/chart-time.tsx'
import { WhatHappened } from '../chart/what-happened.tsx'
import { useResource } from '../data/use-resource.ts'
import { FigureStrip } from '../figure-strip.tsx'
import { formatMs, plural } from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Icon } from '../icon.tsx'
import { Loaded } from '../states.tsx'
import { parseRange } from '../time-range.ts'
import { useAddress } from '../use-address.ts'

const LIVE_EVERY_MS = 2_000
const LASTING_MS = 1_000

const seriesIn = ({ series, levels }: ActivityWire) => [...series, ...levels]

export function ActivityPage(): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const by = DIMENSIONS.find(({ id }) => id === params.get('by'))?.id ?? 'waitType'
  const filters = DIMENSIONS.flatMap(({ id }) => {
    const value = params.get(id)
    return value === null ? [] : [[id, value] as const]
  })
  const ask = {
    path: targetPath(target, 'activity'),
    params: { by, ...Object.fromEntries(filters) },
  }
  const from = { ask, seriesIn }
  const activity = useResource<ActivityWire>({
    ...ask,
    range: parseRange(params),
    everyMs: 10_000,
  })
  const { data: live } = useResource<ActivityLiveWire>({
    path: targetPath(target, 'activity/live'),
    everyMs: LIVE_EVERY_MS,
  })
  return (
    <>
      <title>{`Activity · ${target.id} · pgsteward`}</title>
      <h1>Activity</h1>
      <Loaded from={activity} rows={16}>
        {(data) => (
          <>
            <Sampling trouble={samplingTrouble((live ?? data).sampling)} />
            <p className="headline">{headline(data)}</p>
            {live === null ? null : <BlockedNow live={live} />}
            <Figures data={data} live={live} />
            {activity.span === null ? null : (
              <ChartTime>
                <ActivityChart data={data} span={activity.span} by={by} from={from} />
                <ActivityTables data={data} live={live} />
                <h2 className="activity-beside">Beside it</h2>
                <ChartGrid series={data.levels} span={activity.span} from={from} />
                <WhatHappened />
              </ChartTime>
            )}
          </>
        )}
      </Loaded>
    </>
  )
}

function Sampling(props: { readonly trouble: string | null }): ReactNode {
  return props.trouble === null ? null : (
    <p className="note" role="status">
      {props.trouble}
    </p>
  )
}

function Figures(props: { readonly data: ActivityWire; readonly live: ActivityLiveWire | null }): ReactNode {
  const { data, live } = props
  const oldest = Math.max(0, ...(live?.sessions ?? []).map((session) => session.transactionMs ?? 0))
  const { answerMs, everyMs } = data.sampling
  return (
    <FigureStrip
      label="Sessions"
      figures={[
        {
          label: 'At work',
          value: live === null || live.at === null ? averageText(data.average) : String(live.active),
          beside:
            live === null || live.at === null ? 'on average' : `now; ${averageText(data.average)} on average`,
        },
        { label: 'At most', value: String(data.peak), beside: 'at one moment of the range' },
        { label: 'Waiting for a lock', value: String(live?.waiting ?? 0), beside: 'now' },
        {
          label: 'Idle in transaction',
          value: String(live?.idleInTransaction ?? 0),
          beside: 'now',
        },
        {
          label: 'Oldest transaction',
          value: oldest === 0 ? '–' : formatMs(oldest),
          beside: oldest === 0 ? 'none is open' : 'open now',
        },
        {
          label: 'Looked at',
          value: everyMs === 0 ? '–' : `each ${formatMs(everyMs)}`,
          beside: answerMs === null ? '' : `costs the server ${formatMs(answerMs)}`,
        },
      ]}
    />
  )
}

function BlockedNow(props: { readonly live: ActivityLiveWire }): ReactNode {
  // queues that move on within a second are the ordinary price of sharing rows; the picture shows what they add up to
  const trees = props.live.trees.filter(({ sessions }) =>
    sessions.some(({ waitsFor }) => (waitsFor?.waitedMs ?? 0) >= LASTING_MS),
  )
  if (trees.length === 0) return null
  return (
    <section className="blocked-now" aria-label="Blocked now">
      <h2>
        <span className="badge is-critical">
          <Icon name="critical" /> Blocked now
        </span>
      </h2>
      {trees.slice(0, 5).map((tree) => (
        <BlockingTree key={`${tree.sessions[0]?.pid} ${tree.sessions[0]?.preparedAs ?? ''}`} tree={tree} />
      ))}
      {trees.length > 5 ? <p className="muted">{plural(trees.length - 5, 'more queue')}.</p> : null}
    </section>
  )
}
