// How grave a finding is and where it stands: always a picture and a word, never a colour alone.

import type { FindingWire, TargetWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Icon } from '../icon.tsx'

export type Severity = FindingWire['severity']
export type SeverityCounts = TargetWire['findings']

const WORDS = { critical: 'Critical', warning: 'Warning', info: 'Info' } as const

export function SeverityBadge(props: { readonly severity: Severity }): ReactNode {
  return (
    <span className={`badge is-${props.severity}`}>
      <Icon name={props.severity} /> {WORDS[props.severity]}
    </span>
  )
}

const STATE_WORDS = {
  open: 'Open',
  pending: 'Pending: not yet for as long as the check waits',
  muted: 'Muted',
  resolved: 'Resolved',
} as const

/** Nothing for an open finding: that it stands is the normal case of a list. */
export function StateBadge(props: { readonly state: FindingWire['state'] }): ReactNode {
  const { state } = props
  if (state === 'open') return null
  return (
    <span className={`badge is-${state}`} title={STATE_WORDS[state]}>
      <Icon name={state} /> {STATE_WORDS[state].split(':')[0]}
    </span>
  )
}
