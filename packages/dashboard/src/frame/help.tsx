// The keys, on a sheet over the page.

import type { ReactNode } from 'react'
import { Sheet } from '../sheet.tsx'
import { PAGE_KEYS } from './keys.ts'

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  ...PAGE_KEYS.map(({ key, title }) => [['g', key], title] as const),
  [['j'], 'Next row'],
  [['k'], 'Row before'],
  [['Enter'], 'Open the row'],
  [['/'], 'To the filter'],
  [['Enter'], 'From the filter to the first row'],
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
