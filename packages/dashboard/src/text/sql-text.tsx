// SQL on the page: whole in a block with a copy button, or cut to one line with the whole on hover and focus.

import { type ReactNode, useState } from 'react'
import { CopyButton } from '../copy-button.tsx'
import { oneLine, sqlTokens } from './sql-tokens.ts'

/** Colouring a text of megabytes freezes the page; beyond this it is shown plain. */
const COLOURED = 20_000
const PEEK = 1500

export function Sql(props: { readonly sql: string }): ReactNode {
  const { sql } = props
  if (sql.length > COLOURED) return sql
  let at = 0
  return sqlTokens(sql).map(({ kind, text }) => {
    const key = at
    at += text.length
    return kind === 'plain' ? (
      text
    ) : (
      <span key={key} className={`sql-${kind}`}>
        {text}
      </span>
    )
  })
}

/** `isPlain`: some other language, shown as it is. */
export function SqlBlock(props: {
  readonly sql: string
  readonly label: string
  readonly isPlain?: boolean
}): ReactNode {
  return (
    <div className="code-block">
      <pre>
        <code>{props.isPlain === true ? props.sql : <Sql sql={props.sql} />}</code>
      </pre>
      <CopyButton text={props.sql} label={props.label} />
    </div>
  )
}

/** For a table's cell: put it into a link, whose focus opens the whole text too. `lead`: what it is called, before the text. */
export function SqlLine(props: { readonly sql: string; readonly lead?: string | null }): ReactNode {
  const { sql, lead = null } = props
  const [isPeeking, setPeeking] = useState(false)
  return (
    <span
      className="sql-line"
      ref={(element) => {
        const link = element?.closest('a, button')
        if (!(link instanceof HTMLElement)) return
        const show = () => setPeeking(true)
        const hide = () => setPeeking(false)
        const events = [
          ['focus', show],
          ['blur', hide],
          ['mouseenter', show],
          ['mouseleave', hide],
        ] as const
        for (const [name, listener] of events) link.addEventListener(name, listener)
        return () => {
          for (const [name, listener] of events) link.removeEventListener(name, listener)
        }
      }}
    >
      <span>
        {lead === null ? null : <span className="sql-lead">{lead}</span>}
        <code>
          <Sql sql={oneLine(sql, 240)} />
        </code>
      </span>
      {isPeeking ? (
        <span className="sql-peek" aria-hidden="true">
          <Sql sql={sql.length > PEEK ? `${sql.slice(0, PEEK)}…` : sql} />
        </span>
      ) : null}
    </span>
  )
}
