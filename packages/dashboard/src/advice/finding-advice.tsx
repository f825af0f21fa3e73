// From a finding to the advice it comes from.

import type { FindingWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Link } from '../link.tsx'

const FROM_ADVICE: ReadonlySet<string> = new Set(['missing-index', 'partial-index'])

export function FindingAdvice(props: {
  readonly finding: Pick<FindingWire, 'checkId' | 'subject' | 'state'>
}): ReactNode {
  const { checkId, subject, state } = props.finding
  if (!FROM_ADVICE.has(checkId)) return null
  if (state === 'resolved')
    return (
      <p>
        <Link to={{ page: 'advice' }}>Did it help? Measured effects are with the advice</Link>
      </p>
    )
  return (
    <p>
      {subject.kind === 'index' && subject.name !== undefined ? (
        <Link to={{ page: 'advised-index', name: subject.name }}>
          The advice: statements, costs, migration
        </Link>
      ) : (
        <Link
          to={{ page: 'advice' }}
          {...(subject.name === undefined ? {} : { params: { q: subject.name } })}
        >
          The advice: statements, costs, migration
        </Link>
      )}
    </p>
  )
}
