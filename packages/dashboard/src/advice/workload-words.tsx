// What the search was asked about: how many statements, counted by whom, of when.

import type { AdviceWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatMs, plural } from '../format.ts'

export function WorkloadWords(props: { readonly workload: NonNullable<AdviceWire['workload']> }): ReactNode {
  const { source, statements, from, to } = props.workload
  const span = from === null || to === null ? null : Date.parse(to) - Date.parse(from)
  return (
    <>
      It weighed {plural(statements, 'statement')},{' '}
      {source === 'history'
        ? `as counted over ${span === null ? 'time' : formatMs(span)}.`
        : 'as pg_stat_statements has them since its reset.'}
    </>
  )
}
