// Where the search for advice stands: when it was, what it does now, when it comes again, and a button that does not wait for it.

import type { AdviceWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { RequestError, request } from '../data/request.ts'
import { useNow } from '../data/use-now.ts'
import { formatMs } from '../format.ts'
import { useWriting } from '../frame/session.ts'
import { Moment } from '../moment.tsx'
import { Failure } from '../states.tsx'
import { sentence } from './advice-words.ts'

export function AdviceState(props: {
  readonly advice: AdviceWire
  /** The API's path of the advice. */
  readonly path: string
  readonly onStarted: () => void
}): ReactNode {
  const { advice, path, onStarted } = props
  const [isAsking, setAsking] = useState(false)
  const [error, setError] = useState<RequestError | null>(null)
  const writing = useWriting()
  const isRunning = advice.status === 'running'

  const ask = async () => {
    setAsking(true)
    setError(null)
    try {
      await request(path, { post: {} })
      onStarted()
    } catch (cause) {
      setError(cause instanceof RequestError ? cause : new RequestError(String(cause), false))
    } finally {
      setAsking(false)
    }
  }

  return (
    <section className="advice-state" aria-label="Search">
      <div>
        <p role="status">
          <StateWords advice={advice} />
        </p>
        <button
          type="button"
          {...writing}
          disabled={writing.disabled || isRunning || isAsking}
          onClick={() => void ask()}
        >
          {isRunning ? 'Looking…' : advice.status === 'never' ? 'Look now' : 'Look again now'}
        </button>
      </div>
      {error === null ? null : <Failure error={error} />}
      {advice.status === 'failed' ? <LastFailed advice={advice} /> : null}
    </section>
  )
}

function StateWords(props: { readonly advice: AdviceWire }): ReactNode {
  const { status, progress, startedAt, finishedAt, nextAt, reportAt } = props.advice
  const next =
    nextAt === null ? null : (
      <span className="muted">
        {status === 'never' ? 'The first search comes ' : 'Again '}
        <Moment at={nextAt} />.
      </span>
    )
  switch (status) {
    case 'never':
      return <>Not searched yet. {next}</>
    case 'running':
      return (
        <>
          <b>Searching{startedAt === null ? '' : ' for '}</b>
          {startedAt === null ? null : <Elapsed since={startedAt} />}
          <span className="advice-progress">{progress === null ? '' : `: ${progress}`}</span>
        </>
      )
    case 'done':
      return (
        <>
          Searched <Moment at={reportAt ?? finishedAt} />
          {tookWords(startedAt, finishedAt)}. {next}
        </>
      )
    case 'failed':
      return (
        <>
          The last search failed <Moment at={finishedAt} />. {next}
        </>
      )
  }
}

function tookWords(startedAt: string | null, finishedAt: string | null): string {
  if (startedAt === null || finishedAt === null) return ''
  return `, in ${formatMs(Date.parse(finishedAt) - Date.parse(startedAt))}`
}

/** Clocks of server and browser may differ by more than the search has run. */
function Elapsed(props: { readonly since: string }): ReactNode {
  const now = useNow(1000)
  const seconds = Math.round((now.getTime() - Date.parse(props.since)) / 1000)
  return <b>{formatMs(Math.max(1, seconds) * 1000)}</b>
}

function LastFailed(props: { readonly advice: AdviceWire }): ReactNode {
  const { because, reportAt } = props.advice
  return (
    <div className="failure" role="alert">
      <p className="failure-message">
        {because === null ? 'The search failed, and did not say why.' : sentence(because)}
      </p>
      <p>
        {reportAt === null ? (
          'There is no advice from before. What is wrong has to be mended first; then look again.'
        ) : (
          <>
            What you see is what the search of <Moment at={reportAt} /> found.
          </>
        )}
      </p>
    </div>
  )
}
