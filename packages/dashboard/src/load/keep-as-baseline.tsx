// Makes a baseline of a run: under which name, and why, is asked.

import type { LoadBaselineWire, LoadRunSummaryWire } from 'pgsteward/wire'
import { type FormEvent, type ReactNode, useState } from 'react'
import { type RequestError, request } from '../data/request.ts'
import { FormEnd } from '../form-end.tsx'
import { useWriting } from '../frame/session.ts'
import { Sheet } from '../sheet.tsx'
import { Failure } from '../states.tsx'

export function KeepAsBaseline(props: { readonly summary: LoadRunSummaryWire }): ReactNode {
  const { summary } = props
  const [isOpen, setOpen] = useState(false)
  const writing = useWriting()
  const [kept, setKept] = useState<LoadBaselineWire | null>(null)
  if (kept !== null)
    return (
      <p className="note" role="status">
        Kept as the baseline {kept.name}: later runs of {summary.scenario.id} on this class of host are
        compared with it.
      </p>
    )
  return (
    <>
      <button type="button" {...writing} onClick={() => setOpen(true)}>
        Keep as a baseline
      </button>
      {isOpen ? (
        <KeepSheet
          summary={summary}
          onClose={() => setOpen(false)}
          onKept={(baseline) => {
            setKept(baseline)
            setOpen(false)
          }}
        />
      ) : null}
    </>
  )
}

function KeepSheet(props: {
  readonly summary: LoadRunSummaryWire
  readonly onClose: () => void
  readonly onKept: (baseline: LoadBaselineWire) => void
}): ReactNode {
  const [error, setError] = useState<RequestError | null>(null)
  const [isBusy, setBusy] = useState(false)
  const keep = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    try {
      props.onKept(
        await request<LoadBaselineWire>('/api/v1/load/baselines', {
          post: { name: form.get('name'), reason: form.get('reason'), runs: [props.summary.id] },
        }),
      )
    } catch (cause) {
      setError(cause as RequestError)
      setBusy(false)
    }
  }
  return (
    <Sheet title="Keep as a baseline" onClose={props.onClose}>
      <form className="form" onSubmit={(event) => void keep(event)}>
        <label htmlFor="baseline-name">Name</label>
        <input id="baseline-name" name="name" required defaultValue="main" />
        <label htmlFor="baseline-reason">Why this run is how it should be</label>
        <textarea id="baseline-reason" name="reason" required minLength={3} rows={3} />
        <p className="muted">
          One run decides little: <code>pgsteward baseline create</code> makes one of several, and ten know
          how far runs stray by themselves.
        </p>
        {error === null ? null : <Failure error={error} />}
        <FormEnd action="Keep" isDisabled={isBusy} onCancel={props.onClose} />
      </form>
    </Sheet>
  )
}
