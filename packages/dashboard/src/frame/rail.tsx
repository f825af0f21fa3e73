// The pages: a rail at the left, a bar at the bottom on a phone.

import { type ReactNode, useEffect, useState } from 'react'
import type { SeverityCounts } from '../findings/severity.tsx'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'
import { pathOf, type Route } from '../route.ts'
import { PAGE_KEYS } from './keys.ts'

/** Thumbs need room: what an engineer with an alert looks at, the rest behind More. */
const ON_PHONE: ReadonlySet<string> = new Set(['overview', 'findings', 'applications', 'slow-queries'])

function isUnder(route: Route, page: string): boolean {
  if (route.page === 'finding') return page === 'findings'
  if (route.page === 'application') return page === 'applications'
  if (route.page === 'statement') return page === 'statements'
  if (route.page === 'advised-index') return page === 'advice'
  if (route.page === 'change') return page === 'changes'
  if (route.page === 'incident') return page === 'incidents'
  if (route.page === 'optimization') return page === 'optimizations'
  if (route.page === 'load-run') return page === 'load'
  if (route.page === 'job') return page === 'maintenance'
  if (route.page === 'report') return page === 'reports'
  return route.page === page
}

export function Rail(props: { readonly route: Route; readonly findings: SeverityCounts | null }): ReactNode {
  const { findings, route } = props
  const [isMoreOpen, setMoreOpen] = useState(false)
  const path = pathOf(route)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whichever page was chosen, the rest steps back
  useEffect(() => setMoreOpen(false), [path])
  return (
    <nav className="rail" aria-label="Pages">
      <Link to={{ page: 'overview' }} className="brand" title="pgsteward">
        <img src="/favicon.svg" alt="" width="20" height="20" />
        <span>pgsteward</span>
      </Link>
      <ul>
        {PAGE_KEYS.map(({ key, page, title }) => (
          <li key={page} className={ON_PHONE.has(page) || isMoreOpen ? undefined : 'is-more'}>
            <Link to={{ page }} current={isUnder(route, page)} title={`${title} (g ${key})`}>
              <Icon name={page} />
              <span className="rail-title">{title}</span>
              {page === 'findings' && findings !== null ? <Count findings={findings} /> : null}
            </Link>
          </li>
        ))}
        <li className="more">
          <button
            type="button"
            className="rail-more"
            aria-expanded={isMoreOpen}
            onClick={() => setMoreOpen(!isMoreOpen)}
          >
            <Icon name={isMoreOpen ? 'close' : 'more'} />
            <span className="rail-title">{isMoreOpen ? 'Less' : 'More'}</span>
          </button>
        </li>
      </ul>
    </nav>
  )
}

/** Only what needs someone; information waits. */
function Count(props: { readonly findings: SeverityCounts }): ReactNode {
  const { critical, warning } = props.findings
  const count = critical + warning
  if (count === 0) return null
  return (
    <span className={`count ${critical > 0 ? 'is-critical' : 'is-warning'}`}>
      {count}
      <span className="hidden">{critical > 0 ? ` open, ${critical} critical` : ' open'}</span>
    </span>
  )
}
