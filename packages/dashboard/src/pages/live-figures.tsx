// The live figures, each beside what it is to be compared with.

import type { PerformanceMetricsWire, SeriesWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { summary } from '../chart/align.ts'
import { Figure } from '../figure-strip.tsx'
import {
  formatBytes,
  formatCount,
  formatGrowth,
  formatMs,
  formatPerSecond,
  formatRatio,
  orNothing,
} from '../format.ts'
import { Moment } from '../moment.tsx'

const STATES = [
  { key: 'active', label: 'active', colour: 1 },
  { key: 'idleInTransaction', label: 'idle in transaction', colour: 3 },
  { key: 'waiting', label: 'waiting', colour: 4 },
  { key: 'idle', label: 'idle', colour: 8 },
] as const

export function LiveFigures(props: {
  readonly metrics: PerformanceMetricsWire
  readonly series: readonly SeriesWire[]
}): ReactNode {
  const { metrics, series } = props
  const growth = metrics.tables.map((table) => table.growthBytesPerDay).filter((bytes) => bytes !== null)
  return (
    <section className="figures" aria-label="Live figures">
      <h2>
        Now{' '}
        <span className="muted">
          <Moment at={metrics.at} />
          {metrics.intervalSeconds === null ? '' : `, over ${formatMs(metrics.intervalSeconds * 1000)}`}
        </span>
      </h2>
      <dl>
        <Connections connections={metrics.connections} />
        <Figure
          label="Queries"
          value={orNothing(metrics.queriesPerSecond, formatPerSecond)}
          beside={rangeWords(series, 'queries-per-second', formatPerSecond)}
        />
        <Figure
          label="Transactions"
          value={orNothing(metrics.transactionsPerSecond, formatPerSecond)}
          beside={rangeWords(series, 'transactions-per-second', formatPerSecond) ?? 'commits and rollbacks'}
        />
        <Figure
          label="Cache hits"
          value={orNothing(metrics.cacheHitRatio, formatRatio)}
          beside={rangeWords(series, 'cache-hit-ratio', formatRatio) ?? 'of blocks touched'}
        />
        <Figure
          label="Index usage"
          value={orNothing(metrics.indexUsageRatio, formatRatio)}
          beside="of table scans went by an index"
        />
        <Figure
          label="Database size"
          value={orNothing(metrics.databaseBytes, formatBytes)}
          beside={
            growth.length === 0
              ? 'growth is known after a day'
              : `${formatGrowth(growth.reduce((sum, bytes) => sum + bytes, 0))} in the largest tables`
          }
        />
      </dl>
    </section>
  )
}

/** What the figure was in the range: the judgement that needs no threshold. */
function rangeWords(
  series: readonly SeriesWire[],
  name: string,
  format: (value: number) => string,
): string | undefined {
  const one = series.find((candidate) => candidate.name === name)
  const sum = one === undefined ? null : summary(one.points.map(([, value]) => value))
  if (sum === null) return undefined
  const [least, greatest] = [format(sum.least), format(sum.greatest)]
  return least === greatest ? `steady in this range` : `${least} to ${greatest} in this range`
}

function Connections(props: { readonly connections: PerformanceMetricsWire['connections'] }): ReactNode {
  const { connections } = props
  const { total, usable } = connections
  const full = Math.max(usable, total, 1)
  return (
    <div className="figure is-wide">
      <dt>Connections</dt>
      <dd>
        <b>
          {formatCount(total)} <span className="of muted">of {formatCount(usable)} usable</span>
        </b>
        <span className="parts" aria-hidden="true">
          {STATES.map(({ key, colour }) => (
            <i
              key={key}
              className={`series-${colour}`}
              style={{ width: `${(connections[key] / full) * 100}%` }}
            />
          ))}
        </span>
        <span className="muted parts-words">
          {STATES.filter(({ key }) => connections[key] > 0).map(({ key, label, colour }) => (
            <span key={key}>
              <i className={`swatch series-${colour}`} /> {formatCount(connections[key])} {label}
            </span>
          ))}
        </span>
      </dd>
    </div>
  )
}
