// What narrows slow queries: application, route, one statement; all in the address.

import type { ApplicationWire, SlowQueriesWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Icon } from '../icon.tsx'
import { parseRange } from '../time-range.ts'
import { setParams, useAddress } from '../use-address.ts'

/** Choices are those of the answer and the one in force; taking that off brings the others back. */
export function SlowQueryFilters(props: { readonly data: SlowQueriesWire }): ReactNode {
  const { data } = props
  const target = useTarget()
  const { params } = useAddress()
  const applications = useResource<readonly ApplicationWire[]>({
    path: targetPath(target, 'applications'),
    range: parseRange(params),
  })
  const fingerprint = params.get('fingerprint')
  return (
    <>
      <Choice
        name="application"
        label="Application"
        any="Any application"
        known={[...(applications.data ?? []), ...data.groups].map(({ application }) => application)}
      />
      <Choice name="route" label="Route" any="Any route" known={data.groups.map(({ route }) => route)} />
      {fingerprint === null ? null : (
        <button
          type="button"
          className="chip"
          onClick={() => setParams({ fingerprint: null }, 'push')}
          title={`Fingerprint ${fingerprint}`}
        >
          One statement <Icon name="close" />
          <span className="hidden">show all statements</span>
        </button>
      )}
    </>
  )
}

function Choice(props: {
  readonly name: 'application' | 'route'
  readonly label: string
  readonly any: string
  readonly known: readonly (string | null)[]
}): ReactNode {
  const { name } = props
  const { params } = useAddress()
  const chosen = params.get(name) ?? ''
  const choices = [...new Set([...props.known, chosen])].filter((one) => one !== null && one !== '').sort()
  if (choices.length === 0) return null
  return (
    <select
      aria-label={props.label}
      value={chosen}
      onChange={(event) => setParams({ [name]: event.target.value }, 'push')}
    >
      <option value="">{props.any}</option>
      {choices.map((one) => (
        <option key={one} value={one ?? ''}>
          {one}
        </option>
      ))}
    </select>
  )
}
