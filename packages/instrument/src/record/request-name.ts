// How a request is called where something else belongs to it: `GET /conversations/:id`. The same string object for the same request
// each time, so that comparing two costs nothing.

import { knownMethod } from './known-method.ts'

const names = new Map<string, Map<string, string>>()
/** Per method; beyond it names are made anew. */
const MAX_ROUTES = 2000

export function requestName(method: string, route: string | null): string | null {
  if (route === null) return null
  let ofMethod = names.get(method)
  if (ofMethod === undefined) {
    ofMethod = new Map()
    if (names.size < 50) names.set(method, ofMethod)
  }
  let name = ofMethod.get(route)
  if (name === undefined) {
    name = `${knownMethod(method)} ${route}`
    if (ofMethod.size < MAX_ROUTES) ofMethod.set(route, name)
  }
  return name
}
