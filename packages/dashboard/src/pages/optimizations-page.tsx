// Optimization records: what was found, done and measured, the latest first.

import type { OptimizationHeadWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { useTarget } from '../frame/targets.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { badgeOf, valueWords } from '../optimizations/optimization-words.ts'
import { Loaded } from '../states.tsx'
import '../styles/incidents.css'

const EVERY_MS = 30_000

export function OptimizationsPage(): ReactNode {
  const target = useTarget()
  const records = useResource<{ readonly optimizations: readonly OptimizationHeadWire[] }>({
    path: '/api/v1/optimizations',
    params: { target: target.id },
    everyMs: EVERY_MS,
  })
  return (
    <>
      <title>{`Optimizations · ${target.id} · pgsteward`}</title>
      <h1>Optimizations</h1>
      <Loaded from={records} rows={6}>
        {({ optimizations }) =>
          optimizations.length === 0 ? (
            <p className="empty">
              Nothing was optimized yet. Approve a finding's remedy, or make an index: its record writes
              itself, up to what it brought.
            </p>
          ) : (
            <ul className="record-list record-section" aria-label="Records">
              {optimizations.map((each) => (
                <Row key={each.name} record={each} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  )
}

function Row(props: { readonly record: OptimizationHeadWire }): ReactNode {
  const { record } = props
  const [words, look] = badgeOf(record)
  const done = record.steps.filter(({ at }) => at !== null).length
  return (
    <li>
      <span className={`badge ${look}`}>{words}</span>
      <span className="record-what">
        <Link to={{ page: 'optimization', name: record.name }} row>
          <b>{record.title}</b>
        </Link>
        <span className="muted">
          {record.name}, <Moment at={record.openedAt} />
          {done === record.steps.length ? '' : `, ${done} of ${record.steps.length} steps`}
        </span>
      </span>
      <span>{valueWords(record.value)}</span>
    </li>
  )
}
