// What a statement costs, in six figures.

import type { SlowStatementWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { FigureStrip } from '../figure-strip.tsx'
import { formatCompact, formatCount, formatMs, formatPerSecond, formatRatio, orNothing } from '../format.ts'

export function Costs(props: { readonly statement: SlowStatementWire }): ReactNode {
  const { statement } = props
  const figures = [
    ['Share of time', formatRatio(statement.timeShare), 'of all statements in this range'],
    ['Total time', formatMs(statement.totalExecMs), `in ${formatCount(statement.calls)} calls`],
    ['Mean time', formatMs(statement.meanExecMs), 'per call'],
    ['Calls', formatPerSecond(statement.callsPerSecond), 'on average'],
    ['Rows', formatCompact(statement.rowsPerCall), 'per call'],
    ['Cache hits', orNothing(statement.cacheHitRatio, formatRatio), 'of the blocks it touched'],
  ] as const
  return (
    <FigureStrip
      label="Costs"
      figures={figures.map(([label, value, beside]) => ({ label, value, beside }))}
    />
  )
}
