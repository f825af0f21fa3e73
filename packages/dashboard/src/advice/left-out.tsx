// What the search could not take into account, and what it assumed: counted, each with its reason, out of the way until wanted.

import type { ReactNode } from 'react'
import { formatCount, plural } from '../format.ts'
import { Link } from '../link.tsx'
import type { AdviceReport } from './advice-types.ts'
import { isQueryId } from './advice-words.ts'

/** A page of ten thousand reasons tells nobody more. */
const SHOWN = 200

export function LeftOut(props: { readonly report: Pick<AdviceReport, 'leftOut' | 'notes'> }): ReactNode {
  const { leftOut, notes } = props.report
  return (
    <>
      {leftOut.length === 0 ? null : (
        <details className="note">
          <summary>
            {plural(leftOut.length, 'statement was', 'statements were')} left out, each for a reason
          </summary>
          <dl className="row-facts left-out">
            {leftOut.slice(0, SHOWN).map(({ id, because }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an id may come twice, and the order is the search's
              <div key={place}>
                <dt>
                  <StatementName id={id} />
                </dt>
                <dd>{because}</dd>
              </div>
            ))}
          </dl>
          {leftOut.length > SHOWN ? <p>and {formatCount(leftOut.length - SHOWN)} more.</p> : null}
        </details>
      )}
      {notes.length === 0 ? null : (
        <details className="note">
          <summary>{plural(notes.length, 'thing', 'things')} to know about this search</summary>
          <ul>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function StatementName(props: { readonly id: string }): ReactNode {
  const { id } = props
  if (!isQueryId(id)) return id
  return <Link to={{ page: 'statement', queryId: id }}>{id}</Link>
}
