// One box that finds anything: a combobox by the pattern of ARIA, over the page. What the page knows is there at once, the server's answer
// joins it.

import type { TargetWire } from 'pgsteward/wire'
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react'
import { hrefOf } from '../route.ts'
import { Failure } from '../states.tsx'
import { navigate, useAddress } from '../use-address.ts'
import { useModal } from '../use-modal.ts'
import { byRank, marksOf, type Wanted, wantedOf } from './rank.ts'
import { keepRecent, readRecent } from './recent.ts'
import { type Item, keyOf, localItems, type Named, placeOf } from './search-item.ts'
import { SearchList } from './search-list.tsx'
import { type Found, useFound } from './use-found.ts'

const LONGEST = 200
const MOST_SHOWN = 40

export function SearchBox(props: {
  readonly targets: readonly TargetWire[]
  readonly current: TargetWire | null
  readonly onClose: () => void
}): ReactNode {
  const { targets, current, onClose } = props
  const targetId = current?.id ?? null
  const dialog = useModal('input')
  const list = useRef<HTMLDivElement>(null)
  const listId = useId()
  const { route, params } = useAddress()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const [recent] = useState(() => readRecent(targetId))
  const { found, retry } = useFound(
    targetId === null ? null : `/api/v1/targets/${encodeURIComponent(targetId)}/search`,
    typed.trim(),
  )
  const wanted = useMemo(() => wantedOf(typed), [typed])
  const items = useMemo<readonly Named[]>(
    () =>
      wanted === null
        ? recent
        : shownItems(wanted, found, typed.trim(), localItems(wanted, targets, targetId)),
    [wanted, found, typed, recent, targets, targetId],
  )
  const at = Math.max(
    0,
    items.findIndex((item) => keyOf(item) === chosen),
  )
  const hrefOfItem = (item: Named) => {
    const { to, params: more } = placeOf(item, route)
    return hrefOf(to, params, more)
  }
  const open = (item: Named, isElsewhere: boolean) => {
    keepRecent(targetId, item)
    const href = hrefOfItem(item)
    if (isElsewhere) window.open(href, '_blank', 'noopener')
    else {
      onClose()
      navigate(href)
    }
  }
  const choose = (next: number) => {
    const item = items[(next + items.length) % items.length]
    if (item === undefined) return
    setChosen(keyOf(item))
    list.current?.children[items.indexOf(item)]?.scrollIntoView({ block: 'nearest' })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const item = items[at]
    if (event.key === 'ArrowDown') choose(at + 1)
    else if (event.key === 'ArrowUp') choose(at - 1)
    else if (event.key === 'PageDown') choose(Math.min(items.length - 1, at + 8))
    else if (event.key === 'PageUp') choose(Math.max(0, at - 8))
    else if (event.key === 'Enter' && item !== undefined) open(item, event.ctrlKey || event.metaKey)
    else return
    event.preventDefault()
  }
  const optionId = (index: number) => `${listId}-${index}`
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the box closes it; Escape is the dialog's own key
    <dialog
      ref={dialog}
      className="search"
      aria-label="Search"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div className="search-inside">
        <input
          type="text"
          role="combobox"
          aria-label="Search"
          aria-expanded={items.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={items.length > 0 ? optionId(at) : undefined}
          placeholder={`Find anything of ${targetId ?? 'pgsteward'}`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={LONGEST}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setChosen(null)
          }}
          onKeyDown={onKeyDown}
        />
        {wanted === null && recent.length > 0 ? <p className="search-head muted">Recent</p> : null}
        <SearchList
          ref={list}
          id={listId}
          items={items}
          at={at}
          wanted={wanted}
          optionId={optionId}
          hrefOf={hrefOfItem}
          onPoint={(item) => setChosen(keyOf(item))}
          onOpen={open}
        />
        {found.error !== null && wanted !== null ? <Failure error={found.error} onRetry={retry} /> : null}
        <Foot {...{ wanted, items, found, isBehind: targetId !== null && found.typed !== typed.trim() }} />
      </div>
    </dialog>
  )
}

/** While the answer is on its way, those of the last one stay that say what is typed now. */
function shownItems(wanted: Wanted, found: Found, typed: string, local: readonly Item[]): readonly Item[] {
  const isSaid = ({ title, detail }: Named) =>
    marksOf(wanted, title).length > 0 || marksOf(wanted, detail).length > 0
  const hits: readonly Item[] = found.typed === typed ? found.hits : found.hits.filter(isSaid)
  return [...local, ...hits].sort(byRank).slice(0, MOST_SHOWN)
}

/** How many there are, told politely; what there is to find, where there is nothing. */
function Foot(props: {
  readonly wanted: Wanted | null
  readonly items: readonly Named[]
  readonly found: Found
  readonly isBehind: boolean
}): ReactNode {
  const { wanted, items, found, isBehind } = props
  const isNothing = wanted !== null && items.length === 0 && !isBehind && found.error === null
  return (
    <>
      {isNothing ? (
        <p className="empty">
          Nothing is called that here. Fewer words find more; statements of which no text was read yet are
          found by their id alone.
        </p>
      ) : null}
      {wanted === null && items.length === 0 ? (
        <p className="empty">
          Queries by words of their text, query id or who sends them (<code>Member.findMany</code>,{' '}
          <code>members.ts:41</code>, a route); tables, indexes, findings, checks, applications, incidents,
          changes, reports, load runs and pages by name or number.
        </p>
      ) : null}
      <div className="search-foot muted">
        <span role="status">{countWords(wanted, items.length, found, isBehind)}</span>
        <span className="search-keys">
          <kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> open <kbd>Esc</kbd> close
        </span>
      </div>
    </>
  )
}

function countWords(wanted: Wanted | null, shown: number, found: Found, isBehind: boolean): string {
  if (wanted === null) return ''
  if (isBehind) return 'Searching…'
  if (found.error !== null) return `${shown} found among pages and targets`
  const more = found.count - found.hits.length
  return more > 0 ? `${shown} shown, ${more.toLocaleString('en')} more: type on` : `${shown} found`
}
