// What is wrong: all findings of a target by state, severity, area and text.

import type { FindingWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { FindingList } from '../findings/finding-list.tsx'
import { byUrgency } from '../findings/urgency.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Link } from '../link.tsx'
import { Segments } from '../segments.tsx'
import { Loaded } from '../states.tsx'
import { matches } from '../table/order.ts'
import { FilterField } from '../table/table-page.tsx'
import { setParams, useAddress } from '../use-address.ts'

const STATES = [
  { id: 'open', title: 'Open', empty: 'No finding is open.' },
  {
    id: 'pending',
    title: 'Pending',
    empty: 'Nothing is pending. A finding waits here until it has lasted as long as its check asks.',
  },
  {
    id: 'muted',
    title: 'Muted',
    empty: 'Nothing is muted. A finding that was muted, with a reason and until a day, is listed here.',
  },
  { id: 'resolved', title: 'Resolved', empty: 'Nothing was resolved yet. What went away is listed here.' },
] as const

const SEVERITIES = ['critical', 'warning', 'info'] as const

export function FindingsPage(): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const state = STATES.find(({ id }) => id === params.get('state')) ?? STATES[0]
  const findings = useResource<readonly FindingWire[]>({
    path: targetPath(target, 'findings'),
    params: { state: state.id === 'resolved' ? 'open,pending,muted,resolved' : 'open,pending,muted' },
  })
  return (
    <>
      <title>{`Findings · ${target.id} · pgsteward`}</title>
      <h1>Findings</h1>
      <Loaded from={findings}>{(all) => <Findings all={all} state={state} />}</Loaded>
    </>
  )
}

function Findings(props: {
  readonly all: readonly FindingWire[]
  readonly state: (typeof STATES)[number]
}): ReactNode {
  const { all, state } = props
  const { params } = useAddress()
  const severity = params.get('severity') ?? ''
  const area = params.get('area') ?? ''
  const ofState = all.filter((finding) => finding.state === state.id)
  const areas = [...new Set(ofState.map((finding) => finding.area))].sort()
  const shown = byUrgency(ofState).filter(
    (finding) =>
      (severity === '' || finding.severity === severity) &&
      (area === '' || finding.area === area) &&
      matches(params.get('q') ?? '', finding.summary, finding.label, finding.checkId, finding.area),
  )
  return (
    <>
      <div className="toolbar">
        <Segments
          label="State"
          segments={STATES.map(({ id, title }) => ({
            id,
            title,
            count: all.filter((finding) => finding.state === id).length,
          }))}
          chosen={state.id}
          onChoose={(id) => setParams({ state: id === 'open' ? null : id }, 'push')}
        />
        <FilterField label="Filter findings" />
        <select
          aria-label="Severity"
          value={severity}
          onChange={(event) => setParams({ severity: event.target.value })}
        >
          <option value="">Any severity</option>
          {SEVERITIES.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        <select aria-label="Area" value={area} onChange={(event) => setParams({ area: event.target.value })}>
          <option value="">Any area</option>
          {areas.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </div>
      {shown.length > 0 ? (
        <FindingList findings={shown} />
      ) : ofState.length === 0 ? (
        <p className="empty">
          {state.empty} <Link to={{ page: 'checks' }}>What was checked</Link>
        </p>
      ) : (
        <p className="empty">
          None of {ofState.length} matches the filter.{' '}
          <button
            type="button"
            className="as-link"
            onClick={() => setParams({ q: null, severity: null, area: null })}
          >
            Show all
          </button>
        </p>
      )}
    </>
  )
}
