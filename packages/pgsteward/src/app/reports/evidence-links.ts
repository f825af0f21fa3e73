// Where in the dashboard a number of a report can be looked into: paths with the target and the span that it is about.

import type { Window } from '../../model/units.ts'

export interface EvidenceLinks {
  readonly finding: (key: string) => string
  readonly statement: (queryId: string) => string
  readonly application: (name: string) => string
  readonly loadRun: (id: string) => string
  readonly incident: (name: string) => string
  readonly page: (
    name:
      | 'activity'
      | 'advice'
      | 'alerts'
      | 'applications'
      | 'availability'
      | 'capacity'
      | 'changes'
      | 'findings'
      | 'incidents'
      | 'indexes'
      | 'load'
      | 'logs'
      | 'maintenance'
      | 'optimizations'
      | 'slow-queries'
      | 'statements'
      | 'tables',
  ) => string
}

export function evidenceLinks(targetId: string, { from, to }: Window): EvidenceLinks {
  const seconds = (at: Date) => String(Math.round(at.getTime() / 1000))
  const span = { from: seconds(from), to: seconds(to) }
  // a load run may be of no target
  const query = new URLSearchParams(targetId === '' ? span : { target: targetId, ...span })
  const path = (...parts: readonly string[]) => `/${parts.map(encodeURIComponent).join('/')}?${query}`
  return {
    finding: (key) => path('findings', key),
    statement: (queryId) => path('statements', queryId),
    application: (name) => path('applications', name),
    loadRun: (id) => path('load', id),
    incident: (name) => path('incidents', name),
    page: (name) => path(name),
  }
}
