// Facts as name and value, on a sheet; what is not known is left out.

import type { ReactNode } from 'react'

export function Facts(props: { readonly facts: Readonly<Record<string, ReactNode>> }): ReactNode {
  return (
    <dl className="row-facts">
      {Object.entries(props.facts)
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}
