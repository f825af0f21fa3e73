// Under the charts: which kinds of things happened, each of which can be switched off, and what happened, as a list that leads on.

import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { formatCount, formatDateTime, formatMs, plural } from '../format.ts'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'
import { setParams } from '../use-address.ts'
import { useChartTime } from './chart-time.tsx'
import { MarkGlyph } from './mark-glyph.tsx'
import { type ChartMark, KIND_WORDS, kindCounts, toggledKind } from './marks.ts'

/** More push what follows off the page. */
const FIRST = 6

export function WhatHappened(): ReactNode {
  const { all, marks, leftOut, isRead, error, picked, pick } = useChartTime()
  const [isWhole, setWhole] = useState(false)
  const title = useId()
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    if (picked === null) return
    list.current?.scrollIntoView({ block: 'nearest' })
    list.current?.focus({ preventScroll: true })
  }, [picked])
  const chosen = picked === null ? null : marks.filter(({ id }) => picked.includes(id))
  const told = (chosen ?? marks).toSorted((a, b) => b.at - a.at)
  const shown = isWhole || chosen !== null ? told : told.slice(0, FIRST)
  return (
    <section className="happened" aria-labelledby={title} ref={list} tabIndex={-1}>
      <div className="happened-head">
        <h2 id={title}>What happened in this time</h2>
        <Kinds />
        {chosen === null ? null : (
          <button type="button" className="chip" onClick={() => pick(null)}>
            {plural(chosen.length, 'mark')} of the chart <Icon name="close" />
            <span className="hidden">back to the whole list</span>
          </button>
        )}
      </div>
      {error !== null && !error.unreachable && !isRead ? (
        <p className="note">
          What happened could not be read: {error.message}. The charts stand without marks; it is tried again.
        </p>
      ) : all.length === 0 ? (
        <p className="muted">
          {isRead
            ? 'Nothing that is known: no alert, deployment, migration, new index, setting, restart, maintenance or load run.'
            : ' '}
        </p>
      ) : shown.length === 0 ? (
        <p className="muted">All kinds are switched off.</p>
      ) : (
        <ol>
          {shown.map((mark) => (
            <Happened key={mark.id} mark={mark} />
          ))}
        </ol>
      )}
      {told.length > shown.length ? (
        <button type="button" className="as-link" onClick={() => setWhole(true)}>
          All {told.length} of this time
        </button>
      ) : null}
      {leftOut === 0 ? null : (
        <p className="muted">
          {formatCount(leftOut)} more happened, less grave or longer ago: look closer to see them.
        </p>
      )}
    </section>
  )
}

function Kinds(): ReactNode {
  const { all, hidden } = useChartTime()
  return (
    <div className="happened-kinds">
      {kindCounts(all).map(([kind, count]) => (
        <button
          key={kind}
          type="button"
          className="quiet"
          aria-pressed={!hidden.has(kind)}
          title={hidden.has(kind) ? 'Show these marks' : 'Hide these marks'}
          onClick={() => setParams({ hide: toggledKind(hidden, kind) }, 'push')}
        >
          <MarkGlyph kind={kind} severity={null} /> {KIND_WORDS[kind]} <span className="muted">{count}</span>
        </button>
      ))}
    </div>
  )
}

function Happened(props: { readonly mark: ChartMark }): ReactNode {
  const { kind, severity, at, until, text, to } = props.mark
  return (
    <li>
      <time dateTime={new Date(at * 1000).toISOString()}>{formatDateTime(new Date(at * 1000))}</time>
      <span className="happened-kind">
        <MarkGlyph kind={kind} severity={severity} />{' '}
        {severity === null ? KIND_WORDS[kind] : SEVERITY_WORDS[severity]}
      </span>
      <span className="happened-words">
        {to === null ? text : <Link to={to}>{text}</Link>}
        <span className="muted">{lastedWords(at, until)}</span>
      </span>
    </li>
  )
}

const SEVERITY_WORDS = { critical: 'Critical', warning: 'Warning' } as const

function lastedWords(at: number, until: number | null): string {
  if (until === null) return ''
  return until === Number.POSITIVE_INFINITY ? ', goes on' : `, for ${formatMs((until - at) * 1000)}`
}
