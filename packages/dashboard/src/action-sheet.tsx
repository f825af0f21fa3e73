// A sheet by which something is decided: a form, who does it, one POST, and what was refused.

import { type ReactNode, useId, useState } from 'react'
import { RequestError, request } from './data/request.ts'
import { readStored, writeStored } from './data/stored.ts'
import { FormEnd } from './form-end.tsx'
import { useSession, whyNot } from './frame/session.ts'
import { Sheet } from './sheet.tsx'
import { Failure } from './states.tsx'

export function ActionSheet(props: {
  readonly title: string
  /** On the button that does it. */
  readonly action: string
  readonly path: string
  /** What is sent, beside who does it. */
  readonly post: () => object
  readonly isReady?: boolean
  readonly onDone: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}): ReactNode {
  const [actor, setActor] = useState(() => readStored('actor') ?? '')
  const [error, setError] = useState<RequestError | null>(null)
  const [isSending, setSending] = useState(false)
  const id = useId()
  const { who } = useSession()
  const because = whyNot(who, 'operator')
  // whoever is known acts under that name
  const known = who?.actor ?? null

  const send = async () => {
    const name = known === null ? actor.trim() : ''
    if (known === null) writeStored('actor', name === '' ? null : name)
    setSending(true)
    setError(null)
    try {
      await request(props.path, { post: { ...props.post(), ...(name === '' ? {} : { actor: name }) } })
      props.onDone()
    } catch (cause) {
      setError(cause instanceof RequestError ? cause : new RequestError(String(cause), false))
      setSending(false)
    }
  }

  return (
    <Sheet title={props.title} onClose={props.onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        {props.children}
        {known === null ? (
          <>
            <label htmlFor={id}>Your name</label>
            <input
              id={id}
              type="text"
              autoComplete="name"
              placeholder="dashboard"
              value={actor}
              onChange={(event) => setActor(event.target.value)}
            />
          </>
        ) : (
          <p className="muted">As {known}.</p>
        )}
        {because === null ? null : (
          <p className="note" role="status">
            {because}
          </p>
        )}
        {error === null ? null : <Failure error={error} />}
        <FormEnd
          action={props.action}
          isDisabled={isSending || props.isReady === false || because !== null}
          onCancel={props.onClose}
        />
      </form>
    </Sheet>
  )
}

/** One of a few, in a form. */
export function Choice<Value>(props: {
  readonly legend: string
  readonly options: readonly (readonly [label: string, value: Value])[]
  readonly chosen: Value
  readonly onChoose: (value: Value) => void
}): ReactNode {
  return (
    <fieldset className="segments">
      <legend>{props.legend}</legend>
      {props.options.map(([label, value]) => (
        <button
          key={label}
          type="button"
          aria-pressed={value === props.chosen}
          onClick={() => props.onChoose(value)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  )
}

/** What those who ask later will read. */
export function Reason(props: {
  readonly label: string
  readonly value: string
  readonly isRequired: boolean
  readonly onChange: (value: string) => void
}): ReactNode {
  const id = useId()
  return (
    <>
      <label htmlFor={id}>{props.label}</label>
      <textarea
        id={id}
        rows={3}
        required={props.isRequired}
        minLength={props.isRequired ? LEAST_REASON : undefined}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </>
  )
}

const LEAST_REASON = 3

export function isReason(text: string): boolean {
  return text.trim().length >= LEAST_REASON
}
