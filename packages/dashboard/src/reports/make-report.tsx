// Makes a report now, of the last day, week or month that is over, and leads to it.

import type { ReportEntryWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { RequestError, request } from '../data/request.ts'
import { useWriting } from '../frame/session.ts'
import { hrefOf } from '../route.ts'
import { Failure } from '../states.tsx'
import { navigate, useAddress } from '../use-address.ts'
import { KIND_WORDS, MADE_KINDS } from './report-words.ts'

type Kind = (typeof MADE_KINDS)[number]

export function MakeReport(props: { readonly targetId: string }): ReactNode {
  const { params } = useAddress()
  const [kind, setKind] = useState<Kind>('daily')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<RequestError | null>(null)
  const writing = useWriting()
  const make = async () => {
    setBusy(true)
    setError(null)
    try {
      const made = await request<Pick<ReportEntryWire, 'kind' | 'name'>>('/api/v1/reports', {
        post: { target: props.targetId, kind },
      })
      navigate(hrefOf({ page: 'report', kind: made.kind, name: made.name }, params))
    } catch (failed) {
      setError(failed instanceof RequestError ? failed : new RequestError(String(failed), false))
      setBusy(false)
    }
  }
  return (
    <form
      className="make-report"
      onSubmit={(event) => {
        event.preventDefault()
        void make()
      }}
    >
      <label>
        Of the last period{' '}
        <select value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
          {MADE_KINDS.map((each) => (
            <option key={each} value={each}>
              {KIND_WORDS[each]}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" {...writing} disabled={writing.disabled || busy}>
        {busy ? 'Making it…' : 'Make it now'}
      </button>
      {error === null ? null : <Failure error={error} />}
    </form>
  )
}
