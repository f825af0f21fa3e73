// Average active sessions, stacked by what they have in common; a value of the list beside it narrows everything to it.

import type { ActivityWire } from 'pgsteward/wire'
import { type ReactNode, useMemo } from 'react'
import { seriesColour } from '../chart/names.ts'
import { TimeChart } from '../chart/time-chart.tsx'
import { type SeriesSource, useThen } from '../chart/use-then.ts'
import { formatRatio } from '../format.ts'
import { Icon } from '../icon.tsx'
import { Segments } from '../segments.tsx'
import { oneLine } from '../text/sql-tokens.ts'
import type { Span } from '../time-range.ts'
import { setParams, useAddress } from '../use-address.ts'
import { averageText, DIMENSIONS, type Dimension, NULL_VALUE } from './activity-words.ts'

/** Bands beyond these are too thin to be told apart. */
const MOST_BANDS = 8

export function ActivityChart(props: {
  readonly data: ActivityWire
  readonly span: Span
  readonly by: Dimension
  readonly from: SeriesSource<ActivityWire>
}): ReactNode {
  const { data, span, by } = props
  const then = useThen(props.from)
  // the last of the palette is a grey: the rest together goes by it
  const series = useMemo(() => bandsOf(data), [data])
  return (
    <section className="activity-chart" aria-label="Average active sessions">
      <div className="toolbar">
        <Segments
          label="Stacked by"
          segments={DIMENSIONS}
          chosen={by}
          onChoose={(id) => setParams({ by: id === 'waitType' ? null : id }, 'push')}
        />
        <Filters />
      </div>
      <div className="activity-picture">
        <TimeChart name="activity" series={series} span={span} then={then} height={252} />
        <Values data={data} by={by} />
      </div>
    </section>
  )
}

function bandsOf(data: ActivityWire): ActivityWire['series'] {
  if (data.series.length <= MOST_BANDS) return data.series
  const named = data.series.slice(0, MOST_BANDS - 1)
  const rest = data.series.slice(MOST_BANDS - 1)
  const points = (rest[0]?.points ?? []).map(
    ([at], place) =>
      [at, rest.reduce((sum, one) => sum + (one.points[place]?.[1] ?? 0), 0)] as [number, number],
  )
  return [...named, { name: 'activity', unit: 'count', labels: { value: 'all others' }, points }]
}

function Values(props: { readonly data: ActivityWire; readonly by: Dimension }): ReactNode {
  const { data, by } = props
  const { params } = useAddress()
  return (
    <ul className="activity-values">
      {data.values.slice(0, 12).map(({ name, value, average, share, text }, index) => {
        const colour = seriesColour(
          index < MOST_BANDS - 1 || data.values.length <= MOST_BANDS ? name : 'all others',
          index,
        )
        const isOther = value === '(other)'
        const kept = value ?? NULL_VALUE
        const isChosen = params.get(by) === kept
        return (
          <li key={name}>
            <button
              type="button"
              className="quiet"
              disabled={isOther}
              aria-pressed={isChosen}
              title={text ?? name}
              onClick={() => setParams({ [by]: isChosen ? null : kept }, 'push')}
            >
              <i className={`swatch series-${colour}`} />
              <span className="activity-value">{text === null ? name : oneLine(text, 80)}</span>
              <span>{averageText(average)}</span>
              <span className="muted">{formatRatio(share)}</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function Filters(): ReactNode {
  const { params } = useAddress()
  return DIMENSIONS.flatMap(({ id, title }) => {
    const value = params.get(id)
    if (value === null) return []
    const shown = value !== NULL_VALUE ? value : id === 'waitType' || id === 'waitEvent' ? 'CPU' : 'not known'
    return (
      <button
        key={id}
        type="button"
        className="chip"
        onClick={() => setParams({ [id]: null }, 'push')}
        aria-label={`Show all, not only ${title} ${shown}`}
      >
        {title}: {shown} <Icon name="close" />
      </button>
    )
  })
}
