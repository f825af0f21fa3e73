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
  [['Esc'], 'Leave the filter, close a sheet'],
  [['?'], 'This help'],
]

export function Help(props: { readonly onClose: () => void }): ReactNode {
  return (
    <Sheet title="Keys" onClose={props.onClose}>
      <dl className="keys">
        {KEYS.map(([keys, what]) => (
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
      <p className="muted">Drag over a chart to look closer; the range above takes it back.</p>
    </Sheet>
  )
}
