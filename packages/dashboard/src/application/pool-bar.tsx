// A pool at a glance: connections in use, idle, still to open, and those who wait for one.

import type { PoolWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatCount } from '../format.ts'
import { Icon } from '../icon.tsx'

type Pool = Pick<PoolWire, 'max' | 'used' | 'idle' | 'waiting'>

export function PoolBar(props: { readonly pool: Pool }): ReactNode {
  const { max, used, idle, waiting } = props.pool
  const open = used + idle
  const room = Math.max(max ?? open, open)
  const full = Math.max(room + waiting, 1)
  const width = (count: number) => ({ width: `${(count / full) * 100}%` })
  return (
    <span className="pool-bar" aria-hidden="true">
      <i className="series-1" style={width(used)} />
      <i className="series-8" style={width(idle)} />
      <i className="is-free" style={width(room - open)} />
      <i className="series-4" style={width(waiting)} />
    </span>
  )
}

/** 8 of 10 used, and who waits: that alone is bad news, so it alone is coloured. */
export function PoolWords(props: { readonly pool: Pool }): ReactNode {
  const { max, used, waiting } = props.pool
  return (
    <>
      {formatCount(used)}
      {max === null ? '' : ` of ${formatCount(max)}`} used
      {waiting === 0 ? null : (
        <span className="badge is-warning">
          <Icon name="warning" /> {formatCount(waiting)} waiting
        </span>
      )}
    </>
  )
}

export function PoolCell(props: { readonly pool: Pool }): ReactNode {
  return (
    <span className="pool-cell">
      <PoolBar pool={props.pool} />
      <span>
        <PoolWords pool={props.pool} />
      </span>
    </span>
  )
}
