// Follows the page's scrolling and says which rows of a table to draw.

import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react'
import { type VisibleRows, visibleRows } from './visible-rows.ts'

const phone = window.matchMedia('(max-width: 639px)')

function onPhone(listener: () => void): () => void {
  phone.addEventListener('change', listener)
  return () => phone.removeEventListener('change', listener)
}

/** Rows of 32 on a desk; fingers want more. base.css says the same. */
export function useRowHeight(): number {
  return useSyncExternalStore(onPhone, () => (phone.matches ? 44 : 32))
}

export function useVisibleRows(
  body: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): VisibleRows {
  const [visible, setVisible] = useState<VisibleRows>(() => visibleRows(0, 1200, rowHeight, count))
  useEffect(() => {
    let frame = 0
    const look = () => {
      frame = 0
      const above = -(body.current?.getBoundingClientRect().top ?? 0)
      const next = visibleRows(above, window.innerHeight, rowHeight, count)
      setVisible((before) => (before.first === next.first && before.last === next.last ? before : next))
    }
    const later = () => {
      if (frame === 0) frame = requestAnimationFrame(look)
    }
    look()
    window.addEventListener('scroll', later, { passive: true })
    window.addEventListener('resize', later)
    return () => {
      cancelAnimationFrame(frame)
      window.removeEventListener('scroll', later)
      window.removeEventListener('resize', later)
    }
  }, [body, count, rowHeight])
  // the count may have shrunk since the last look
  return { first: Math.min(visible.first, Math.max(0, count - 1)), last: Math.min(visible.last, count) }
}
