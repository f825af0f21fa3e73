// One finding: what, the evidence, what to do, why it matters, what happened so far, and muting.

import type { FindingDetailWire, FindingWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { advisedNameOf, FindingAdvice } from '../advice/finding-advice.tsx'
import { toldWords } from '../alerts/alert-words.ts'
import { InHandSheet } from '../alerts/in-hand-sheet.tsx'
import { useResource } from '../data/use-resource.ts'
import { AroundThatTime } from '../findings/around-that-time.tsx'
import { EvidenceTable } from '../findings/evidence.tsx'
import { FindingHistory } from '../findings/finding-history.tsx'
import { MuteSheet } from '../findings/mute-sheet.tsx'
import { RemedyView } from '../findings/remedy-view.tsx'
import { SeverityBadge, StateBadge } from '../findings/severity.tsx'
import { placeInApplication, subjectWords } from '../findings/subject-words.ts'
import { formatDateTime } from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Link } from '../link.tsx'
import { RemedyJob } from '../maintenance/remedy-job.tsx'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import { MarkdownView } from '../text/markdown-view.tsx'
import '../styles/incidents.css'

export function FindingPage(props: { readonly findingKey: string }): ReactNode {
  const target = useTarget()
  const path = targetPath(target, `findings/${encodeURIComponent(props.findingKey)}`)
  const detail = useResource<FindingDetailWire>({ path })
  return (
    <>
      <title>{`${detail.data?.finding.summary ?? 'Finding'} · pgsteward`}</title>
      <p className="crumb">
        <Link to={{ page: 'findings' }}>Findings</Link>
      </p>
      <Loaded from={detail} heading="Finding">
        {(data) => <Detail data={data} path={path} onChanged={detail.refresh} />}
      </Loaded>
    </>
  )
}

function Detail(props: {
  readonly data: FindingDetailWire
  readonly path: string
  readonly onChanged: () => void
}): ReactNode {
  const { finding, check, history, events = [], alert = null, runbook = null } = props.data
  const [sheet, setSheet] = useState<'mute' | 'unmute' | 'take' | null>(null)
  const close = () => setSheet(null)
  const done = () => {
    close()
    props.onChanged()
  }
  return (
    <article className="finding">
      <header className="finding-head">
        <p className="badges">
          <SeverityBadge severity={finding.severity} /> <StateBadge state={finding.state} />
          <span className="muted">
            {finding.area} · <SubjectLink finding={finding} />
          </span>
        </p>
        <h1>{finding.summary}</h1>
        <p className="muted finding-times">
          First seen {formatDateTime(new Date(finding.firstSeenAt))}, <Moment at={finding.firstSeenAt} />
          {finding.resolvedAt === null ? (
            <>
              {'; last seen '}
              <Moment at={finding.lastSeenAt} />
            </>
          ) : (
            <>
              {'; resolved '}
              <Moment at={finding.resolvedAt} />
            </>
          )}
        </p>
        {finding.state === 'muted' ? (
          <p className="note">
            Muted{finding.mutedUntil === null ? '' : ` until ${formatDateTime(new Date(finding.mutedUntil))}`}
            {finding.muteReason === null ? '' : `: ${finding.muteReason}`}
          </p>
        ) : null}
        {alert === null ? null : <p className="muted">{toldWords(alert)}</p>}
        {alert === null || alert.state === 'resolved' || alert.channels.length === 0 ? null : (
          <button type="button" onClick={() => setSheet('take')}>
            {alert.state === 'acknowledged' ? 'Take over…' : 'Take in hand…'}
          </button>
        )}
        {finding.state === 'resolved' ? null : (
          <button type="button" onClick={() => setSheet(finding.state === 'muted' ? 'unmute' : 'mute')}>
            {finding.state === 'muted' ? 'Unmute…' : 'Mute…'}
          </button>
        )}
      </header>
      <div className="finding-body">
        <div>
          <section>
            <h2>Evidence</h2>
            <EvidenceTable evidence={finding.evidence} />
          </section>
          <AroundThatTime finding={finding} events={events} />
          {finding.remedy === undefined ? null : <RemedyView remedy={finding.remedy} />}
          {finding.remedy === undefined ? null : <RemedyJob finding={finding} />}
          <FindingAdvice finding={finding} />
          {runbook === null ? null : (
            <details
              className="runbook"
              open={finding.severity === 'critical' && finding.state !== 'resolved'}
            >
              <summary>Runbook</summary>
              <MarkdownView source={runbook} />
            </details>
          )}
        </div>
        <section className="finding-history">
          <h2>History</h2>
          <FindingHistory history={history} />
        </section>
        <section className="finding-why">
          <h2>{check.title}</h2>
          <MarkdownView source={check.page} />
        </section>
      </div>
      {sheet === 'mute' || sheet === 'unmute' ? (
        <MuteSheet action={sheet} path={props.path} finding={finding} onClose={close} onDone={done} />
      ) : null}
      {sheet === 'take' && alert !== null ? (
        <InHandSheet alert={alert} onClose={close} onDone={done} />
      ) : null}
    </article>
  )
}

function SubjectLink(props: { readonly finding: FindingWire }): ReactNode {
  const { subject, label } = props.finding
  const advised = advisedNameOf(props.finding)
  if (advised !== null) return <Link to={{ page: 'advised-index', name: advised }}>{label}</Link>
  if (subject.kind === 'query' && subject.queryId !== undefined)
    return (
      <Link
        to={{ page: 'statement', queryId: subject.queryId }}
        {...(subject.database === undefined ? {} : { params: { database: subject.database } })}
      >
        {label}
      </Link>
    )
  if ((subject.kind === 'table' || subject.kind === 'index') && subject.name !== undefined)
    return (
      <Link to={{ page: subject.kind === 'table' ? 'tables' : 'indexes' }} params={{ q: subject.name }}>
        {label}
      </Link>
    )
  const place = placeInApplication(subject)
  if (place !== null)
    return (
      <Link to={{ page: 'application', name: place.application }} params={place.params}>
        {subjectWords(props.finding)}
      </Link>
    )
  return subjectWords(props.finding)
}
