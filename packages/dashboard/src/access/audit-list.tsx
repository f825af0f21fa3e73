// The audit log: what was asked that writes, or was refused.

import type { AuditEntryWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Moment } from '../moment.tsx'
import { actionWords } from './access-words.ts'

const OUTCOME = {
  done: { look: 'quiet', word: 'Done' },
  refused: { look: 'warning', word: 'Refused' },
  failed: { look: 'critical', word: 'Failed' },
} as const

export function AuditList(props: { readonly entries: readonly AuditEntryWire[] }): ReactNode {
  return (
    <ul className="alert-rows">
      {props.entries.map((entry) => (
        <li key={entry.id}>
          <span>
            <Moment at={entry.at} />
          </span>
          <span>
            {entry.actor ?? 'Nobody known'}: {actionWords(entry.action, entry.path)}
            <span className="muted alert-became">
              {[entry.address, entry.because].filter((each) => each !== null).join(': ')}
            </span>
          </span>
          <span className={`badge is-${OUTCOME[entry.outcome].look}`}>
            {OUTCOME[entry.outcome].word} {entry.outcome === 'done' ? null : entry.status}
          </span>
        </li>
      ))}
    </ul>
  )
}
