// A sheet over the page: the browser's own dialog keeps the focus inside and closes by Escape.

import { type ReactNode, useId } from 'react'
import { Icon } from './icon.tsx'
import { useModal } from './use-modal.ts'

export function Sheet(props: {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}): ReactNode {
  // where someone is to type, the focus begins there and not at the closing button
  const dialog = useModal('textarea')
  const heading = useId()
  const { onClose } = props
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the sheet closes it; Escape is the dialog's own key
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={heading}
      onClose={onClose}
      // told at the key itself: by the time of the close event another sheet may stand in this one's place, with what was loaded
      onCancel={(event) => {
        if (event.target === dialog.current) onClose()
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div className="sheet-inside">
        <header>
          <h2 id={heading}>{props.title}</h2>
          <button type="button" className="quiet" onClick={onClose} aria-label="Close">
            <Icon name="close" />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  )
}
