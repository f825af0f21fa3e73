// Is it all right? One sentence, what wants someone, the live figures, then the pictures and what takes the time.

import type { FindingWire, OverviewWire, TargetWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { OverviewApplications } from '../application/overview-applications.tsx'
import { ChartGrid } from '../chart/chart-grid.tsx'
import { ChartTime } from '../chart/chart-time.tsx'
import { WhatHappened } from '../chart/what-happened.tsx'
import { useResource } from '../data/use-resource.ts'
import { FindingList } from '../findings/finding-list.tsx'
import { byUrgency } from '../findings/urgency.ts'
import { plural } from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import { DataTable } from '../table/data-table.tsx'
import { parseRange, type Span } from '../time-range.ts'
import { useAddress } from '../use-address.ts'
import { LargestTables } from './largest-tables.tsx'
import { LiveFigures } from './live-figures.tsx'
import { fewStatementColumns, opensStatement, statementKey } from './statement-columns.tsx'

/** More than these push everything else off the first screen. */
const FINDINGS_SHOWN = 8

export function OverviewPage(): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const overview = useResource<OverviewWire>({
    path: targetPath(target, 'overview'),
    range: parseRange(params),
    everyMs: 10_000,
  })
  return (
    <>
      <title>{`${target.id} · pgsteward`}</title>
      <Loaded from={overview} heading="Overview" rows={12}>
        {(data) => <Overview data={data} span={overview.span ?? { from: 0, to: 1 }} />}
      </Loaded>
    </>
  )
}

const seriesIn = ({ series }: OverviewWire) => series

function Overview(props: { readonly data: OverviewWire; readonly span: Span }): ReactNode {
  const { target, headline, metrics, findings, series, overdueReviews = [] } = props.data
  return (
    <>
      <h1 className="headline">{headline}</h1>
      <TargetNotes target={target} />
      {overdueReviews.map(({ name, title, due, overdue }) => (
        <p key={name} className="note">
          {plural(overdue, 'review')} of {title} overdue, the first since <Moment at={due} />.{' '}
          <Link to={{ page: 'changes' }}>To the launches</Link>
        </p>
      ))}
      <div className="overview-top">
        <OverviewFindings findings={findings} status={target.status} />
        <LiveFigures metrics={metrics} series={series} />
      </div>
      <OverviewApplications />
      <section aria-label="Charts">
        <ChartTime>
          <ChartGrid
            series={series}
            span={props.span}
            from={{ ask: { path: targetPath(target, 'overview') }, seriesIn }}
          />
          <WhatHappened />
        </ChartTime>
      </section>
      <div className="overview-bottom">
        <section>
          <h2>
            Slowest statements <Link to={{ page: 'statements' }}>All</Link>
          </h2>
          {metrics.slowestStatements.length === 0 ? (
            <p className="empty">
              Statements appear here once pg_stat_statements has been read twice. Without that extension this
              stays empty.
            </p>
          ) : (
            <DataTable
              label="Slowest statements"
              columns={fewStatementColumns}
              rows={metrics.slowestStatements.slice(0, 10)}
              keyOf={statementKey}
              opens={opensStatement}
            />
          )}
        </section>
        <section>
          <h2>
            Largest tables <Link to={{ page: 'tables' }}>All</Link>
          </h2>
          <LargestTables tables={metrics.tables} />
        </section>
      </div>
    </>
  )
}

function TargetNotes(props: { readonly target: TargetWire }): ReactNode {
  const { target } = props
  return (
    <>
      {target.status === 'down' ? (
        <div className="failure" role="alert">
          <p className="failure-message">
            <Icon name="critical" /> The target does not answer
            {target.because === null ? '' : `: ${target.because}`}
          </p>
          <p>
            {target.lastReadAt === null ? (
              'It has not been read yet; it is being tried again.'
            ) : (
              <>
                Last read <Moment at={target.lastReadAt} />; what follows is from then. It is being tried
                again.
              </>
            )}
          </p>
        </div>
      ) : null}
      {target.status === 'starting' ? (
        <p className="note">The first reading is under way; figures appear as they come.</p>
      ) : null}
      {target.lacks.length === 0 ? null : (
        <details className="note">
          <summary>
            {target.lacks.length === 1
              ? '1 thing is missing on the target, so something goes unseen'
              : `${target.lacks.length} things are missing on the target, so some goes unseen`}
          </summary>
          <ul>
            {target.lacks.map((lack) => (
              <li key={lack}>{lack}</li>
            ))}
          </ul>
          <p>
            <code>pgsteward doctor</code> prints the statements that mend it.
          </p>
        </details>
      )}
    </>
  )
}

function OverviewFindings(props: {
  readonly findings: readonly FindingWire[]
  readonly status: TargetWire['status']
}): ReactNode {
  const sorted = byUrgency(props.findings)
  const open = sorted.filter(({ state }) => state === 'open')
  const others = (['pending', 'muted'] as const)
    .map((state) => [state, sorted.filter((finding) => finding.state === state).length] as const)
    .filter(([, count]) => count > 0)
  return (
    <section>
      <h2>
        Findings{' '}
        <Link to={{ page: 'findings' }}>{open.length > FINDINGS_SHOWN ? `All ${open.length}` : 'All'}</Link>
      </h2>
      {open.length === 0 && props.status !== 'up' ? (
        // no evidence is not good news
        <p className="empty">
          No finding is known to be open, but nothing can be judged until the target is read.
        </p>
      ) : open.length === 0 ? (
        <p className="empty">
          <span className="badge is-resolved">
            <Icon name="resolved" /> Quiet
          </span>{' '}
          No finding is open. What the checks find appears here, the gravest first.{' '}
          <Link to={{ page: 'checks' }}>What was checked</Link>
        </p>
      ) : (
        <FindingList findings={open.slice(0, FINDINGS_SHOWN)} />
      )}
      {others.length === 0 ? null : (
        <p className="muted after-list">
          {others.map(([state, count], place) => (
            <span key={state}>
              {place > 0 ? ', ' : 'Also '}
              <Link to={{ page: 'findings' }} params={{ state }}>
                {plural(count, state, state)}
              </Link>
            </span>
          ))}
        </p>
      )}
    </section>
  )
}
