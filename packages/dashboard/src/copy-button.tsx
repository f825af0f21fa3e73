// Copies a text and says whether that worked.

import { type ReactNode, useEffect, useState } from 'react'
import { copyText } from './data/copy.ts'
import { Icon } from './icon.tsx'

export function CopyButton(props: {
  readonly text: string | (() => string)
  readonly label: string
}): ReactNode {
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'failed'>('none')
  useEffect(() => {
    if (outcome === 'none') return
    const timer = setTimeout(() => setOutcome('none'), 2000)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = async () => {
    const text = typeof props.text === 'string' ? props.text : props.text()
    setOutcome((await copyText(text)) ? 'copied' : 'failed')
  }
  return (
    <button type="button" className="copy" onClick={() => void copy()}>
      <Icon name="copy" />
      <span aria-live="polite">
        {outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Copy by hand' : props.label}
      </span>
    </button>
  )
}
