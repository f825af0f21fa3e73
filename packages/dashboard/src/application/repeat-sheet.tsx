// One N+1: where it is, what it costs a request, and what usually mends it.

import type { RepeatWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Copied } from '../copied.tsx'
import { formatCount, formatMs } from '../format.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Sheet } from '../sheet.tsx'
import { Facts } from '../table/facts.tsx'
import { SqlBlock } from '../text/sql-text.tsx'
import { modelAction } from './application-words.ts'
import { StatementLinks } from './statement-links.tsx'

export function RepeatSheet(props: { readonly repeat: RepeatWire; readonly onClose: () => void }): ReactNode {
  const { repeat } = props
  const { application, route, caller } = repeat
  return (
    <Sheet title={modelAction(repeat) ?? 'A statement again and again'} onClose={props.onClose}>
      <p>
        One request sends this {formatCount(repeat.repetitionsPerRequest)} times, once for each row of another
        statement, as a rule. Ask for all rows at once: with Prisma by <code>include</code> or{' '}
        <code>{'where: { id: { in: ids } }'}</code>, in SQL by a join or <code>= any($1)</code>.
      </p>
      <SqlBlock sql={repeat.text} label="Copy" />
      <Facts
        facts={{
          Route: route,
          Place: caller === null ? null : <Copied text={caller} />,
          Requests: formatCount(repeat.requests),
          Time: `${formatMs(repeat.totalMs)}, ${formatMs(repeat.totalMs / Math.max(1, repeat.requests))} a request`,
          Last: <Moment at={repeat.lastAt} />,
        }}
      />
      <p className="sheet-links">
        <StatementLinks queryIds={repeat.queryIds} />
        {route === null ? null : (
          <Link to={{ page: 'application', name: application }} params={{ show: 'routes', q: route }}>
            Its route
          </Link>
        )}
        <Link
          to={{ page: 'application', name: application }}
          params={{ show: 'statements', q: caller ?? repeat.fingerprint }}
        >
          Its place among the statements
        </Link>
      </p>
    </Sheet>
  )
}
