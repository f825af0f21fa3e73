// One statement that an advised index serves, whole.

import type { ReactNode } from 'react'
import { formatCompact, formatCount } from '../format.ts'
import { Link } from '../link.tsx'
import { Sheet } from '../sheet.tsx'
import { Facts } from '../table/facts.tsx'
import { SqlBlock } from '../text/sql-text.tsx'
import type { ServedStatement } from './advice-types.ts'
import { isQueryId, ratioWords } from './advice-words.ts'
import { BeforeAfter } from './before-after.tsx'

export function ServedSheet(props: {
  readonly statement: ServedStatement
  readonly onClose: () => void
}): ReactNode {
  const { id, sql, callsPerMinute, costBefore, costAfter, scanBefore, scanAfter, foreignKey } =
    props.statement
  return (
    <Sheet title={foreignKey === null ? `Statement ${id}` : `Behind ${foreignKey}`} onClose={props.onClose}>
      {foreignKey === null ? null : (
        <p>
          No one sends this: it is how PostgreSQL looks for rows that refer to one that is deleted or gets
          another key.
        </p>
      )}
      <SqlBlock sql={sql} label="Copy" />
      <Facts
        facts={{
          'Cost of a call': <BeforeAfter before={costBefore} after={costAfter} format={formatCompact} />,
          'That is': costBefore <= 0 ? null : ratioWords(costAfter / costBefore),
          Before: scanBefore,
          After: scanAfter,
          Calls: `${formatCount(callsPerMinute)} a minute`,
        }}
      />
      {isQueryId(id) ? (
        <p>
          <Link to={{ page: 'statement', queryId: id }}>Its page: history, callers, findings</Link>
        </p>
      ) : null}
    </Sheet>
  )
}
