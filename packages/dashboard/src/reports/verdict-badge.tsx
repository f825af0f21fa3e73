// The verdict of a report: a picture and a word, never a colour alone.

import type { ReactNode } from 'react'
import { Icon } from '../icon.tsx'
import { VERDICTS, type Verdict } from './report-words.ts'

export function VerdictBadge(props: { readonly verdict: Verdict | null }): ReactNode {
  if (props.verdict === null) return <span className="muted">no verdict</span>
  const { word, tone, icon } = VERDICTS[props.verdict]
  return (
    <span className={`badge ${tone}`}>
      <Icon name={icon} /> {word}
    </span>
  )
}
