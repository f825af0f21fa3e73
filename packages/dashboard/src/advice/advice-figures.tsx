// The advised set in four figures: what is left of the cost, what it takes on disk, what writes pay, and how far to believe it.

import type { ReactNode } from 'react'
import { FigureStrip } from '../figure-strip.tsx'
import { formatBytes, formatCompact, formatCount, formatRatio, NOTHING, plural } from '../format.ts'
import type { AdviceReport } from './advice-types.ts'
import { savedShare, writeShare } from './advice-words.ts'
import { BudgetBar } from './budget-bar.tsx'

export function AdviceFigures(props: { readonly report: AdviceReport }): ReactNode {
  const { report } = props
  const { cost, sizeBytes, budgetBytes, planner, indexes } = report
  const { agreement } = planner
  if (indexes.length === 0) return null
  return (
    <FigureStrip
      label="The advised indexes together"
      figures={[
        {
          label: 'Cost left',
          value: formatRatio(1 - savedShare(report)),
          beside: `${formatCompact(cost.beforePerMinute)} to ${formatCompact(cost.afterPerMinute)} units a minute`,
        },
        {
          label: 'Space',
          value: formatBytes(sizeBytes),
          beside: <BudgetBar sizeBytes={sizeBytes} budgetBytes={budgetBytes} />,
        },
        {
          label: 'Writes pay',
          value: formatRatio(writeShare(cost.writePerMinute, report)),
          beside: `${formatCompact(cost.writePerMinute)} units, ${formatBytes(cost.walBytesPerMinute)} of WAL a minute`,
        },
        agreement === null
          ? { label: 'Plans as the target', value: NOTHING, beside: 'not measured' }
          : {
              label: 'Plans as the target',
              value: `${formatCount(agreement.sameShape)} of ${formatCount(agreement.statements)}`,
              beside:
                agreement.couldNotPlan === 0
                  ? 'statements'
                  : `statements; ${plural(agreement.couldNotPlan, 'statement')} not compared`,
            },
      ]}
    />
  )
}
