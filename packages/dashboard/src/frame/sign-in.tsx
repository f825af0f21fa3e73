// Asks for a token where nobody is known, and begins a session with it.

import { type ReactNode, useState } from 'react'
import { RequestError, request } from '../data/request.ts'
import { Failure } from '../states.tsx'

export function SignIn(props: { readonly onSignedIn: () => void }): ReactNode {
  const [token, setToken] = useState('')
  const [error, setError] = useState<RequestError | null>(null)
  const [isSending, setSending] = useState(false)
  const send = async () => {
    setSending(true)
    setError(null)
    try {
      await request('/api/v1/session', { post: { token: token.trim() } })
      props.onSignedIn()
    } catch (cause) {
      setError(cause instanceof RequestError ? cause : new RequestError(String(cause), false))
    }
    setSending(false)
  }
  return (
    <form
      className="form sign-in"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <title>Sign in · pgsteward</title>
      <h1>Who asks?</h1>
      <p>
        Here nothing is shown to strangers. An admin makes a token with <code>pgsteward token create</code>.
        It is not kept in the browser: only the session that begins with it is.
      </p>
      {error === null ? null : <Failure error={error} />}
      <label htmlFor="token">Token</label>
      <input
        id="token"
        type="password"
        autoComplete="current-password"
        required
        value={token}
        onChange={(event) => setToken(event.target.value)}
      />
      <div className="form-end">
        <button type="submit" className="primary" disabled={isSending || token.trim() === ''}>
          Sign in
        </button>
      </div>
    </form>
  )
}
