// A few figures in a row, each with what it is of or what it is to be compared with.

import type { ReactNode } from 'react'

export interface FigureWords {
  readonly label: string
  readonly value: string
  readonly beside: ReactNode
}

export function Figure(props: FigureWords): ReactNode {
  return (
    <div className="figure">
      <dt>{props.label}</dt>
      <dd>
        <b>{props.value}</b>
        <span className="muted">{props.beside}</span>
      </dd>
    </div>
  )
}

export function FigureStrip(props: {
  readonly label: string
  readonly figures: readonly FigureWords[]
}): ReactNode {
  return (
    <section className="figures is-strip" aria-label={props.label}>
      <dl>
        {props.figures.map((figure) => (
          <Figure key={figure.label} {...figure} />
        ))}
      </dl>
    </section>
  )
}
