// All that is known of one statement, the judgement first: what is found on it, what would help, how it went over time, its plans, what
// it waits for, who sends it, single executions, and what the log says.

import type { StatementDetailWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { StatementAdvice } from '../advice/statement-advice.tsx'
import { Callers, StatementSlowQueries } from '../application/statement-senders.tsx'
import { ChartGrid } from '../chart/chart-grid.tsx'
import { ChartTime } from '../chart/chart-time.tsx'
import type { SeriesSource } from '../chart/use-then.ts'
import { WhatHappened } from '../chart/what-happened.tsx'
import { FindingList } from '../findings/finding-list.tsx'
import { byUrgency } from '../findings/urgency.ts'
import { Link } from '../link.tsx'
import { StatementPlans } from '../plan/statement-plans.tsx'
import { SqlBlock } from '../text/sql-text.tsx'
import type { Span } from '../time-range.ts'
import { Costs } from './costs.tsx'
import { LogEvents } from './log-events.tsx'
import { OnThisPage } from './on-this-page.tsx'
import { Part } from './part.tsx'
import { Rewrites } from './rewrites.tsx'
import { usePlanMarks } from './use-plan-marks.ts'
import { Waits } from './waits.tsx'

const seriesIn = ({ series }: StatementDetailWire) => series

export function StatementParts(props: {
  readonly data: StatementDetailWire
  readonly span: Span
  /** What it was asked by. */
  readonly ask: SeriesSource<StatementDetailWire>['ask']
}): ReactNode {
  const { span } = props
  const { statement, series, findings, callers, slowQueries, advice = [], rewrites = [] } = props.data
  const { fingerprint = null } = props.data
  const own = usePlanMarks(statement.queryId)
  const helps = advice.length + rewrites.length
  return (
    <ChartTime own={own}>
      <h1>
        Statement <span className="identifier">{statement.queryId}</span>
      </h1>
      <p className="muted">
        in database {statement.database}, as {statement.user}
      </p>
      <Costs statement={statement} />
      <OnThisPage
        places={[
          ...(findings.length === 0 ? [] : [{ id: 'found', title: 'Found on it', count: findings.length }]),
          { id: 'advice', title: 'Advice', count: helps },
          { id: 'history', title: 'Over time' },
          { id: 'plans', title: 'Plans' },
          { id: 'waits', title: 'Waits' },
          { id: 'callers', title: 'Sent by', count: callers.length },
          { id: 'slow', title: 'When it was slow', count: slowQueries.length },
          { id: 'log', title: 'Log' },
        ]}
      />
      {findings.length === 0 ? null : (
        <Part id="found" title="Found on it">
          <FindingList findings={byUrgency(findings)} />
        </Part>
      )}
      <SqlBlock sql={statement.text} label="Copy" />
      <Part id="advice" title="What would help" beside={<Link to={{ page: 'advice' }}>All advice</Link>}>
        {helps === 0 ? (
          <p className="empty">
            The latest advice has nothing for it: no index or other way to write it that the planner puts
            clearly lower.
          </p>
        ) : null}
        <StatementAdvice advice={advice} />
        <Rewrites rewrites={rewrites} />
      </Part>
      <Part id="history" title="Over time">
        <ChartGrid series={series} span={span} from={{ ask: props.ask, seriesIn }} />
        <WhatHappened />
      </Part>
      <Part id="plans" title="Plans" isLazy>
        <StatementPlans queryId={statement.queryId} text={statement.text} />
      </Part>
      <Part id="waits" title="What it waits for" isLazy>
        <Waits queryId={statement.queryId} />
      </Part>
      <Part id="callers" title="Sent by">
        <Callers callers={callers} />
      </Part>
      <Part
        id="slow"
        title="When it was slow"
        {...(slowQueries[0] === undefined
          ? {}
          : {
              beside: (
                <Link
                  to={{ page: 'slow-queries' }}
                  params={{ view: 'latest', fingerprint: slowQueries[0].fingerprint }}
                >
                  All
                </Link>
              ),
            })}
      >
        <StatementSlowQueries slowQueries={slowQueries} />
      </Part>
      <Part
        id="log"
        title="In the server's log"
        beside={
          <Link
            to={{ page: 'logs' }}
            params={fingerprint === null ? { queryId: statement.queryId } : { fingerprint }}
          >
            All
          </Link>
        }
        isLazy
      >
        <LogEvents queryId={statement.queryId} fingerprint={fingerprint} />
      </Part>
    </ChartTime>
  )
}
