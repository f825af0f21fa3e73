// One load run, under way or finished.

import type { LoadRunWire } from 'pgsteward/wire'
import { type ReactNode, useEffect, useState } from 'react'
import { useResource } from '../data/use-resource.ts'
import { Link } from '../link.tsx'
import { FinishedRun } from '../load/finished-run.tsx'
import { RunningRun } from '../load/running-run.tsx'
import { Loaded } from '../states.tsx'
import '../styles/load.css'

const LIVE_EVERY_MS = 1_000
const EVERY_MS = 60_000

export function LoadRunPage(props: { readonly id: string }): ReactNode {
  const [isLive, setLive] = useState(false)
  const run = useResource<LoadRunWire>({
    path: `/api/v1/load/runs/${encodeURIComponent(props.id)}`,
    everyMs: isLive ? LIVE_EVERY_MS : EVERY_MS,
  })
  const { data } = run
  useEffect(() => {
    if (data !== null) setLive(data.live !== null)
  }, [data])
  const title = data?.summary?.scenario.title ?? data?.live?.scenario.title ?? 'Load run'
  return (
    <>
      <title>{`${title} · Load · pgsteward`}</title>
      <p className="crumb">
        <Link to={{ page: 'load' }}>Load & baselines</Link>
      </p>
      <Loaded from={run} heading="Load run" rows={14}>
        {(loaded) =>
          loaded.live !== null ? (
            <RunningRun live={loaded.live} />
          ) : loaded.summary === null ? (
            <>
              <h1>Load run</h1>
              <p className="empty">
                Nothing was kept of this run: it was broken off before its first moment was told, or its time
                in the store is over.
              </p>
            </>
          ) : (
            <FinishedRun data={loaded} summary={loaded.summary} />
          )
        }
      </Loaded>
    </>
  )
}
