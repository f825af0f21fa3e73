// Incidents: what hurts now, what is to be reviewed, what was; and how quick the team is.

import type { IncidentHeadWire, PracticeWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { useResource } from '../data/use-resource.ts'
import { FigureStrip, type FigureWords } from '../figure-strip.tsx'
import { formatMs, formatRatio, NOTHING } from '../format.ts'
import { useTarget } from '../frame/targets.ts'
import { OpenSheet } from '../incidents/incident-sheets.tsx'
import { leftWords, STATE_BADGES, STATE_WORDS } from '../incidents/incident-words.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import '../styles/incidents.css'

const EVERY_MS = 10_000

export function IncidentsPage(): ReactNode {
  const target = useTarget()
  const params = { target: target.id }
  const incidents = useResource<{ readonly incidents: readonly IncidentHeadWire[] }>({
    path: '/api/v1/incidents',
    params,
    everyMs: EVERY_MS,
  })
  const practice = useResource<PracticeWire>({
    path: '/api/v1/practice',
    params: { ...params, range: '90d' },
  })
  const [isOpening, setOpening] = useState(false)
  return (
    <>
      <title>{`Incidents · ${target.id} · pgsteward`}</title>
      <header className="record-bar">
        <h1>Incidents</h1>
        <button type="button" onClick={() => setOpening(true)}>
          Open one…
        </button>
      </header>
      {practice.data === null || practice.data.period.incidents === 0 ? null : (
        <FigureStrip label="The last 90 days" figures={practiceFigures(practice.data)} />
      )}
      <Loaded from={incidents} rows={6}>
        {(data) => <Sections incidents={data.incidents} />}
      </Loaded>
      {isOpening ? (
        <OpenSheet
          targetId={target.id}
          onClose={() => setOpening(false)}
          onDone={() => {
            setOpening(false)
            incidents.refresh()
          }}
        />
      ) : null}
    </>
  )
}

function practiceFigures({ period, before }: PracticeWire): readonly FigureWords[] {
  const last = before[0]
  const median = (of: { readonly medianMs: number | null } | undefined) =>
    of === undefined || of.medianMs === null ? NOTHING : formatMs(of.medianMs)
  const time = (label: string, of: 'toDetect' | 'toAcknowledge' | 'toRecover'): FigureWords => ({
    label,
    value: median(period[of]),
    beside: `median of ${period[of].count}; 90 days before ${median(last?.[of])}`,
  })
  const { ratio, good, all } = period.reviewed
  return [
    time('To detect', 'toDetect'),
    time('To acknowledge', 'toAcknowledge'),
    time('To recover', 'toRecover'),
    {
      label: 'Reviewed',
      value: ratio === null ? NOTHING : formatRatio(ratio),
      beside: `${good} of ${all} that ended in 90 days`,
    },
  ]
}

function Sections(props: { readonly incidents: readonly IncidentHeadWire[] }): ReactNode {
  const { incidents } = props
  if (incidents.length === 0)
    return (
      <p className="empty">
        No incidents. A critical alert that somebody is told of opens one; people can, too.
        docs/guides/incidents.md says what goes into it by itself.
      </p>
    )
  const isLeft = (each: IncidentHeadWire) => leftWords(each) !== ''
  const hurts = ({ state }: IncidentHeadWire) => state === 'open' || state === 'mitigated'
  const sections = [
    ['Now', incidents.filter(hurts)],
    ['To be finished', incidents.filter((each) => !hurts(each) && isLeft(each))],
    ['Done', incidents.filter((each) => !hurts(each) && !isLeft(each))],
  ] as const
  return sections.map(([title, shown]) =>
    shown.length === 0 ? null : (
      <section key={title} className="record-section" aria-label={title}>
        <h2>{title}</h2>
        <ul className="record-list">
          {shown.map((each) => (
            <li key={each.name}>
              <span className={`badge ${STATE_BADGES[each.state]}`}>{STATE_WORDS[each.state]}</span>
              <span className="record-what">
                <Link to={{ page: 'incident', name: each.name }} row>
                  <b>{each.title}</b>
                </Link>
                <span className="muted">
                  {each.name}, since <Moment at={each.times.startedAt} />
                  {each.times.toRecoverMs === null ? '' : `, over in ${formatMs(each.times.toRecoverMs)}`}
                  {each.commander === null ? '' : `, ${each.commander} commands`}
                  {each.alerts.length > 1 ? `, ${each.alerts.length} alerts` : ''}
                </span>
              </span>
              <span className="muted">{leftWords(each)}</span>
            </li>
          ))}
        </ul>
      </section>
    ),
  )
}
