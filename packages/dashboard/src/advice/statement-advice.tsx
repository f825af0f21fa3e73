// On a statement's page: the advised indexes that would serve it.

import type { StatementDetailWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatCompact } from '../format.ts'
import { Link } from '../link.tsx'
import { indexTitle, ratioWords } from './advice-words.ts'
import { BeforeAfter } from './before-after.tsx'

export function StatementAdvice(props: {
  readonly advice: NonNullable<StatementDetailWire['advice']>
}): ReactNode {
  const { advice } = props
  if (advice.length === 0) return null
  return (
    <>
      <h3>An index would serve it</h3>
      <ul className="served-by">
        {advice.map((index) => (
          <li key={`${index.schema}.${index.name}`}>
            <Link to={{ page: 'advised-index', name: index.name }} row>
              {indexTitle(index)}
            </Link>
            <span className="served-cost">
              cost of a call{' '}
              <BeforeAfter before={index.costBefore} after={index.costAfter} format={formatCompact} />
              {index.costBefore <= 0 ? null : (
                <span className="muted">{ratioWords(index.costAfter / index.costBefore)}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
