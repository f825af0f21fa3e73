// How a run, or a comparison, stands: a picture and a word. Inconclusive is grey: neither good news nor bad.

import type { RunStanding } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Icon, type IconName } from '../icon.tsx'

type Look = readonly [kind: string, icon: IconName, word: string]

const STANDINGS: Readonly<Record<RunStanding, Look>> = {
  good: ['resolved', 'resolved', 'Good'],
  measured: ['info', 'info', 'Measured'],
  warning: ['warning', 'warning', 'Warning'],
  failed: ['critical', 'critical', 'Failed'],
  inconclusive: ['undecided', 'undecided', 'Undecided'],
  invalid: ['critical', 'invalid', 'Invalid'],
}

const VERDICTS: Readonly<Record<string, Look>> = {
  pass: ['resolved', 'resolved', 'Pass'],
  warn: ['warning', 'warning', 'Warn'],
  fail: ['critical', 'critical', 'Fail'],
  inconclusive: ['undecided', 'undecided', 'Inconclusive'],
  invalid: ['critical', 'invalid', 'Not comparable'],
}

const BANDS: Readonly<Record<string, Look>> = {
  critical: ['critical', 'critical', 'Critical'],
  high: ['critical', 'critical', 'High'],
  medium: ['warning', 'warning', 'Medium'],
  low: ['info', 'info', 'Low'],
  none: ['quiet', 'resolved', 'No change'],
  improvement: ['resolved', 'resolved', 'Faster'],
}

function Badge(props: { readonly look: Look; readonly title?: string | undefined }): ReactNode {
  const [kind, icon, word] = props.look
  return (
    <span className={`badge is-${kind}`} title={props.title}>
      <Icon name={icon} /> {word}
    </span>
  )
}

export function StandingBadge(props: { readonly standing: RunStanding; readonly title?: string }): ReactNode {
  return <Badge look={STANDINGS[props.standing]} title={props.title} />
}

export function VerdictBadge(props: { readonly verdict: string }): ReactNode {
  return <Badge look={VERDICTS[props.verdict] ?? ['quiet', 'info', props.verdict]} />
}

/** Of one quantile of one endpoint: its band where the difference is proven, else that it is not. */
export function BandBadge(props: {
  readonly band: string | null
  readonly verdict: string
  readonly title?: string
}): ReactNode {
  const { band, verdict, title } = props
  if (band !== null && band !== 'none')
    return <Badge look={BANDS[band] ?? ['quiet', 'info', band]} title={title} />
  if (verdict === 'inconclusive')
    return <Badge look={['undecided', 'undecided', 'Undecided']} title={title} />
  if (verdict === 'invalid') return <Badge look={['undecided', 'invalid', 'Not judged']} title={title} />
  return <Badge look={['quiet', 'resolved', 'No change']} title={title} />
}
