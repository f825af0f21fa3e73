// A text with what was typed marked in it.

import type { ReactNode } from 'react'
import { marksOf, type Wanted } from './rank.ts'

export function Marked(props: { readonly text: string; readonly wanted: Wanted | null }): ReactNode {
  const { text, wanted } = props
  if (wanted === null) return text
  let from = 0
  const parts: ReactNode[] = []
  for (const [start, end] of marksOf(wanted, text)) {
    if (start > from) parts.push(text.slice(from, start))
    parts.push(<mark key={start}>{text.slice(start, end)}</mark>)
    from = end
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}
