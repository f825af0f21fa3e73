// Who is on call, in the top bar. Nothing where no schedule is configured.

import type { OnCallNowWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'

/** Whoever takes over wants to see it. */
const EVERY_MS = 15_000

export function OnCallChip(): ReactNode {
  const { data } = useResource<OnCallNowWire>({ path: '/api/v1/on-call/now', everyMs: EVERY_MS })
  if (data === null || data.current === null) return null
  const { gap, primary, secondary } = data.current
  const words =
    gap === null ? `On call: ${primary?.name}, then ${secondary?.name}` : `Nobody is on call: ${gap}`
  return (
    <Link to={{ page: 'on-call' }} className="on-call-chip" title={words}>
      <Icon name="on-call" />
      <span className="from-640">{primary?.name ?? 'Nobody'}</span>
      <span className="hidden">{words}</span>
    </Link>
  )
}
