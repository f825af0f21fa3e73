// Which target, which time, which theme.

import type { TargetWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatClock, formatDateTime } from '../format.ts'
import { Icon } from '../icon.tsx'
import { zoomBack } from '../page-zoom.ts'
import { SearchButton } from '../search/search-button.tsx'
import { parseRange, RANGES } from '../time-range.ts'
import { setParams, useAddress } from '../use-address.ts'
import { CompareChoice } from './compare-choice.tsx'
import { OnCallChip } from './on-call-chip.tsx'
import { chosenTheme, nextTheme, useTheme } from './theme.ts'
import { WhoAmI } from './who-am-i.tsx'

export function TopBar(props: {
  readonly targets: readonly TargetWire[]
  readonly current: TargetWire | null
  readonly onHelp: () => void
  readonly onSearch: () => void
}): ReactNode {
  const { targets, current } = props
  return (
    <header className="top-bar">
      {current === null ? <span /> : <TargetChoice targets={targets} current={current} />}
      <SearchButton onOpen={props.onSearch} />
      <OnCallChip />
      <RangeChoice />
      <CompareChoice />
      <WhoAmI />
      <ThemeButton />
      <button
        type="button"
        className="quiet from-640"
        onClick={props.onHelp}
        aria-label="Keyboard help"
        title="Keys (?)"
      >
        <Icon name="help" />
      </button>
    </header>
  )
}

function TargetChoice(props: {
  readonly targets: readonly TargetWire[]
  readonly current: TargetWire
}): ReactNode {
  const { targets, current } = props
  return (
    <div className="target-choice">
      <i className={`dot status-${current.status}`} />
      {targets.length === 1 ? (
        <span className="target-name">{current.id}</span>
      ) : (
        <select
          aria-label="Target"
          value={current.id}
          onChange={(event) => setParams({ target: event.target.value }, 'push')}
        >
          {targets.map((target) => (
            <option key={target.id} value={target.id}>
              {target.id}
              {target.status === 'down' ? ' (down)' : ''}
            </option>
          ))}
        </select>
      )}
      <span className="target-address muted from-900" title={current.address}>
        {current.address}
      </span>
      <span className="muted from-900">
        {current.version === null ? '' : `PostgreSQL ${current.version}`}
        {current.role === 'standby' ? ', standby' : ''}
      </span>
    </div>
  )
}

function RangeChoice(): ReactNode {
  const { params } = useAddress()
  const range = parseRange(params)
  const choose = (id: string) => setParams({ range: id, from: null, to: null }, 'push', {})
  if (range.kind === 'fixed') {
    const from = new Date(range.from * 1000)
    const to = new Date(range.to * 1000)
    const isOneDay = from.toDateString() === to.toDateString()
    return (
      <button type="button" className="range-fixed" onClick={zoomBack} title="Back to the range before">
        {formatDateTime(from)} – {isOneDay ? formatClock(to) : formatDateTime(to)} <Icon name="close" />
        <span className="hidden">back to the range before</span>
      </button>
    )
  }
  return (
    <>
      <fieldset className="range-buttons">
        <legend className="hidden">Time range</legend>
        {RANGES.map(({ id, label }) => (
          <button key={id} type="button" aria-pressed={id === range.id} onClick={() => choose(id)}>
            {label}
          </button>
        ))}
      </fieldset>
      <select
        className="range-select"
        aria-label="Time range"
        value={range.id}
        onChange={(event) => choose(event.target.value)}
      >
        {RANGES.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </>
  )
}

const THEME_WORDS = { system: 'as the system', light: 'light', dark: 'dark' } as const

function ThemeButton(): ReactNode {
  useTheme()
  const theme = chosenTheme()
  const words = `Theme: ${THEME_WORDS[theme]}`
  return (
    <button type="button" className="quiet" onClick={nextTheme} aria-label={words} title={words}>
      <Icon name={theme} />
    </button>
  )
}
