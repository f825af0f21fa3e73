// What to do: the statements, the lock they take in plain words, how to take them back, what to mind.

import type { FindingWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Icon } from '../icon.tsx'
import { sqlScript } from '../text/sql-script.ts'
import { SqlBlock } from '../text/sql-text.tsx'

type Remedy = NonNullable<FindingWire['remedy']>

const LOCK_WORDS: Readonly<Record<Remedy['lock'], string>> = {
  none: 'others notice nothing of it.',
  'share update exclusive': 'reads and writes go on; vacuum and other changes of the table wait.',
  share: 'reads go on; writes to the table wait until it is done.',
  'share row exclusive': 'reads go on; writes to the table and other changes of it wait until it is done.',
  'access exclusive': 'everything on the table waits until it is done, reads too.',
}

export function RemedyView(props: { readonly remedy: Remedy }): ReactNode {
  const { sql, undo, lock, caution } = props.remedy
  return (
    <section className="remedy">
      <h2>What to do</h2>
      {sql.length === 0 ? null : <SqlBlock sql={sqlScript(sql)} label="Copy" />}
      <dl className="remedy-facts">
        <div>
          <dt>Lock</dt>
          <dd>
            <b>{lock}</b>: {LOCK_WORDS[lock]}
          </dd>
        </div>
        {caution === '' ? null : (
          <div>
            <dt>Mind</dt>
            <dd>
              <Icon name="warning" /> {caution}
            </dd>
          </div>
        )}
        <div>
          <dt>Undo</dt>
          <dd>
            {undo === null ? (
              'This cannot be taken back.'
            ) : undo.length === 0 ? (
              'There is nothing to take back.'
            ) : (
              <SqlBlock sql={sqlScript(undo)} label="Copy undo" />
            )}
          </dd>
        </div>
      </dl>
    </section>
  )
}
