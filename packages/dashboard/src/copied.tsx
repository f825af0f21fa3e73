// A short text that people take elsewhere: a place in the source for the editor, a trace for the tracing tool.

import type { ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'

export function Copied(props: { readonly text: string }): ReactNode {
  return (
    <span className="copied">
      <code>{props.text}</code> <CopyButton text={props.text} label="Copy" />
    </span>
  )
}
