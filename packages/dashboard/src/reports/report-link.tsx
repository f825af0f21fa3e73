// A report's link to its evidence, without a new load of the page; plain text where there is none.

import type { MouseEvent, ReactNode } from 'react'
import { keepingState } from '../route.ts'
import { navigate, useAddress } from '../use-address.ts'
import { isPath } from './report-words.ts'

export function ReportLink(props: { readonly to: string | null; readonly children: ReactNode }): ReactNode {
  const { to, children } = props
  const { params } = useAddress()
  if (!isPath(to)) return children
  const href = keepingState(to, params)
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(href)
  }
  return (
    <a href={href} onClick={onClick}>
      {children}
    </a>
  )
}

/** Plain words with `code` in backticks. */
export function Prose(props: { readonly text: string }): ReactNode {
  return props.text.split(/`([^`]+)`/).map((part, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
    at % 2 === 1 ? <code key={at}>{part}</code> : part,
  )
}
