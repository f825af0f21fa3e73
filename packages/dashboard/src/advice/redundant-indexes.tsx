// Existing indexes that nothing would miss, with the reason and how to drop them.

import type { ReactNode } from 'react'
import { formatBytes } from '../format.ts'
import { Link } from '../link.tsx'
import { sqlScript } from '../text/sql-script.ts'
import { SqlBlock } from '../text/sql-text.tsx'
import type { RedundantIndex } from './advice-types.ts'

export function RedundantIndexes(props: { readonly indexes: readonly RedundantIndex[] }): ReactNode {
  const { indexes } = props
  if (indexes.length === 0) return null
  const bytes = indexes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return (
    <section className="advice-part">
      <h2>
        No longer needed <span className="muted">{formatBytes(bytes)} to win back</span>
      </h2>
      <ul className="plain-list">
        {indexes.map((index) => (
          <li key={`${index.schema}.${index.name}`}>
            <p>
              <Link to={{ page: 'indexes' }} params={{ q: index.name }}>
                {index.name}
              </Link>{' '}
              <span className="muted">
                on {index.table}, {formatBytes(index.sizeBytes)}
              </span>
            </p>
            <p>{index.because}</p>
            <SqlBlock sql={sqlScript([index.sql])} label="Copy" />
          </li>
        ))}
      </ul>
    </section>
  )
}
