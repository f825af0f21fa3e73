// What each route asks of whoever asks: one line a route, and none is served without (`createServer` refuses to start).

import type { NumberedKind } from '../app/access/record-targets.ts'
import type { Role } from '../model/access.ts'

/** The least role; or another way in, which the route itself guards. */
export type Opens =
  | Role
  /** Nothing is told that anybody may not know. */
  | 'public'
  /** The ingest token, or one of mcp.tokens, wherever it listens. */
  | 'own token'
  /** The ingest token, or an operator. */
  | 'reporter'

export interface RouteAccess {
  readonly opens: Opens
  /** Where the target stands: who may see some targets alone may ask this of those. Absent: only who sees all may. */
  readonly target?: 'path' | 'query' | 'body'
  /** Of which kind is what the path names by its number: who may see some targets alone may ask for those of their own. */
  readonly record?: NumberedKind
  /** The answer tells nothing of one target, or tells what may be seen alone. */
  readonly isOfAll?: true
  /** Who acts is put into the body. */
  readonly isSigned?: true
  /** It writes nothing that stays, or what applications send all the time. */
  readonly isUnaudited?: true
}

const OF_TARGET = '/api/v1/targets/:target'

const reads = (paths: readonly string[], access: Omit<RouteAccess, 'opens'> = {}) =>
  Object.fromEntries(paths.map((path) => [`GET ${path}`, { opens: 'viewer', ...access } as RouteAccess]))
const writes = (paths: readonly string[], access: Omit<RouteAccess, 'opens'> = {}) =>
  Object.fromEntries(
    paths.map((path) => [`POST ${path}`, { opens: 'operator', isSigned: true, ...access } as RouteAccess]),
  )

/** By method and path, as Fastify names them, without a slash at the end. HEAD is as GET. */
export const ROUTE_ACCESS: Readonly<Record<string, RouteAccess>> = {
  'GET /health': { opens: 'public' },
  'GET /': { opens: 'public' },
  'GET /*': { opens: 'public' },
  'GET /api/v1/session': { opens: 'public' },
  'POST /api/v1/session': { opens: 'public' },
  'POST /api/v1/session/end': { opens: 'viewer', isOfAll: true },

  'POST /v1/metrics': { opens: 'own token', isUnaudited: true },
  'POST /v1/logs': { opens: 'own token', isUnaudited: true },
  'POST /v1/traces': { opens: 'own token', isUnaudited: true },
  'POST /ingest/logs/:target': { opens: 'own token', isUnaudited: true },
  // its calls are logged one by one, and a proposal is kept with who made it
  'GET /mcp': { opens: 'own token', isUnaudited: true },
  'POST /mcp': { opens: 'own token', isUnaudited: true },
  'DELETE /mcp': { opens: 'own token', isUnaudited: true },

  'GET /api/admin/performance-metrics': { opens: 'admin' },
  'GET /api/admin/tokens': { opens: 'admin' },
  'POST /api/admin/tokens': { opens: 'admin' },
  'POST /api/admin/tokens/:name/revoke': { opens: 'admin' },
  'GET /api/admin/sessions': { opens: 'admin' },
  'POST /api/admin/sessions/:id/end': { opens: 'admin' },
  'GET /api/admin/audit': { opens: 'admin' },
  // entries come in under the names that they carry
  'POST /api/v1/records/import': { opens: 'admin' },
  'GET /api/v1/records': { opens: 'admin' },

  // filtered by what may be seen
  ...reads(['/api/v1/targets', '/api/v1/log-classes', '/api/v1/runbooks/:check', '/api/v1/on-call/now'], {
    isOfAll: true,
  }),
  ...reads(
    [
      'overview',
      'findings',
      'findings/:key',
      'statements',
      'statements/:queryId',
      'statements/:queryId/waits',
      'statements/:queryId/plans',
      'activity',
      'activity/live',
      'plan-changes',
      'events',
      'annotations',
      'applications',
      'applications/:application',
      'slow-queries',
      'logs',
      'logs/:id',
      'tables',
      'indexes',
      'series',
      'advice',
      'advice/script',
      'index-effects',
      'checks',
      'search',
    ].map((path) => `${OF_TARGET}/${path}`),
    { target: 'path' },
  ),
  ...reads(
    [
      '/api/v1/alerts',
      '/api/v1/availability',
      '/api/v1/capacity',
      '/api/v1/capacity/xlsx',
      '/api/v1/capacity/csv',
      '/api/v1/changes',
      '/api/v1/incidents',
      '/api/v1/maintenance',
      '/api/v1/optimizations',
      '/api/v1/practice',
      '/api/v1/rehearsals',
      '/api/v1/reports',
      '/api/v1/reports/:kind/:name',
      '/api/v1/reviews',
      '/api/v1/runbooks',
    ],
    { target: 'query' },
  ),
  ...reads([
    '/metrics',
    '/api/v1/unplaced-applications',
    '/api/v1/load/runs',
    '/api/v1/load/runs/:id',
    '/api/v1/load/runs/:id/file',
    '/api/v1/load/compare',
    '/api/v1/load/series',
    '/api/v1/load/baselines',
    '/api/v1/meetings',
    '/api/v1/meetings/:name',
    '/api/v1/on-call',
    '/api/v1/on-call/calendar.ics',
    '/api/v1/reviews/calendar.ics',
    '/api/v1/on-call/hand-off',
  ]),
  ...reads(['/api/v1/changes/:name'], { record: 'change' }),
  ...reads(['/api/v1/incidents/:name'], { record: 'incident' }),
  ...reads(['/api/v1/maintenance/jobs/:id'], { record: 'job' }),
  ...reads(['/api/v1/optimizations/:name'], { record: 'optimization' }),
  ...reads(['/api/v1/rehearsals/:name'], { record: 'rehearsal' }),
  ...reads(['/api/v1/reviews/:name'], { record: 'review' }),

  // a draft is read and not kept
  'POST /api/v1/reports/draft': { opens: 'viewer', target: 'body', isUnaudited: true },
  'POST /api/v1/reports': { opens: 'operator', target: 'body' },
  'POST /api/v1/targets/:target/advice': { opens: 'operator', target: 'path' },
  'POST /api/v1/alerts/test': { opens: 'operator' },
  'POST /api/v1/load/runs': { opens: 'reporter' },
  // what a run says of itself each second
  'POST /api/v1/load/runs/:id/moments': { opens: 'reporter', isUnaudited: true },
  'POST /api/v1/load/baselines': { opens: 'operator' },
  ...writes([`${OF_TARGET}/findings/:key/mute`, `${OF_TARGET}/findings/:key/unmute`], { target: 'path' }),
  ...writes(
    [
      '/api/v1/alerts/acknowledge',
      '/api/v1/maintenance/approve',
      '/api/v1/maintenance/request',
      '/api/v1/incidents',
      '/api/v1/reviews',
    ],
    { target: 'body' },
  ),
  ...writes([
    '/api/v1/alerts/silences',
    '/api/v1/alerts/silences/:id/end',
    '/api/v1/changes',
    '/api/v1/changes/:name/:request',
    '/api/v1/meetings',
    '/api/v1/meetings/:name/:request',
    '/api/v1/on-call/overrides',
    '/api/v1/on-call/overrides/:id/withdraw',
    '/api/v1/on-call/hand-offs',
    '/api/v1/on-call/hand-offs/:id/acknowledge',
    '/api/v1/rehearsals',
    '/api/v1/rehearsals/:name/:request',
    '/api/v1/reviews/:name/:request',
  ]),
  ...writes(['/api/v1/incidents/:name/entries'], { record: 'incident' }),
  ...writes(['/api/v1/maintenance/jobs/:id/decide'], { record: 'job' }),
  ...writes(['/api/v1/optimizations/:name/amend'], { record: 'optimization' }),
}

/** Undefined: nobody said what it asks. */
export function accessOf(method: string, path: string): RouteAccess | undefined {
  const one = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
  return ROUTE_ACCESS[`${method === 'HEAD' ? 'GET' : method} ${one}`]
}
