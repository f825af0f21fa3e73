// A queue for locks, indented: its root, who waits behind whom, and what would end it, to copy and never run by us.

import type { BlockedSessionWire, BlockingTreeWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Copied } from '../copied.tsx'
import { Link } from '../link.tsx'
import { SqlBlock, SqlLine } from '../text/sql-text.tsx'
import { sessionName, waitText } from './activity-words.ts'

export function BlockingTree(props: { readonly tree: BlockingTreeWire }): ReactNode {
  const { sessions, release } = props.tree
  return (
    <div className="blocking-tree">
      <ol>
        {sessions.map((session) => (
          <li
            key={`${session.pid} ${session.preparedAs ?? ''}`}
            className={session.depth === 0 ? 'is-root' : undefined}
            style={{ paddingLeft: `${Math.min(session.depth, 6) * 20 + 12}px` }}
          >
            <BlockedSession session={session} />
          </li>
        ))}
      </ol>
      {release === null ? null : (
        <div className="blocking-release">
          <h3>To end it</h3>
          <p>{release.caution}</p>
          <SqlBlock sql={release.sql} label="Copy" />
        </div>
      )}
    </div>
  )
}

function BlockedSession(props: { readonly session: BlockedSessionWire }): ReactNode {
  const { session } = props
  const { queryId, query, caller } = session
  return (
    <>
      <span className="blocking-who">
        <b>{sessionName(session)}</b> <span className="muted">{waitText(session)}</span>
      </span>
      {query === '' ? (
        <span className="muted">its statement is not known</span>
      ) : queryId === null || queryId === '0' ? (
        <SqlLine sql={query} />
      ) : (
        <Link to={{ page: 'statement', queryId }}>
          <SqlLine sql={query} />
        </Link>
      )}
      {caller === null ? null : (
        <span className="blocking-caller muted">
          sent by <Copied text={caller} />
        </span>
      )}
    </>
  )
}
