// From a finding to the advice that it comes from.

import type { FindingWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Link } from '../link.tsx'

const FROM_ADVICE: ReadonlySet<string> = new Set(['missing-index', 'partial-index'])

/** Its subject is called by table and columns, which stay from search to search; the name to build it by is evidence. */
export function advisedNameOf(finding: Pick<FindingWire, 'checkId' | 'evidence'>): string | null {
  if (!FROM_ADVICE.has(finding.checkId)) return null
  const name = finding.evidence.find(({ label }) => label === 'index')?.value
  return typeof name === 'string' ? name : null
}

export function FindingAdvice(props: {
  readonly finding: Pick<FindingWire, 'checkId' | 'evidence' | 'state'>
}): ReactNode {
  const name = advisedNameOf(props.finding)
  if (name === null) return null
  return (
    <p className="finding-advice">
      <Link to={{ page: 'advised-index', name }}>
        {props.finding.state === 'resolved'
          ? 'Did it help? What was measured since it was built'
          : 'The advice: all its statements before and after, scripts, migration'}
      </Link>
    </p>
  )
}
