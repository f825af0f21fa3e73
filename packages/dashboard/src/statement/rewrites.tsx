// Other ways to write a statement, each proven by the planner.

import type { StatementDetailWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { ratioWords } from '../advice/advice-words.ts'
import { BeforeAfter } from '../advice/before-after.tsx'
import { formatCompact } from '../format.ts'
import { SqlBlock } from '../text/sql-text.tsx'

export function Rewrites(props: {
  readonly rewrites: NonNullable<StatementDetailWire['rewrites']>
}): ReactNode {
  return props.rewrites.map((rewrite) => (
    <article key={rewrite.kind} className="rewrite">
      <h3>Written otherwise</h3>
      <p>{rewrite.why}</p>
      <p className="served-cost">
        cost of a call{' '}
        <BeforeAfter before={rewrite.costBefore} after={rewrite.costAfter} format={formatCompact} />
        {rewrite.costBefore <= 0 ? null : (
          <span className="muted">{ratioWords(rewrite.costAfter / rewrite.costBefore)}</span>
        )}
      </p>
      <p className="muted">
        {rewrite.sameResult === 'always'
          ? 'It returns the same rows, always.'
          : `It returns the same rows ${rewrite.sameResult}.`}
      </p>
      <SqlBlock sql={rewrite.sql} label="Copy" />
    </article>
  ))
}
