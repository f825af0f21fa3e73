// The pattern of the route that Express matched, with those of the routers it lies in: `/tenants/:tenant/members/:id`.
// `request.baseUrl` won't do: it holds what was matched (`/tenants/42`), and after an error in a router it is the outer one's again.
// So the routers are walked once and each route's whole pattern is remembered.

import type { IncomingMessage } from 'node:http'

type RoutePath = string | RegExp | readonly (string | RegExp)[]

interface Route {
  readonly path: RoutePath
}

interface Layer {
  readonly route?: Route
  readonly handle?: { readonly stack?: readonly Layer[] }
  /** Since router 2.3; before it a router's own path isn't kept anywhere. */
  readonly rawPath?: RoutePath
}

interface Application {
  readonly router?: { readonly stack?: readonly Layer[] }
  readonly mountpath?: string | readonly string[]
  readonly parent?: Application
}

export interface ExpressRequest extends IncomingMessage {
  readonly route?: Route
  readonly baseUrl?: string
  readonly originalUrl?: string
  readonly app?: Application
}

/** One pattern; several where a router is mounted at several paths; none: not found in the application's routers. */
const patterns = new WeakMap<Route, readonly string[]>()

/** Null when no route matched. 50 ns once the route is known. */
export function expressRouteOf(request: ExpressRequest): string | null {
  const { route } = request
  if (route === undefined || route === null) return null
  let known = patterns.get(route)
  if (known === undefined) {
    if (request.app !== undefined) walkApplication(request.app)
    known = patterns.get(route)
    if (known === undefined) {
      known = []
      patterns.set(route, known)
    }
  }
  if (known.length === 1) return known[0]!
  if (known.length > 1) return bestOf(known, request.originalUrl ?? '')
  return joined(withoutIds(request.baseUrl ?? ''), textOf(route.path))
}

function walkApplication(app: Application): void {
  let base = ''
  for (let one: Application | undefined = app; one?.parent !== undefined; one = one.parent)
    base = joined(textOf(one.mountpath ?? ''), base)
  walk(app.router?.stack ?? [], base, 0)
}

function walk(stack: readonly Layer[], base: string, depth: number): void {
  // a router may be mounted in itself
  if (depth > 10) return
  for (const layer of stack) {
    if (layer.route !== undefined) learn(layer.route, joined(base, textOf(layer.route.path)))
    else if (layer.handle?.stack !== undefined && layer.rawPath !== undefined)
      walk(layer.handle.stack, joined(base, textOf(layer.rawPath)), depth + 1)
  }
}

function learn(route: Route, pattern: string): void {
  const known = patterns.get(route) ?? []
  if (!known.includes(pattern) && known.length < 20) patterns.set(route, [...known, pattern])
}

function textOf(path: RoutePath): string {
  if (typeof path === 'string') return path
  return path instanceof RegExp ? path.source : textOf(path[0] ?? '')
}

function joined(base: string, path: string): string {
  const from = base === '/' ? '' : base
  if (path === '' || path === '/') return from === '' ? '/' : from
  return path.startsWith('/') || from === '' ? from + path : `${from}/${path}`
}

/** The one whose fixed segments are those of the address. */
function bestOf(known: readonly string[], address: string): string {
  const given = (address.split('?')[0] ?? '').split('/')
  const fits = (pattern: string) =>
    pattern
      .split('/')
      .every((segment, at) => segment.startsWith(':') || segment.startsWith('*') || segment === given[at])
  return known.find(fits) ?? known[0]!
}

/** Numbers, UUIDs and long keys in an address are taken for parameters: a route must not be one a customer. */
function withoutIds(address: string): string {
  return address.replace(/\/(?:\d+|[\da-f]{8}-[\da-f-]{27}|[\w-]{20,})(?=\/|$)/gi, '/:id')
}
