// Applications that report and are shown nowhere, since the server cannot tell of which target they speak. Nothing where all is clear.

import type { UnplacedApplicationWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { Icon } from '../icon.tsx'
import { Moment } from '../moment.tsx'

export function Unplaced(): ReactNode {
  const { data } = useResource<readonly UnplacedApplicationWire[]>({ path: '/api/v1/unplaced-applications' })
  if (data === null || data.length === 0) return null
  return (
    <div className="note unplaced">
      <p>
        <Icon name="warning" />{' '}
        {data.length === 1 ? 'One application reports' : `${data.length} applications report`}, but of which
        target is not known, so nothing of it is kept. Say it in the configuration:{' '}
        <code>{"applications: [{ service: 'its name', target: 'a target' }]"}</code>
      </p>
      <ul>
        {data.map(({ application, because, lastSeenAt }) => (
          <li key={application}>
            <b>{application}</b>: {because}; last <Moment at={lastSeenAt} />
          </li>
        ))}
      </ul>
    </div>
  )
}
