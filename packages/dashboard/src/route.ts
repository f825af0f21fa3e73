// The pages and their addresses, as pure functions; use-address.ts ties them to the History API.

const LISTS = [
  'findings',
  'alerts',
  'on-call',
  'incidents',
  'availability',
  'applications',
  'slow-queries',
  'logs',
  'activity',
  'statements',
  'tables',
  'indexes',
  'advice',
  'maintenance',
  'changes',
  'optimizations',
  'load',
  'capacity',
  'reports',
  'checks',
  'access',
] as const

export type Route =
  | { readonly page: 'overview' | 'not-found' | (typeof LISTS)[number] }
  | { readonly page: 'finding'; readonly key: string }
  | { readonly page: 'application'; readonly name: string }
  | { readonly page: 'statement'; readonly queryId: string }
  | { readonly page: 'advised-index'; readonly name: string }
  | { readonly page: 'load-run' | 'job'; readonly id: string }
  | { readonly page: 'report'; readonly kind: string; readonly name: string }
  | { readonly page: 'change'; readonly name: string }
  | { readonly page: 'incident' | 'optimization'; readonly name: string }

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

export function parseRoute(pathname: string): Route {
  const parts = pathname.split('/').filter((part) => part !== '')
  const [first, second] = parts
  if (first === undefined) return { page: 'overview' }
  if (second === undefined) {
    const page = LISTS.find((list) => list === first)
    return { page: page ?? 'not-found' }
  }
  // some proxies decode %2F on the way, so the rest of the path is the key
  const rest = decode(parts.slice(1).join('/'))
  if (rest === null) return { page: 'not-found' }
  if (first === 'findings') return { page: 'finding', key: rest }
  if (first === 'applications') return { page: 'application', name: rest }
  if (first === 'statements') return { page: 'statement', queryId: rest }
  if (first === 'load') return { page: 'load-run', id: rest }
  if (first === 'reports') {
    const name = decode(parts.slice(2).join('/'))
    return name === null || name === '' ? { page: 'not-found' } : { page: 'report', kind: second, name }
  }
  if (first === 'maintenance') return { page: 'job', id: rest }
  if (first === 'changes') return { page: 'change', name: rest }
  if (first === 'incidents') return { page: 'incident', name: rest }
  if (first === 'optimizations') return { page: 'optimization', name: rest }
  if (first === 'advice') return { page: 'advised-index', name: rest }
  return { page: 'not-found' }
}

export function pathOf(route: Route): string {
  switch (route.page) {
    case 'overview':
    case 'not-found':
      return '/'
    case 'finding':
      return `/findings/${encodeURIComponent(route.key)}`
    case 'application':
      return `/applications/${encodeURIComponent(route.name)}`
    case 'statement':
      return `/statements/${encodeURIComponent(route.queryId)}`
    case 'load-run':
      return `/load/${encodeURIComponent(route.id)}`
    case 'job':
      return `/maintenance/${encodeURIComponent(route.id)}`
    case 'report':
      return `/reports/${encodeURIComponent(route.kind)}/${encodeURIComponent(route.name)}`
    case 'change':
      return `/changes/${encodeURIComponent(route.name)}`
    case 'incident':
      return `/incidents/${encodeURIComponent(route.name)}`
    case 'optimization':
      return `/optimizations/${encodeURIComponent(route.name)}`
    case 'advised-index':
      return `/advice/${encodeURIComponent(route.name)}`
    default:
      return `/${route.page}`
  }
}

/** What a link takes along from page to page; filters and sort orders stay behind. */
const CARRIED = ['target', 'range', 'from', 'to', 'compare', 'hide'] as const

export function hrefOf(
  route: Route,
  current: URLSearchParams,
  more: Readonly<Record<string, string>> = {},
): string {
  const params = new URLSearchParams()
  for (const name of CARRIED) {
    const value = current.get(name)
    if (value !== null) params.set(name, value)
  }
  for (const [name, value] of Object.entries(more)) params.set(name, value)
  const query = params.toString()
  return query === '' ? pathOf(route) : `${pathOf(route)}?${query}`
}

const TIME = ['range', 'from', 'to'] as const

/** A path that somebody else wrote, as a report does, with target and time of here where it names none of its own. */
export function keepingState(path: string, current: URLSearchParams): string {
  const [page = '', query = ''] = path.split('?', 2)
  const params = new URLSearchParams(query)
  const hasTime = TIME.some((name) => params.has(name))
  for (const name of CARRIED) {
    const value = current.get(name)
    if (value === null || params.has(name) || (hasTime && name !== 'target')) continue
    params.set(name, value)
  }
  const kept = params.toString()
  return kept === '' ? page : `${page}?${kept}`
}

/** The same address with some parameters changed; null or '' takes one out. */
export function withParams(
  current: URLSearchParams,
  changes: Readonly<Record<string, string | null>>,
): URLSearchParams {
  const next = new URLSearchParams(current)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name)
    else next.set(name, value)
  }
  return next
}
