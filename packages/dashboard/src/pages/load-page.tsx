// Load runs and baselines: is the last run good, what got slower, what runs now.

import type { LoadBaselinesWire, LoadRunSummaryWire, LoadRunsWire } from 'pgsteward/wire'
import { type ReactNode, useMemo } from 'react'
import { useResource } from '../data/use-resource.ts'
import { BaselineList } from '../load/baseline-list.tsx'
import { FirstRun } from '../load/first-run.tsx'
import { LiveRuns } from '../load/live-runs.tsx'
import { runColumns } from '../load/run-columns.tsx'
import { ScenarioList } from '../load/scenario-list.tsx'
import { StandingBadge } from '../load/standing.tsx'
import { Loaded } from '../states.tsx'
import type { Opens } from '../table/data-table.tsx'
import type { Sort } from '../table/order.ts'
import { TablePage } from '../table/table-page.tsx'
import { tellingColumns } from '../table/telling-columns.ts'
import '../styles/load.css'

const EVERY_MS = 10_000
const LIVE_EVERY_MS = 1_000
const SORTED: Sort = { column: 'started', direction: 'desc' }
const opens: Opens<LoadRunSummaryWire> = { kind: 'page', to: ({ id }) => ({ page: 'load-run', id }) }
const textsOf = (run: LoadRunSummaryWire) => [
  run.id,
  run.scenario.id,
  run.scenario.title,
  run.target ?? '',
  run.branch ?? '',
  run.gitSha ?? '',
  run.verdict.standing,
]

export function LoadPage(): ReactNode {
  const runs = useResource<LoadRunsWire>({ path: '/api/v1/load/runs', everyMs: EVERY_MS })
  const baselines = useResource<LoadBaselinesWire>({ path: '/api/v1/load/baselines' })
  const isLive = (runs.data?.live.length ?? 0) > 0
  // the whole list each second would be much for one line that moves
  const { data: live } = useResource<LoadRunsWire>({
    path: isLive ? '/api/v1/load/runs' : null,
    params: { limit: '1' },
    everyMs: LIVE_EVERY_MS,
  })
  return (
    <>
      <title>Load & baselines · pgsteward</title>
      <h1>Load & baselines</h1>
      <Loaded from={runs} rows={12}>
        {(data) => (
          <>
            {data.headline === null ? null : (
              <p className="headline load-headline">
                <StandingBadge standing={data.headline.standing} /> <span>{data.headline.text}</span>
              </p>
            )}
            <LiveRuns runs={isLive ? (live ?? data).live : data.live} />
            {data.runs.length === 0 ? (
              data.live.length === 0 ? (
                <FirstRun />
              ) : null
            ) : (
              <>
                <ScenarioList scenarios={data.scenarios} />
                <section aria-label="Baselines">
                  <h2>Baselines</h2>
                  {baselines.data === null ? null : <BaselineList baselines={baselines.data.baselines} />}
                </section>
                <Runs runs={data.runs} />
              </>
            )}
          </>
        )}
      </Loaded>
    </>
  )
}

function Runs(props: { readonly runs: readonly LoadRunSummaryWire[] }): ReactNode {
  const columns = useMemo(() => tellingColumns(runColumns, props.runs, ['target', 'version']), [props.runs])
  return (
    <section aria-label="Runs">
      <h2>Runs</h2>
      <TablePage
        label="Load runs"
        noun={['run', 'runs']}
        columns={columns}
        rows={props.runs}
        keyOf={({ id }) => id}
        opens={opens}
        sortedBy={SORTED}
        textsOf={textsOf}
        empty={null}
      />
    </section>
  )
}
