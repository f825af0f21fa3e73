// The end of a form on a sheet: the way out, and the button that does it.

import type { ReactNode } from 'react'

export function FormEnd(props: {
  /** On the button that does it. */
  readonly action: string
  readonly isDisabled: boolean
  readonly onCancel: () => void
}): ReactNode {
  return (
    <div className="form-end">
      <button type="button" onClick={props.onCancel}>
        Cancel
      </button>
      <button type="submit" className="primary" disabled={props.isDisabled}>
        {props.action}
      </button>
    </div>
  )
}
