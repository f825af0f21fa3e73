// Statements that would be cheaper when written otherwise, the largest saving a minute first.

import type { ReactNode } from 'react'
import { formatCompact, plural } from '../format.ts'
import { Link } from '../link.tsx'
import { Rewrites } from '../statement/rewrites.tsx'
import type { AdviceReport } from './advice-types.ts'

export function CheaperTexts(props: { readonly rewrites: NonNullable<AdviceReport['rewrites']> }): ReactNode {
  const { rewrites } = props
  if (rewrites.length === 0) return null
  return (
    <section className="advice-part">
      <h2>
        Written otherwise <span className="muted">{plural(rewrites.length, 'statement', 'statements')}</span>
      </h2>
      <ul className="plain-list">
        {rewrites.map((rewrite) => (
          <li key={`${rewrite.id}/${rewrite.kind}`}>
            <p>
              <Link to={{ page: 'statement', queryId: rewrite.id }}>Statement {rewrite.id}</Link>{' '}
              <span className="muted">{formatCompact(rewrite.callsPerMinute)} calls a minute</span>
            </p>
            <Rewrites rewrites={[rewrite]} />
          </li>
        ))}
      </ul>
    </section>
  )
}
