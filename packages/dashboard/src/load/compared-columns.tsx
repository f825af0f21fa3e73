// The columns of a comparison: one row a quantile of an endpoint.

import { formatMs, orNothing } from '../format.ts'
import type { Column } from '../table/data-table.tsx'
import { IntervalBar } from './interval-bar.tsx'
import { type Compared, changeText, endpointName } from './load-words.ts'
import { BandBadge } from './standing.tsx'

const BAND_RANK: Readonly<Record<string, number>> = {
  critical: 0,
  high: 1,
  medium: 2,
  low: 3,
  improvement: 6,
  none: 7,
}

/** What needs someone first: proven slowdowns, then what nobody knows. */
export function rankOf({ band, verdict }: Compared): number {
  if (band !== null && band !== 'none') return BAND_RANK[band] ?? 5
  return verdict === 'inconclusive' ? 4 : verdict === 'invalid' ? 5 : 7
}

export const comparedColumns: readonly Column<Compared>[] = [
  {
    id: 'endpoint',
    head: 'Endpoint',
    value: (row) => row.name,
    cell: (row) => (
      <span title={endpointName(row.name)}>
        <code>{endpointName(row.name)}</code>
      </span>
    ),
  },
  { id: 'quantile', head: '', width: 48, value: (row) => row.quantile, cell: (row) => row.quantile },
  {
    id: 'base',
    head: 'Base',
    isNumber: true,
    width: 88,
    from: 640,
    value: (row) => row.base.valueMs,
    cell: (row) => <span className="muted">{orNothing(row.base.valueMs, formatMs)}</span>,
  },
  {
    id: 'head',
    head: 'Head',
    isNumber: true,
    width: 88,
    from: 640,
    value: (row) => row.head.valueMs,
    cell: (row) => orNothing(row.head.valueMs, formatMs),
  },
  {
    id: 'change',
    head: 'Change',
    isNumber: true,
    width: 80,
    meaning: 'As estimated from repetitions, not from the two figures beside it.',
    value: (row) => row.ratio,
    cell: (row) => changeText(row.ratio),
  },
  {
    id: 'interval',
    head: 'Between',
    width: 168,
    from: 900,
    meaning: 'One-sided 95 % bounds each; the line in the middle is no change, the ends are half and double.',
    value: (row) => row.lower,
    csv: (row) => (row.lower === null || row.upper === null ? '' : `${row.lower} to ${row.upper}`),
    cell: (row) => <IntervalBar of={row} />,
  },
  {
    id: 'band',
    head: 'Verdict',
    width: 128,
    value: rankOf,
    csv: (row) => row.band ?? row.verdict,
    cell: (row) => <BandBadge band={row.band} verdict={row.verdict} title={row.because} />,
  },
  {
    id: 'seen',
    head: 'Seen from',
    isNumber: true,
    width: 96,
    from: 1200,
    meaning: 'The least slowdown that could have been seen with these runs on this host.',
    value: (row) => row.detectable,
    cell: (row) => (
      <span className={row.verdict === 'inconclusive' ? 'own is-undecided' : 'muted'}>
        {changeText(row.detectable)}
      </span>
    ),
  },
]
