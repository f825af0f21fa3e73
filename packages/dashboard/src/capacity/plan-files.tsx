// The plan as files to keep: a workbook whose inputs can be changed, and CSV.

import { type ReactNode, useState } from 'react'
import { download } from '../data/download.ts'
import { RequestError } from '../data/request.ts'
import { Failure } from '../states.tsx'

export function PlanFiles(props: { readonly targetId: string; readonly users: number }): ReactNode {
  const [busy, setBusy] = useState<string | null>(null)
  const [error, setError] = useState<RequestError | null>(null)
  const query = new URLSearchParams({ target: props.targetId, users: String(props.users) })
  const fetchFile = async (ending: 'xlsx' | 'csv') => {
    setBusy(ending)
    setError(null)
    try {
      await download(`/api/v1/capacity/${ending}?${query}`, `capacity-${props.targetId}.${ending}`)
    } catch (failed) {
      setError(failed instanceof RequestError ? failed : new RequestError(String(failed), false))
    } finally {
      setBusy(null)
    }
  }
  return (
    <div className="plan-files">
      <button type="button" disabled={busy !== null} onClick={() => void fetchFile('xlsx')}>
        Workbook (xlsx)
      </button>
      <button type="button" disabled={busy !== null} onClick={() => void fetchFile('csv')}>
        CSV
      </button>
      {error === null ? null : <Failure error={error} />}
    </div>
  )
}
