// Beside a finding's remedy: have it done by maintenance, or how the job stands that does it.

import type { FindingWire, MaintenanceWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { useTarget } from '../frame/targets.ts'
import { Link } from '../link.tsx'
import { useDecision } from './decision-sheet.tsx'
import { STATE_WORDS, standingWords } from './maintenance-words.ts'

export function RemedyJob(props: { readonly finding: FindingWire }): ReactNode {
  const { key, remedy, state } = props.finding
  const target = useTarget()
  const maintenance = useResource<MaintenanceWire>({
    path: '/api/v1/maintenance',
    params: { target: target.id },
  })
  const { decide, sheet } = useDecision(maintenance.refresh)
  if (remedy === undefined || remedy.sql.length === 0 || maintenance.data?.isMaintained !== true) return null
  const job = maintenance.data.jobs.find(({ origin }) => origin.kind === 'finding' && origin.key === key)
  const isOpen = job !== undefined && ['approved', 'running'].includes(job.state)
  return (
    <p className="remedy-job">
      {job === undefined ? null : (
        <Link to={{ page: 'job', id: job.id }}>
          Job {job.id}: {STATE_WORDS[job.state]}
        </Link>
      )}
      {job === undefined ? null : <span className="muted">{standingWords(job)}</span>}
      {isOpen || state === 'resolved' ? null : (
        <button
          type="button"
          onClick={() => decide({ kind: 'finding', targetId: target.id, key, sql: remedy.sql })}
        >
          Have it done…
        </button>
      )}
      {sheet}
    </p>
  )
}
