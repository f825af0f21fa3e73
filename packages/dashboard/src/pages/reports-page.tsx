// Reports: what was made of days, weeks and months, with its verdict, and when the next ones come.

import type { ReportsWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { useTarget } from '../frame/targets.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { MakeReport } from '../reports/make-report.tsx'
import { KIND_WORDS, scheduleWords } from '../reports/report-words.ts'
import { VerdictBadge } from '../reports/verdict-badge.tsx'
import { Segments } from '../segments.tsx'
import { Loaded } from '../states.tsx'
import { setParams, useAddress } from '../use-address.ts'
import '../styles/reports.css'

const EVERY_MS = 60_000

export function ReportsPage(): ReactNode {
  const target = useTarget()
  const reports = useResource<ReportsWire>({
    path: '/api/v1/reports',
    params: { target: target.id },
    everyMs: EVERY_MS,
  })
  return (
    <>
      <title>{`Reports · ${target.id} · pgsteward`}</title>
      <h1>Reports</h1>
      <Loaded from={reports} rows={10}>
        {(data) => <Reports wire={data} targetId={target.id} />}
      </Loaded>
    </>
  )
}

function Reports(props: { readonly wire: ReportsWire; readonly targetId: string }): ReactNode {
  const { wire, targetId } = props
  const { params } = useAddress()
  const kinds = [...new Set(wire.reports.map(({ kind }) => kind))]
  const chosen = kinds.find((kind) => kind === params.get('kind')) ?? 'all'
  const shown = wire.reports.filter(({ kind }) => chosen === 'all' || kind === chosen)
  return (
    <>
      <p className="muted">{scheduleWords(wire)}</p>
      <div className="reports-head">
        {kinds.length < 2 ? null : (
          <Segments
            label="Which reports"
            segments={[
              { id: 'all' as string, title: 'All', count: wire.reports.length },
              ...kinds.map((kind) => ({ id: kind as string, title: KIND_WORDS[kind] })),
            ]}
            chosen={chosen}
            onChoose={(id) => setParams({ kind: id === 'all' ? null : id })}
          />
        )}
        <MakeReport targetId={targetId} />
      </div>
      {shown.length === 0 ? (
        <p className="empty">
          No report was made yet. The first comes when the first day that was watched is over; one of what is
          known so far can be made now.
        </p>
      ) : (
        <ul className="report-list">
          {shown.map(({ kind, name, title, label, status, madeAt }) => (
            <li key={`${kind} ${name}`}>
              <VerdictBadge verdict={status} />
              <Link to={{ page: 'report', kind, name }} row>
                {title}
              </Link>
              <span>{label}</span>
              <span className="muted">
                made <Moment at={madeAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
