// One application: is it all right, how did that go, and which route, model, place, pool or call is to blame.

import type { ApplicationDetailWire, ApplicationWire, TargetWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { ApplicationTables } from '../application/application-tables.tsx'
import {
  applicationHeadline,
  isSilent,
  poolTotals,
  queryTimeShare,
  sdkWords,
} from '../application/application-words.ts'
import { ChartGrid } from '../chart/chart-grid.tsx'
import { ChartTime } from '../chart/chart-time.tsx'
import { WhatHappened } from '../chart/what-happened.tsx'
import { useNow } from '../data/use-now.ts'
import { useResource } from '../data/use-resource.ts'
import { FigureStrip } from '../figure-strip.tsx'
import { FindingList } from '../findings/finding-list.tsx'
import { byUrgency } from '../findings/urgency.ts'
import {
  formatCompact,
  formatCount,
  formatMs,
  formatPerSecond,
  formatRatio,
  NOTHING,
  orNothing,
  plural,
} from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import { parseRange, type Span } from '../time-range.ts'
import { useAddress } from '../use-address.ts'

/** More than these push figures and charts off the first screen; the gravest come first. */
const FINDINGS_SHOWN = 5

export function ApplicationPage(props: { readonly name: string }): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const detail = useResource<ApplicationDetailWire>({
    path: applicationPath(target, props.name),
    range: parseRange(params),
    everyMs: 10_000,
  })
  return (
    <>
      <title>{`${props.name} · ${target.id} · pgsteward`}</title>
      <p className="crumb">
        <Link to={{ page: 'applications' }}>Applications</Link>
      </p>
      <Loaded from={detail} heading={props.name} rows={16}>
        {(data) => <Detail data={data} span={detail.span ?? { from: 0, to: 1 }} />}
      </Loaded>
    </>
  )
}

const seriesIn = ({ series }: ApplicationDetailWire) => series

function applicationPath(target: TargetWire, name: string): string {
  return targetPath(target, `applications/${encodeURIComponent(name)}`)
}

function Detail(props: { readonly data: ApplicationDetailWire; readonly span: Span }): ReactNode {
  const { application, series, findings, routes } = props.data
  const target = useTarget()
  const now = useNow()
  const dropped = Object.entries(application.dropped).filter(([, count]) => count > 0)
  const open = byUrgency(findings).filter(({ state }) => state === 'open')
  return (
    <>
      <h1>{application.application}</h1>
      <p className="lead">
        {isSilent(application, now) ? <Icon name="warning" /> : null}
        {applicationHeadline(props.data, now)}
      </p>
      <p className="muted">
        <Origin application={application} />
      </p>
      {dropped.length === 0 ? null : (
        <p className="note">
          Not everything was kept, because a bound was reached: {dropped.map(droppedWords).join(', ')}.
        </p>
      )}
      {open.length === 0 ? null : (
        <section className="application-findings">
          <h2>
            Found in it{' '}
            <Link to={{ page: 'findings' }} params={{ q: application.application }}>
              {open.length > FINDINGS_SHOWN ? `All ${open.length}` : 'All'}
            </Link>
          </h2>
          <FindingList findings={open.slice(0, FINDINGS_SHOWN)} />
        </section>
      )}
      <Figures application={application} inStatements={queryTimeShare(routes)} />
      <section aria-label="Charts">
        <ChartTime>
          <ChartGrid
            series={series}
            span={props.span}
            from={{ ask: { path: applicationPath(target, application.application) }, seriesIn }}
          />
          <WhatHappened />
        </ChartTime>
      </section>
      <ApplicationTables data={props.data} />
    </>
  )
}

const droppedWords = ([kind, count]: readonly [string, number]) => `${formatCount(count)} ${kind}`

function Origin(props: { readonly application: ApplicationWire }): ReactNode {
  const { version, environment, sdk, instances, firstSeenAt, lastSeenAt } = props.application
  return (
    <>
      {version === null ? '' : `Version ${version}, `}
      {environment === null ? '' : `${environment}, `}
      {plural(instances, 'process', 'processes')}, told by {sdkWords(sdk)}; last seen{' '}
      <Moment at={lastSeenAt} />, first <Moment at={firstSeenAt} />
    </>
  )
}

function Figures(props: {
  readonly application: ApplicationWire
  readonly inStatements: number | null
}): ReactNode {
  const { application, inStatements } = props
  const pool = poolTotals(application.pools)
  return (
    <FigureStrip
      label="Figures of the range"
      figures={[
        {
          label: 'Requests',
          value: formatPerSecond(application.requestsPerSecond),
          beside: 'on average in this range',
        },
        {
          label: 'Answered within',
          value: orNothing(application.requestP95Ms, formatMs),
          beside: '95 of 100 requests',
        },
        {
          label: 'Errors',
          value: orNothing(application.errorRatio, formatRatio),
          beside: 'of requests',
        },
        {
          label: 'Statements',
          value: orNothing(application.queriesPerRequest, formatCompact),
          beside: `a request, ${formatPerSecond(application.queriesPerSecond)}`,
        },
        {
          label: 'In statements',
          value: orNothing(inStatements, formatRatio),
          beside: "of its requests' time",
        },
        pool === null
          ? { label: 'Pools', value: NOTHING, beside: 'its SDK tells none' }
          : {
              label: 'Pools',
              value: `${formatCount(pool.used)}${pool.max === null ? '' : ` of ${formatCount(pool.max)}`}`,
              beside:
                pool.waiting === 0 ? 'in use, nobody waits' : `in use, ${formatCount(pool.waiting)} waiting`,
            },
      ]}
    />
  )
}
