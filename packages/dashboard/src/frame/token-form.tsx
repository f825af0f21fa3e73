// Asks for the admin token where the server wants one.

import { type ReactNode, useState } from 'react'
import type { RequestError } from '../data/request.ts'
import { keepToken, readToken } from '../data/token.ts'
import { Failure } from '../states.tsx'

export function TokenForm(props: { readonly error: RequestError; readonly onGiven: () => void }): ReactNode {
  const [token, setToken] = useState('')
  const wasRefused = readToken() !== null
  return (
    <form
      className="form token-form"
      onSubmit={(event) => {
        event.preventDefault()
        keepToken(token.trim())
        props.onGiven()
      }}
    >
      <title>Admin token · pgsteward</title>
      <h1>Who asks?</h1>
      <p>
        Beyond loopback the dashboard shows nothing without the admin token, which pgsteward has in its
        configuration. It is kept until this window closes.
      </p>
      {wasRefused ? <Failure error={props.error} /> : null}
      <label htmlFor="token">Admin token</label>
      <input
        id="token"
        type="password"
        autoComplete="current-password"
        required
        value={token}
        onChange={(event) => setToken(event.target.value)}
      />
      <div className="form-end">
        <button type="submit" className="primary" disabled={token.trim() === ''}>
          Show the dashboard
        </button>
      </div>
    </form>
  )
}
