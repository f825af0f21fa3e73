// A modal dialog: the browser keeps the focus inside and closes it by Escape; when it goes, the focus is back where it was.

import { type RefObject, useEffect, useRef } from 'react'

/** `first` selects where the focus begins; without it, or where it is not there, at the first control. */
export function useModal(first: string): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    dialog.current?.querySelector<HTMLElement>(first)?.focus()
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [first])
  return dialog
}
