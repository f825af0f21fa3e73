// What was found, as options of the box: links, so that they open beside as well.

import type { MouseEvent, ReactNode, RefObject } from 'react'
import { Icon } from '../icon.tsx'
import { Marked } from './marked.tsx'
import type { Wanted } from './rank.ts'
import { iconOf, KIND_WORDS, keyOf, type Named } from './search-item.ts'

type Shown = Named & { readonly severity?: 'critical' | 'warning' | 'info' | null }

export function SearchList(props: {
  readonly ref: RefObject<HTMLDivElement | null>
  readonly id: string
  readonly items: readonly Shown[]
  readonly at: number
  readonly wanted: Wanted | null
  readonly optionId: (index: number) => string
  readonly hrefOf: (item: Named) => string
  readonly onPoint: (item: Named) => void
  readonly onOpen: (item: Named, isElsewhere: boolean) => void
}): ReactNode {
  const { items, at, wanted, optionId, onPoint, onOpen } = props
  return (
    <div
      ref={props.ref}
      id={props.id}
      role="listbox"
      aria-label="Found"
      className="search-list"
      tabIndex={-1}
    >
      {items.map((item, index) => (
        <a
          key={keyOf(item)}
          id={optionId(index)}
          role="option"
          aria-selected={index === at}
          tabIndex={-1}
          href={props.hrefOf(item)}
          onMouseMove={() => onPoint(item)}
          onClick={(event: MouseEvent) => {
            // with a key the browser opens it beside, as any link
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
            event.preventDefault()
            onOpen(item, false)
          }}
        >
          <span className={item.severity == null ? 'search-icon' : `search-icon is-${item.severity}`}>
            <Icon name={item.severity ?? iconOf(item)} />
          </span>
          <span className="search-title">
            <Marked text={item.title} wanted={wanted} />
          </span>
          <span className="search-kind muted">
            {item.severity == null ? '' : <span className="hidden">{item.severity} </span>}
            {KIND_WORDS[item.kind]}
          </span>
          {item.detail === '' ? null : (
            <span className={item.kind === 'query' ? 'search-detail is-sql' : 'search-detail'}>
              <Marked text={item.detail} wanted={wanted} />
            </span>
          )}
        </a>
      ))}
    </div>
  )
}
