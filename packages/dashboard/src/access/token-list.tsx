// Tokens: those in use, which can be revoked, then those that are over.

import type { AccessTokenWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { RequestError, request } from '../data/request.ts'
import { useNow } from '../data/use-now.ts'
import { formatDateTime } from '../format.ts'
import { Moment } from '../moment.tsx'
import { Failure } from '../states.tsx'
import { standingOf } from './access-words.ts'

export function TokenList(props: {
  readonly tokens: readonly AccessTokenWire[]
  readonly onDone: () => void
}): ReactNode {
  const [error, setError] = useState<RequestError | null>(null)
  const now = useNow()
  const revoke = async (name: string) => {
    try {
      await request(`/api/admin/tokens/${encodeURIComponent(name)}/revoke`, { post: {} })
      setError(null)
    } catch (cause) {
      setError(cause instanceof RequestError ? cause : new RequestError(String(cause), false))
    }
    props.onDone()
  }
  if (props.tokens.length === 0)
    return <p className="empty">None yet: the admin token alone opens the API beyond loopback.</p>
  return (
    <>
      {error === null ? null : <Failure error={error} />}
      <ul className="alert-rows">
        {props.tokens.map((token) => {
          const standing = standingOf(token, now.getTime())
          return (
            <li key={token.id}>
              <span>
                {token.name} <span className="muted">{token.role}</span>
              </span>
              <span>
                {token.targets === null ? 'All targets' : token.targets.join(', ')}
                {standing === 'in use' && token.expiresAt !== null
                  ? `, until ${formatDateTime(new Date(token.expiresAt))}`
                  : null}
                <span className="muted alert-became">
                  {token.lastUsedAt === null ? (
                    'never used'
                  ) : (
                    <span>
                      used <Moment at={token.lastUsedAt} />
                    </span>
                  )}
                </span>
              </span>
              {standing === 'in use' ? (
                <button
                  type="button"
                  onClick={() => void revoke(token.name)}
                  aria-label={`Revoke ${token.name}`}
                >
                  Revoke
                </button>
              ) : (
                <span className="muted">
                  {standing === 'expired' ? 'Expired' : `Revoked by ${token.revokedBy ?? ''}`}
                </span>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}
