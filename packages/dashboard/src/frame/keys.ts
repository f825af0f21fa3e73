// The keyboard: g and a letter for pages, j and k in lists, / for the filter, Ctrl-K for the search, signs for the time, ? for help.

import { useEffect } from 'react'
import { COMPARISONS, toggleComparison } from '../compare.ts'
import { isZoomed, moveBy, zoomBack, zoomBy } from '../page-zoom.ts'
import { hrefOf, type Route } from '../route.ts'
import { navigate } from '../use-address.ts'

export const PAGE_KEYS = [
  { key: 'o', page: 'overview', title: 'Overview' },
  { key: 'f', page: 'findings', title: 'Findings' },
  { key: 'e', page: 'alerts', title: 'Alerts' },
  { key: 'w', page: 'on-call', title: 'On-call' },
  { key: 'n', page: 'incidents', title: 'Incidents' },
  { key: 'u', page: 'availability', title: 'Availability' },
  { key: 'a', page: 'applications', title: 'Applications' },
  { key: 'q', page: 'slow-queries', title: 'Slow queries' },
  { key: 'l', page: 'logs', title: 'Logs' },
  { key: 'v', page: 'activity', title: 'Activity' },
  { key: 's', page: 'statements', title: 'Statements' },
  { key: 't', page: 'tables', title: 'Tables' },
  { key: 'i', page: 'indexes', title: 'Indexes' },
  { key: 'd', page: 'advice', title: 'Advice' },
  { key: 'm', page: 'maintenance', title: 'Maintenance' },
  { key: 'h', page: 'changes', title: 'Changes' },
  { key: 'z', page: 'optimizations', title: 'Optimizations' },
  { key: 'b', page: 'load', title: 'Load' },
  { key: 'p', page: 'capacity', title: 'Capacity' },
  { key: 'r', page: 'reports', title: 'Reports' },
  { key: 'c', page: 'checks', title: 'Checks' },
  { key: 'y', page: 'access', title: 'Access' },
] as const satisfies readonly { key: string; page: Route['page']; title: string }[]

/** The time of the page; COMPARISONS have keys of their own. */
const TIME_KEYS: Readonly<Record<string, () => void>> = {
  '-': () => zoomBy(2),
  '+': () => zoomBy(0.5),
  '=': () => zoomBy(0.5),
  '[': () => moveBy(-0.5),
  ']': () => moveBy(0.5),
  ...Object.fromEntries(COMPARISONS.map(({ key, id }) => [key, () => toggleComparison(id)])),
}

/** How long after g the letter is waited for. */
const CHORD_MS = 1500

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

/** Focus moves among what carries data-row, in the order of the page. */
function moveRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')].filter(
    (row) => row.offsetParent !== null,
  )
  const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement))
  // no row has the focus yet: the first one in sight, not the first of a list that was scrolled past
  const start = rows.findIndex((row) => row.getBoundingClientRect().top >= 48)
  const next = at === -1 ? rows[Math.max(0, start)] : rows[Math.min(rows.length - 1, Math.max(0, at + step))]
  next?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: 'nearest' })
}

/** The page's own filter; null: it has none, or it has the focus and is empty, so that / means more than the page. */
function filterToGoTo(): HTMLInputElement | null {
  const filter = document.querySelector<HTMLInputElement>('main [data-filter]')
  return filter === document.activeElement ? null : filter
}

function isEmptyFilter(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.dataset.filter !== undefined && target.value === ''
}

function leaveField(field: HTMLElement): void {
  if (field.closest('dialog') === null) field.blur()
}

function goToFilter(openSearch: () => void): void {
  const filter = filterToGoTo()
  if (filter === null) openSearch()
  else filter.focus()
}

/** Both stay the same from drawing to drawing. */
export function useKeys(openHelp: () => void, openSearch: () => void): void {
  useEffect(() => {
    let chordUntil = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const isSearch =
        event.key.toLowerCase() === 'k' && event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey
      if (isSearch) {
        // also from within a field, where the browser would mean its own
        event.preventDefault()
        if (document.querySelector('dialog[open]') === null) openSearch()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (isTyping(event.target)) {
        const field = event.target as HTMLElement
        // within a dialog it closes that, and the browser gives the focus back from where it is
        if (event.key === 'Escape') leaveField(field)
        else if (event.key === '/' && isEmptyFilter(event.target)) {
          event.preventDefault()
          openSearch()
        } else if (field.matches('[data-filter]') && (event.key === 'Enter' || event.key === 'ArrowDown')) {
          // Escape empties such a field: what was filtered for would be lost on the way to it
          field.blur()
          moveRow(1)
          event.preventDefault()
        }
        return
      }
      if (document.querySelector('dialog[open]') !== null) return
      const isChord = event.timeStamp < chordUntil
      chordUntil = 0
      const page = isChord ? PAGE_KEYS.find(({ key }) => key === event.key) : undefined
      if (page !== undefined) {
        navigate(hrefOf({ page: page.page }, new URLSearchParams(window.location.search)))
      } else if (event.key === 'g') chordUntil = event.timeStamp + CHORD_MS
      else if (event.key === 'j') moveRow(1)
      else if (event.key === 'k') moveRow(-1)
      else if (Object.hasOwn(TIME_KEYS, event.key)) TIME_KEYS[event.key]?.()
      else if (event.key === 'Escape' && isZoomed()) zoomBack()
      else if (event.key === '?') openHelp()
      else if (event.key === '/') goToFilter(openSearch)
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [openHelp, openSearch])
}
