// The way into the search for whoever does not know its keys.

import type { ReactNode } from 'react'
import { Icon } from '../icon.tsx'

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

export const SEARCH_KEYS = isMac ? ['⌘', 'K'] : ['Ctrl', 'K']

export function SearchButton(props: { readonly onOpen: () => void }): ReactNode {
  return (
    <button
      type="button"
      className="search-button"
      onClick={props.onOpen}
      aria-keyshortcuts="Control+K Meta+K"
      title={`Search (${SEARCH_KEYS.join('-')})`}
    >
      <Icon name="search" />
      <span className="search-button-words">Search</span>{' '}
      <kbd className="search-button-words">{SEARCH_KEYS.join(' ')}</kbd>
    </button>
  )
}
