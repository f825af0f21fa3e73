// A run that has ended: the verdict first, then its course, where the time went, and what to compare it with.

import type { LoadRunSummaryWire, LoadRunWire, ShownRunWire } from 'pgsteward/wire'
import { type ReactNode, use } from 'react'
import { FigureStrip } from '../figure-strip.tsx'
import {
  formatCompact,
  formatDateTime,
  formatMs,
  formatPerSecond,
  formatRatio,
  orNothing,
} from '../format.ts'
import { TargetsContext } from '../frame/targets.ts'
import { Icon } from '../icon.tsx'
import { Moment } from '../moment.tsx'
import { Part } from '../statement/part.tsx'
import { CauseList, type StatementParams } from './cause-list.tsx'
import { CompareWith } from './compare-with.tsx'
import { DatabaseSaid } from './database-said.tsx'
import { EndpointTable } from './endpoint-table.tsx'
import { KeepAsBaseline } from './keep-as-baseline.tsx'
import { ALL, engineWords, reasonWords, scaleWords } from './load-words.ts'
import { RunCharts } from './run-charts.tsx'
import { Checks, ErrorKinds, Thresholds } from './run-lists.tsx'
import { StandingBadge } from './standing.tsx'
import { Surroundings } from './surroundings.tsx'

export function FinishedRun(props: {
  readonly data: LoadRunWire
  readonly summary: LoadRunSummaryWire
}): ReactNode {
  const { data, summary } = props
  const { run } = data
  const statementParams = useStatementParams(run)
  return (
    <>
      <RunHead summary={summary} run={run} />
      {run === null ? (
        <p className="note">
          The details of this run went, so that the store keeps to its size (<code>load.maxSize</code>); its
          figures stay.
        </p>
      ) : (
        <>
          <Figures summary={summary} run={run} />
          <RunCharts
            id={run.id}
            time={{
              startedAt: run.startedAt,
              warmUpMs: run.warmUpMs,
              totalMs: run.warmUpMs + run.durationMs,
            }}
            moments={run.timeline}
          />
          {data.bottlenecks.length === 0 ? null : (
            <Part id="bottleneck" title="Where the time went">
              <CauseList causes={data.bottlenecks} statementParams={statementParams} />
            </Part>
          )}
          <Part id="compare" title="Compared">
            <CompareWith summary={summary} made={data.comparisons} statementParams={statementParams} />
            {summary.invalid > 0 ? null : <KeepAsBaseline summary={summary} />}
          </Part>
          <Part id="endpoints" title="Endpoints">
            <EndpointTable run={run} />
            <ErrorKinds run={run} />
          </Part>
          <div className="run-lists">
            <Part id="thresholds" title="Thresholds">
              <Thresholds run={run} />
            </Part>
            <Part id="checks" title="Checks">
              <Checks run={run} />
            </Part>
          </div>
          <Part id="database" title="What the database said meanwhile">
            <DatabaseSaid database={run.database} statementParams={statementParams} />
          </Part>
          <Part
            id="surroundings"
            title="Where it was measured"
            beside={
              <a href={`/api/v1/load/runs/${encodeURIComponent(run.id)}/file`} download>
                The run's file
              </a>
            }
          >
            <Surroundings run={run} />
            {data.leftOut.length === 0 ? null : (
              <p className="muted">Too large to keep whole; left out: {data.leftOut.join(', ')}.</p>
            )}
          </Part>
        </>
      )}
    </>
  )
}

function RunHead(props: {
  readonly summary: LoadRunSummaryWire
  readonly run: ShownRunWire | null
}): ReactNode {
  const { summary, run } = props
  const invalid = run?.invalid ?? []
  const scale = scaleWords(summary.scenario)
  return (
    <header className="finding-head">
      <h1>{summary.scenario.title}</h1>
      <p className="muted run-about">
        <Moment at={summary.startedAt} />, {formatDateTime(new Date(summary.startedAt))}, for{' '}
        {formatMs(summary.durationMs)}
        {scale === null ? '' : `, ${scale}`}
        {summary.target === null ? '' : `, on ${summary.target}`}
        {run === null ? '' : `, ${engineWords(run)}`}
        {summary.experiment === null
          ? ''
          : `, ${summary.experiment.side} of experiment ${summary.experiment.id}`}
      </p>
      {invalid.length > 0 ? (
        <div className="failure" role="alert">
          <p className="failure-message">
            <Icon name="invalid" /> This run is invalid: its figures must not be believed, nor compared
          </p>
          <ul>
            {invalid.map(({ reason, detail }) => (
              <li key={`${reason} ${detail}`}>
                <b>{reasonWords(reason)}.</b> {detail}
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <p className="headline load-headline">
          <StandingBadge standing={summary.verdict.standing} /> <span>{summary.verdict.text}</span>
        </p>
      )}
    </header>
  )
}

function Figures(props: { readonly summary: LoadRunSummaryWire; readonly run: ShownRunWire }): ReactNode {
  const { summary, run } = props
  const { requests, warmUpMs, durationMs } = run
  const all = run.series.find(({ name }) => name === ALL)
  const totalSeconds = (warmUpMs + durationMs) / 1000
  const perSecond = requests.offered === null || totalSeconds === 0 ? null : requests.offered / totalSeconds
  return (
    <FigureStrip
      label="The run in figures"
      figures={[
        {
          label: 'p95',
          value: orNothing(summary.p95Ms, formatMs),
          beside: `p50 ${orNothing(summary.p50Ms, formatMs)}, p99 ${orNothing(summary.p99Ms, formatMs)}`,
        },
        {
          label: 'Slowest',
          value: orNothing(all?.maxMs ?? null, formatMs),
          beside: 'one request',
        },
        {
          label: 'Answered',
          value: formatPerSecond(summary.requestsPerSecond),
          beside:
            perSecond === null ? 'as fast as users went' : `${formatPerSecond(perSecond)} arrivals offered`,
        },
        {
          label: 'Requests',
          value: formatCompact(requests.count),
          beside:
            requests.dropped === 0
              ? 'no arrival dropped'
              : `${formatCompact(requests.dropped)} arrivals dropped`,
        },
        {
          label: 'Failed',
          value: requests.errors === 0 ? 'none' : formatCompact(requests.errors),
          beside:
            requests.errors === 0
              ? 'of the requests'
              : formatRatio(requests.errors / Math.max(1, requests.count)),
        },
        {
          label: 'Thresholds',
          value:
            summary.thresholds === 0
              ? '–'
              : `${summary.thresholds - summary.thresholdsCrossed} of ${summary.thresholds}`,
          beside: summary.thresholds === 0 ? 'the scenario has none' : 'met',
        },
      ]}
    />
  )
}

/** Statements can be looked at where the run's database is watched here, at the time of the run. */
function useStatementParams(run: ShownRunWire | null): StatementParams {
  const targets = use(TargetsContext)
  const targetId = run?.database?.targetId ?? null
  if (run === null || targetId === null || !targets?.all.some(({ id }) => id === targetId)) return null
  const from = Date.parse(run.startedAt) / 1000
  const seconds = (run.warmUpMs + run.durationMs) / 1000
  // readings come each minute: one on either side belongs to it
  return {
    target: targetId,
    from: String(Math.floor(from - 60)),
    to: String(Math.ceil(from + seconds + 60)),
  }
}
