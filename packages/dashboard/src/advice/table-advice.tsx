// On the page of tables: which have advised indexes, and on a table's sheet which these are.

import type { TableWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatBytes, formatRatio, plural } from '../format.ts'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'

export function TableAdvice(props: { readonly advised: NonNullable<TableWire['advised']> }): ReactNode {
  if (props.advised.length === 0) return null
  return (
    <section className="advice-part">
      <h3>Advised for it</h3>
      <ul>
        {props.advised.map(({ name, definition, sizeBytes, gainRatio }) => (
          <li key={name}>
            <Link to={{ page: 'advised-index', name }}>
              <code>{definition}</code>
            </Link>{' '}
            <span className="muted">
              saves {formatRatio(gainRatio)} of the workload's cost, {formatBytes(sizeBytes)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function AdvisedMark(props: { readonly count: number }): ReactNode {
  const { count } = props
  if (count === 0) return null
  const words = plural(count, 'new index is advised', 'new indexes are advised')
  return (
    <span className="advised-mark" title={words}>
      <Icon name="advice" />
      <span aria-hidden="true">{count}</span>
      <span className="hidden">{words}</span>
    </span>
  )
}
