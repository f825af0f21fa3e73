// One optimization record: its seven steps, before and after, what was run, and the text.

import type { OptimizationWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { ActionSheet, isReason, Reason } from '../action-sheet.tsx'
import { useResource } from '../data/use-resource.ts'
import { EvidenceTable } from '../findings/evidence.tsx'
import { formatDateTime, formatMs, formatRatio, formatValue, NOTHING } from '../format.ts'
import { Link } from '../link.tsx'
import { badgeOf, STEP_WORDS, valueWords } from '../optimizations/optimization-words.ts'
import { Loaded } from '../states.tsx'
import { sqlScript } from '../text/sql-script.ts'
import { Sql, SqlBlock } from '../text/sql-text.tsx'
import '../styles/incidents.css'

export function OptimizationPage(props: { readonly name: string }): ReactNode {
  const path = `/api/v1/optimizations/${encodeURIComponent(props.name)}`
  const record = useResource<OptimizationWire>({ path, everyMs: 30_000 })
  const [isAmending, setAmending] = useState(false)
  const [text, setText] = useState('')
  return (
    <>
      <title>{`${props.name} · pgsteward`}</title>
      <p className="crumb">
        <Link to={{ page: 'optimizations' }}>Optimizations</Link>
      </p>
      <Loaded from={record} heading={props.name}>
        {(data) => <Detail record={data} onAmend={() => setAmending(true)} />}
      </Loaded>
      {isAmending ? (
        <ActionSheet
          title="Add to the record"
          action="Add"
          path={`${path}/amend`}
          post={() => ({ text: text.trim() })}
          isReady={isReason(text)}
          onClose={() => setAmending(false)}
          onDone={() => {
            setAmending(false)
            setText('')
            record.refresh()
          }}
        >
          <Reason label="What nobody could measure" value={text} isRequired onChange={setText} />
        </ActionSheet>
      ) : null}
    </>
  )
}

function Detail(props: { readonly record: OptimizationWire; readonly onAmend: () => void }): ReactNode {
  const { record } = props
  const { identify, rootCause, implement, deploy, measure, amendments, endedBecause } = record
  const [words, look] = badgeOf(record)
  return (
    <article>
      <header className="record-head">
        <p className="badges">
          <span className={`badge ${look}`}>{words}</span>{' '}
          <span className="muted">
            {record.name} · {record.targetId}
          </span>
        </p>
        <h1>{record.title}</h1>
        <p className="record-value">{valueWords(record.value) || (measure?.because ?? '')}</p>
        {endedBecause === null ? null : <p className="note">{endedBecause}</p>}
        <p className="record-do">
          <button type="button" onClick={props.onAmend}>
            Add…
          </button>
          {record.findingKey === null ? null : (
            <Link to={{ page: 'finding', key: record.findingKey }}>The finding</Link>
          )}
        </p>
      </header>
      <ol className="steps" aria-label="Steps">
        {record.steps.map(({ step, at, actor }) => (
          <li key={step} className={at === null ? 'is-waiting' : 'is-done'}>
            <b>{STEP_WORDS[step]}</b>
            <span className="muted">{at === null ? NOTHING : formatDateTime(new Date(at))}</span>
            {actor === null || actor === 'pgsteward' ? null : <span className="muted">{actor}</span>}
          </li>
        ))}
      </ol>
      {measure === null ? null : <Measured measure={measure} />}
      {identify.evidence.length === 0 ? null : (
        <section className="record-section" aria-label="Found">
          <h2>Found</h2>
          <EvidenceTable evidence={identify.evidence} />
        </section>
      )}
      <Analysed record={record} />
      {rootCause === null ? null : (
        <section className="record-section" aria-label="Cause">
          <h2>Cause</h2>
          <p className="prose">{rootCause.text}</p>
        </section>
      )}
      {implement === null ? null : (
        <section className="record-section" aria-label="Done">
          <h2>Done</h2>
          {implement.seen === undefined ? null : (
            <p className="prose">Seen: {implement.seen}. Who did it is not known.</p>
          )}
          {implement.sql.length === 0 ? null : <SqlBlock sql={sqlScript(implement.sql)} label="Copy" />}
          {deploy === null ? null : <p className="muted">{deployWords(deploy)}</p>}
        </section>
      )}
      {amendments.length === 0 ? null : (
        <section className="record-section" aria-label="Added">
          <h2>Added</h2>
          {amendments.map(({ at, actor, text }) => (
            <p key={at + text}>
              {text} <span className="muted">{`${actor}, ${formatDateTime(new Date(at))}`}</span>
            </p>
          ))}
        </section>
      )}
    </article>
  )
}

function Analysed(props: { readonly record: OptimizationWire }): ReactNode {
  const { analyse } = props.record
  if (analyse === null || analyse.statements.length === 0) return null
  return (
    <section className="record-section" aria-label="Analysed">
      <h2>Analysed</h2>
      {analyse.statements.map(({ queryId, text, plan, costBefore, costAfter }) => (
        <div key={queryId} className="record-what">
          <Link to={{ page: 'statement', queryId }}>
            <code>
              <Sql sql={text} />
            </code>
          </Link>
          <span className="muted">
            {plan === null ? 'Its plan is not known' : plan.join(' › ')}
            {costBefore === null || costAfter === null || costBefore === 0
              ? ''
              : `; predicted ${formatRatio(costAfter / costBefore)} of its cost`}
          </span>
        </div>
      ))}
      <p className="muted">From {analyse.source}.</p>
    </section>
  )
}

function Measured(props: { readonly measure: NonNullable<OptimizationWire['measure']> }): ReactNode {
  const { statements, evidenceBefore, evidenceAfter, value, windows } = props.measure
  return (
    <section className="record-section" aria-label="Before and after">
      <h2>Before and after</h2>
      {statements.length === 0 ? null : (
        <div className="scroll-x">
          <table className="record-table">
            <thead>
              <tr>
                <th scope="col">Statement</th>
                <th scope="col">Mean before</th>
                <th scope="col">After</th>
                <th scope="col">Blocks before</th>
                <th scope="col">After</th>
                <th scope="col">Predicted</th>
                <th scope="col">Verdict</th>
              </tr>
            </thead>
            <tbody>
              {statements.map((each) => (
                <tr key={each.queryId}>
                  <td>
                    <Link to={{ page: 'statement', queryId: each.queryId }}>
                      <code>{each.text}</code>
                    </Link>
                  </td>
                  <td>{formatMs(each.meanMsBefore)}</td>
                  <td>{formatMs(each.meanMsAfter)}</td>
                  <td>{formatValue(Math.round(each.blocksPerCallBefore), 'count')}</td>
                  <td>{formatValue(Math.round(each.blocksPerCallAfter), 'count')}</td>
                  <td>{each.predictedRatio === null ? NOTHING : formatRatio(each.predictedRatio)}</td>
                  <td>{each.verdict}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {evidenceBefore.length === 0 ? null : (
        <div className="plans-beside">
          <div>
            <h3>Before</h3>
            <EvidenceTable evidence={evidenceBefore} />
          </div>
          <div>
            <h3>After</h3>
            {evidenceAfter.length === 0 ? (
              <p className="muted">Nothing is found any more.</p>
            ) : (
              <EvidenceTable evidence={evidenceAfter} />
            )}
          </div>
        </div>
      )}
      <p className="muted">
        {windows === null
          ? ''
          : `${formatDateTime(new Date(windows.before.from))} to ${formatDateTime(new Date(windows.before.to))}, and ${formatDateTime(new Date(windows.after.from))} to ${formatDateTime(new Date(windows.after.to))}. `}
        By {value.source}.
      </p>
    </section>
  )
}

function deployWords({ at, jobId, decidedBy, through }: NonNullable<OptimizationWire['deploy']>): string {
  const when = formatDateTime(new Date(at))
  if (jobId !== null) return `By job ${jobId} on ${when}, decided by ${decidedBy ?? 'nobody'}.`
  return `Seen on ${when}${through === null ? '' : `, with the deployment of ${through}`}; no job of maintenance made it.`
}
