// Says that the server is silent, since when, and that it is being asked again.

import type { ReactNode } from 'react'
import { useSilentSince } from '../data/connection.ts'
import { formatClock } from '../format.ts'
import { Icon } from '../icon.tsx'

export function Banner(): ReactNode {
  const since = useSilentSince()
  return (
    <div role="status" className="banner-place">
      {since === null ? null : (
        <p className="banner">
          <Icon name="warning" /> The server has not answered since {formatClock(new Date(since))}; trying
          again. What you see is what it said last.
        </p>
      )}
    </div>
  )
}
