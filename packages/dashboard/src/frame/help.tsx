// The keys, on a sheet over the page.

import type { ReactNode } from 'react'
import { SEARCH_KEYS } from '../search/search-button.tsx'
import { Sheet } from '../sheet.tsx'
import { PAGE_KEYS } from './keys.ts'

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  ...PAGE_KEYS.map(({ key, title }) => [['g', key], title] as const),
  [['j'], 'Next row'],
  [['k'], 'Row before'],
  [['Enter'], 'Open the row'],
  [SEARCH_KEYS, 'Find any query, table, index, finding, page'],
  [['/'], 'To the filter; to the search where there is none, or from an empty one'],
  [['Enter'], 'From the filter to the first row'],
  [['Esc'], 'Leave the filter, close a sheet'],
  [['-'], 'Show twice the time'],
  [['+'], 'Show half the time'],
  [['['], 'Earlier, by half of what is shown'],
  [[']'], 'Later'],
  [[','], 'Compare with the day before, or end it'],
  [['.'], 'Compare with the week before, or end it'],
  [['Esc'], 'Back to the time before'],
  [['?'], 'This help'],
]

const CHART_KEYS: typeof KEYS = [
  [['←', '→'], 'Move the cursor'],
  [['Home', 'End'], 'To the first and the last'],
  [['Shift', '←', '→'], 'Mark a time'],
  [['Enter'], 'Look closer at what is marked'],
  [['Esc'], 'Leave the chart'],
]

export function Help(props: { readonly onClose: () => void }): ReactNode {
  return (
    <Sheet title="Keys" onClose={props.onClose}>
      <KeyList keys={KEYS} />
      <h3>In a chart</h3>
      <KeyList keys={CHART_KEYS} />
      <p className="muted">
        Drag over a chart to look closer; a double click, or the range above, takes it back.
      </p>
    </Sheet>
  )
}

function KeyList(props: { readonly keys: typeof KEYS }): ReactNode {
  return (
    <dl className="keys">
      {props.keys.map(([keys, what]) => (
        <div key={what}>
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  )
}
