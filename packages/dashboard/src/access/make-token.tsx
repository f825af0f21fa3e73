// Makes a token, and shows it: this once.

import type { TargetWire } from 'pgsteward/wire'
import { type FormEvent, type ReactNode, useState } from 'react'
import { CopyButton } from '../copy-button.tsx'
import { RequestError, request } from '../data/request.ts'
import { FormEnd } from '../form-end.tsx'
import { Sheet } from '../sheet.tsx'
import { Failure } from '../states.tsx'

const DAY_MS = 86_400_000

export function MakeToken(props: {
  readonly targets: readonly TargetWire[]
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const [error, setError] = useState<RequestError | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [made, setMade] = useState<{ readonly name: string; readonly token: string } | null>(null)
  const make = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const days = Number(form.get('days'))
    const target = String(form.get('target'))
    setBusy(true)
    try {
      setMade(
        await request('/api/admin/tokens', {
          post: {
            name: form.get('name'),
            role: form.get('role'),
            ...(target === '' ? {} : { targets: [target] }),
            ...(days === 0 ? {} : { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() }),
          },
        }),
      )
      setError(null)
      props.onDone()
    } catch (cause) {
      setError(cause instanceof RequestError ? cause : new RequestError(String(cause), false))
    }
    setBusy(false)
  }
  if (made !== null)
    return (
      <Sheet title={`The token of ${made.name}`} onClose={props.onClose}>
        <p>It is not shown again; only a hash of it is kept.</p>
        <p>
          <code className="made-token">{made.token}</code> <CopyButton text={made.token} label="Copy" />
        </p>
        <div className="form-end">
          <button type="button" className="primary" onClick={props.onClose}>
            Done
          </button>
        </div>
      </Sheet>
    )
  return (
    <Sheet title="Make a token" onClose={props.onClose}>
      <form className="form" onSubmit={(event) => void make(event)}>
        <label htmlFor="token-name">Name, by which records know who acts</label>
        <input id="token-name" name="name" required maxLength={100} />
        <label htmlFor="token-role">Role</label>
        <select id="token-role" name="role" defaultValue="viewer">
          <option value="viewer">viewer: reads</option>
          <option value="operator">operator: also decides and writes</option>
          <option value="admin">admin: also makes tokens</option>
        </select>
        <label htmlFor="token-days">Expires</label>
        <select id="token-days" name="days" defaultValue="90">
          <option value="30">in 30 days</option>
          <option value="90">in 90 days</option>
          <option value="365">in a year</option>
          <option value="0">never</option>
        </select>
        <label htmlFor="token-target">Sees</label>
        <select id="token-target" name="target" defaultValue="">
          <option value="">all targets</option>
          {props.targets.map(({ id }) => (
            <option key={id} value={id}>
              {id} alone
            </option>
          ))}
        </select>
        {error === null ? null : <Failure error={error} />}
        <FormEnd action="Make it" isDisabled={isBusy} onCancel={props.onClose} />
      </form>
    </Sheet>
  )
}
