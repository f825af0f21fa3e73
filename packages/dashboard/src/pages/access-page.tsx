// Access: tokens, who is signed in, the audit log. An admin's alone, on loopback too.

import type { AccessSessionWire, AccessTokenWire, AuditEntryWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { AuditList } from '../access/audit-list.tsx'
import { MakeToken } from '../access/make-token.tsx'
import { SessionList } from '../access/session-list.tsx'
import { TokenList } from '../access/token-list.tsx'
import { useResource } from '../data/use-resource.ts'
import { useSession, whyNot } from '../frame/session.ts'
import { SignIn } from '../frame/sign-in.tsx'
import { useTargets } from '../frame/targets.ts'
import { Loaded } from '../states.tsx'
import '../styles/alerts.css'

const EVERY_MS = 10_000

export function AccessPage(): ReactNode {
  const { who, refresh } = useSession()
  if (who === null) return null
  // on loopback nobody has to be known, but here
  if (who.by === 'open') return <SignIn onSignedIn={refresh} />
  const because = whyNot(who, 'admin')
  if (because === null) return <Access />
  return (
    <>
      <title>Access · pgsteward</title>
      <h1>Access</h1>
      <p className="note">{because}</p>
    </>
  )
}

function Access(): ReactNode {
  const targets = useTargets()
  const tokens = useResource<readonly AccessTokenWire[]>({ path: '/api/admin/tokens', everyMs: EVERY_MS })
  const sessions = useResource<readonly AccessSessionWire[]>({
    path: '/api/admin/sessions',
    everyMs: EVERY_MS,
  })
  const audit = useResource<readonly AuditEntryWire[]>({ path: '/api/admin/audit', everyMs: EVERY_MS })
  const [isMaking, setMaking] = useState(false)
  const refresh = () => {
    for (const each of [tokens, sessions, audit]) each.refresh()
  }
  return (
    <>
      <title>Access · pgsteward</title>
      <div className="page-head">
        <h1>Access</h1>
        <button type="button" onClick={() => setMaking(true)}>
          Make a token…
        </button>
      </div>
      <section aria-label="Tokens" className="alert-section">
        <h2>Tokens</h2>
        <Loaded from={tokens} rows={4}>
          {(data) => <TokenList tokens={data} onDone={refresh} />}
        </Loaded>
      </section>
      <section aria-label="Signed in" className="alert-section">
        <h2>Signed in</h2>
        <Loaded from={sessions} rows={2}>
          {(data) => <SessionList sessions={data} onDone={refresh} />}
        </Loaded>
      </section>
      <section aria-label="Audit log" className="alert-section">
        <h2>Audit log</h2>
        <Loaded from={audit} rows={8}>
          {(data) => <AuditList entries={data} />}
        </Loaded>
      </section>
      {isMaking ? <MakeToken targets={targets} onDone={refresh} onClose={() => setMaking(false)} /> : null}
    </>
  )
}
