// A link inside the dashboard: a real address, so that it opens in a new tab, but without a new load.

import type { MouseEvent, ReactNode } from 'react'
import { hrefOf, type Route } from './route.ts'
import { navigate, useAddress } from './use-address.ts'

export function Link(props: {
  readonly to: Route
  readonly params?: Readonly<Record<string, string>>
  readonly className?: string
  readonly title?: string
  readonly row?: boolean
  readonly current?: boolean
  readonly children: ReactNode
}): ReactNode {
  const { params } = useAddress()
  const href = hrefOf(props.to, params, props.params)
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(href)
  }
  return (
    <a
      href={href}
      onClick={onClick}
      className={props.className}
      title={props.title}
      data-row={props.row === true ? '' : undefined}
      aria-current={props.current === true ? 'page' : undefined}
    >
      {props.children}
    </a>
  )
}
