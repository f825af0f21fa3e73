// The blocks of a report, as the rest of the dashboard shows such things.

import type { ReportBlock, ReportChart, ReportItem, ReportTable } from 'pgsteward/wire'
import { type ReactNode, useMemo } from 'react'
import { TimeChart } from '../chart/time-chart.tsx'
import { SeverityBadge } from '../findings/severity.tsx'
import { Prose, ReportLink } from './report-link.tsx'
import { comparedWords, reportValue } from './report-words.ts'

export function ReportBlockView(props: { readonly block: ReportBlock }): ReactNode {
  const { block } = props
  switch (block.is) {
    case 'text':
      return block.text.split(/\n\s*\n/).map((text) => (
        <p key={text}>
          <Prose text={text} />
        </p>
      ))
    case 'figures':
      return <Figures block={block} />
    case 'table':
      return <Table table={block.table} />
    case 'chart':
      return <Chart chart={block.chart} />
    case 'list':
      return (
        <div>
          {block.title === null ? null : <h3>{block.title}</h3>}
          {block.items.length === 0 ? (
            <p className="muted">
              <Prose text={block.empty} />
            </p>
          ) : (
            <Items items={block.items} />
          )}
        </div>
      )
  }
}

export function Items(props: { readonly items: readonly ReportItem[] }): ReactNode {
  return (
    <ul className="report-items">
      {props.items.map(({ text, severity, detail, link }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes, and two items may say the same
        <li key={at}>
          {severity === null ? null : <SeverityBadge severity={severity} />}
          <span>
            <ReportLink to={link}>
              <Prose text={text} />
            </ReportLink>
            {detail === null ? null : (
              <span className="report-detail muted">
                <Prose text={detail} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Figures(props: { readonly block: Extract<ReportBlock, { is: 'figures' }> }): ReactNode {
  return (
    <dl className="report-figures">
      {props.block.figures.map((figure, at) => {
        const { label, value, unit, judgement, note, link } = figure
        const compared = comparedWords(figure)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes, and two figures may have one name
          <div key={at}>
            <dt>{label}</dt>
            <dd className={value === null ? 'report-value muted' : 'report-value'}>
              <ReportLink to={link}>{reportValue(value, unit)}</ReportLink>
            </dd>
            <dd className="muted">
              {judgement === 'neutral' ? null : <b className={`is-${judgement}`}>{judgement}</b>}
              {judgement === 'neutral' || compared === '' ? null : ' · '}
              {compared}
            </dd>
            {note === null ? null : (
              <dd className="muted">
                <Prose text={note} />
              </dd>
            )}
          </div>
        )
      })}
    </dl>
  )
}

function Table(props: { readonly table: ReportTable }): ReactNode {
  const { title, columns, rows, empty, more } = props.table
  const sideOf = (at: number) => (columns[at]?.unit === 'text' ? undefined : 'number')
  return (
    <div>
      {title === null ? null : <h3>{title}</h3>}
      {rows.length === 0 ? (
        <p className="muted">
          <Prose text={empty} />
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard
        <section className="report-scroll" aria-label={title ?? 'Table'} tabIndex={0}>
          <table className="report-table">
            <thead>
              <tr>
                {columns.map(({ label }, at) => (
                  <th key={label} scope="col" className={sideOf(at)}>
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ cells, link }, row) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes
                <tr key={row}>
                  {columns.map(({ label, unit }, at) => (
                    <td key={label} className={sideOf(at)}>
                      <ReportLink to={at === 0 ? link : null}>
                        {reportValue(cells[at] ?? null, unit)}
                      </ReportLink>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {more > 0 ? <p className="muted">and {more.toLocaleString('en')} more</p> : null}
    </div>
  )
}

const seconds = (at: string) => Date.parse(at) / 1000

/** Levels are lines of their own: they have a name and a colour, as all that is drawn. */
function Chart(props: { readonly chart: ReportChart }): ReactNode {
  const { chart } = props
  const drawn = useMemo(() => {
    const span = { from: seconds(chart.from), to: seconds(chart.to) }
    const line = (label: string, points: [number, number | null][]) => ({
      name: chart.title,
      unit: chart.unit,
      labels: { line: label },
      points,
    })
    const series = [
      ...chart.series.map(({ label, points }) =>
        line(
          label,
          points.map(([at, value]) => [seconds(at), value]),
        ),
      ),
      ...chart.levels.map(({ label, value }) =>
        line(label, [
          [span.from, value],
          [span.to, value],
        ]),
      ),
    ]
    return { span, series }
  }, [chart])
  return (
    <div>
      <TimeChart name={chart.title} {...drawn} />
      <p className="report-open">
        <ReportLink to={chart.link}>{chart.link === null ? '' : 'Where this comes from'}</ReportLink>
      </p>
    </div>
  )
}
