// A report as files to keep.

import type { ReportEntryWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { download } from '../data/download.ts'
import { RequestError } from '../data/request.ts'
import { Failure } from '../states.tsx'

const FORMATS = [
  ['html', 'HTML'],
  ['md', 'Markdown'],
  ['json', 'JSON'],
] as const

export function ReportFiles(props: Pick<ReportEntryWire, 'targetId' | 'kind' | 'name'>): ReactNode {
  const { targetId, kind, name } = props
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<RequestError | null>(null)
  const keep = async (format: string) => {
    setBusy(true)
    setError(null)
    try {
      const query = new URLSearchParams({ target: targetId, format })
      const file = `${targetId}-${kind}-${name}.${format}`
      await download(`/api/v1/reports/${kind}/${encodeURIComponent(name)}?${query}`, file)
    } catch (failed) {
      setError(failed instanceof RequestError ? failed : new RequestError(String(failed), false))
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="report-files">
      <span className="muted">To keep</span>
      {FORMATS.map(([format, title]) => (
        <button key={format} type="button" disabled={busy} onClick={() => void keep(format)}>
          {title}
        </button>
      ))}
      {error === null ? null : <Failure error={error} />}
    </div>
  )
}
