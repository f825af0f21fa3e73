// What the lines of a chart span, for renderings that can't draw.

import type { ReportChart } from '../../model/report.ts'

export interface LineSpan {
  readonly label: string
  /** All null where no point is known. */
  readonly least: number | null
  readonly mean: number | null
  readonly greatest: number | null
  readonly last: number | null
}

export function lineSpans({ series }: ReportChart): readonly LineSpan[] {
  return series.map(({ label, points }) => {
    const values = points.flatMap(([, value]) => (value === null ? [] : [value]))
    if (values.length === 0) return { label, least: null, mean: null, greatest: null, last: null }
    return {
      label,
      least: values.reduce((least, value) => Math.min(least, value)),
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      greatest: values.reduce((greatest, value) => Math.max(greatest, value)),
      last: values.at(-1)!,
    }
  })
}
