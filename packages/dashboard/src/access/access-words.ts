// Words of the page Access.

import type { AccessTokenWire } from 'pgsteward/wire'

/** How a token stands, as a badge says it. */
export function standingOf(token: AccessTokenWire, now: number): 'in use' | 'expired' | 'revoked' {
  if (token.revokedAt !== null) return 'revoked'
  return token.expiresAt !== null && Date.parse(token.expiresAt) <= now ? 'expired' : 'in use'
}

/** What a person would do, out of a route: `POST /api/v1/changes/:name/:request`. */
export function actionWords(action: string, path: string): string {
  const method = action.split(' ', 1)[0] ?? ''
  return `${method} ${path.replace(/^\/api\/(v1\/)?/, '')}`
}
