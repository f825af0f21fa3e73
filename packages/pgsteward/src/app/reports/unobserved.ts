// A section of a period in which nothing was observed: no finding, alert or event was seen, which does not mean that there was none.

import type { ReportBlock } from '../../model/report.ts'
import type { Section } from './blocks.ts'

const WORDS = 'Nothing was observed in this time.'

export function unobserved({ blocks, ...rest }: Section): Section {
  return { ...rest, blocks: blocks.map(block) }
}

/** What applications told of it stays. */
function block(given: ReportBlock): ReportBlock {
  switch (given.is) {
    case 'figures':
      return {
        ...given,
        figures: given.figures.map((figure) =>
          figure.unit === 'count' && figure.value === 0 ? { ...figure, value: null, note: WORDS } : figure,
        ),
      }
    case 'list':
      return { ...given, empty: WORDS }
    case 'table':
      return { ...given, table: { ...given.table, empty: WORDS } }
    default:
      return given
  }
}
