// Which indexes would make the workload cheaper, at what price, how sure that is, and what those built already have brought.

import type { AdviceWire, IndexEffectsWire } from 'pgsteward/wire'
import { type ReactNode, useMemo, useState } from 'react'
import { AdviceFigures } from '../advice/advice-figures.tsx'
import { AdviceState } from '../advice/advice-state.tsx'
import type { AdviceReport, AdvisedIndex } from '../advice/advice-types.ts'
import { adviceHeadline, plannerWords, sentence } from '../advice/advice-words.ts'
import {
  advisedColumns,
  advisedKey,
  advisedTexts,
  chosenColumn,
  opensAdvised,
} from '../advice/advised-columns.tsx'
import { CheaperTexts } from '../advice/cheaper-texts.tsx'
import { IndexEffects } from '../advice/index-effects.tsx'
import { LeftOut } from '../advice/left-out.tsx'
import { RedundantIndexes } from '../advice/redundant-indexes.tsx'
import { ScriptView } from '../advice/script-view.tsx'
import { WorkloadWords } from '../advice/workload-words.tsx'
import { useResource } from '../data/use-resource.ts'
import { formatBytes, formatCount, plural } from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Icon } from '../icon.tsx'
import { Sheet } from '../sheet.tsx'
import { Loaded } from '../states.tsx'
import type { Sort } from '../table/order.ts'
import { TablePage } from '../table/table-page.tsx'
import { tellingColumns } from '../table/telling-columns.ts'

const BY_GAIN: Sort = { column: 'gain', direction: 'desc' }
/** While a search runs, people watch it. */
const WATCHED_MS = 1500
const IDLE_MS = 15_000

export function AdvicePage(): ReactNode {
  const target = useTarget()
  const path = targetPath(target, 'advice')
  const [isRunning, setRunning] = useState(false)
  const advice = useResource<AdviceWire>({ path, everyMs: isRunning ? WATCHED_MS : IDLE_MS })
  const effects = useResource<IndexEffectsWire>({ path: targetPath(target, 'index-effects') })
  const runs = advice.data?.status === 'running'
  if (runs !== isRunning) setRunning(runs)
  return (
    <>
      <title>{`Advice · ${target.id} · pgsteward`}</title>
      <h1>Advice</h1>
      <Loaded from={advice} rows={16}>
        {(data) => (
          <>
            {data.report === null ? (
              <NothingYet advice={data} lacks={target.lacks} />
            ) : (
              <Headline report={data.report} workload={data.workload} />
            )}
            <AdviceState advice={data} path={path} onStarted={advice.refresh} />
            {data.report === null ? null : <Advised report={data.report} />}
          </>
        )}
      </Loaded>
      {advice.data === null ? null : (
        <Loaded from={effects} rows={2}>
          {(data) => <IndexEffects effects={data.effects} />}
        </Loaded>
      )}
      {advice.data?.report == null ? null : (
        <>
          <CheaperTexts rewrites={advice.data.report.rewrites ?? []} />
          <RedundantIndexes indexes={advice.data.report.redundant} />
          <LeftOut report={advice.data.report} />
        </>
      )}
    </>
  )
}

function Headline(props: {
  readonly report: AdviceReport
  readonly workload: AdviceWire['workload']
}): ReactNode {
  const { report, workload } = props
  return (
    <>
      <p className="lead">
        {report.indexes.length === 0 ? (
          <span className="badge is-resolved">
            <Icon name="resolved" /> Good
          </span>
        ) : null}{' '}
        {adviceHeadline(report)}
      </p>
      <p className="muted">
        {plannerWords(report.planner)} {workload === null ? null : <WorkloadWords workload={workload} />}
        {report.search.isFinished
          ? ''
          : ' The time for the search ran out: more of it may find a better set.'}
      </p>
    </>
  )
}

function NothingYet(props: { readonly advice: AdviceWire; readonly lacks: readonly string[] }): ReactNode {
  const { status, because } = props.advice
  const lack = props.lacks.find((each) => each.includes('pg_stat_statements'))
  return (
    <div className="empty">
      <p>
        Here come the indexes that would make the whole workload cheaper, each with the statements it serves,
        its size and what writes pay for it. They are found on a planner twin: the target is only read.
      </p>
      {status === 'never' && because !== null ? <p>{sentence(because)}</p> : null}
      {lack === undefined ? null : (
        <p>
          <span className="badge is-warning">
            <Icon name="warning" /> Missing
          </span>{' '}
          {lack} <code>pgsteward doctor</code> prints the statements that mend it.
        </p>
      )}
    </div>
  )
}

function Advised(props: { readonly report: AdviceReport }): ReactNode {
  const { report } = props
  const { indexes } = report
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [isScriptOpen, setScriptOpen] = useState(false)
  const columns = useMemo(() => {
    const toggle = (key: string) =>
      setChosen((before) =>
        before.has(key) ? new Set([...before].filter((one) => one !== key)) : new Set([...before, key]),
      )
    return [chosenColumn(chosen, toggle), ...tellingColumns(advisedColumns(report), report.indexes, ['mind'])]
  }, [report, chosen])
  if (indexes.length === 0) return null
  const picked = indexes.filter((index) => chosen.has(advisedKey(index)))
  const scripted = picked.length === 0 ? indexes : picked
  return (
    <>
      <AdviceFigures report={report} />
      <TablePage
        label="Advised indexes"
        noun={['advised index', 'advised indexes']}
        columns={columns}
        rows={indexes}
        keyOf={advisedKey}
        opens={opensAdvised}
        sortedBy={BY_GAIN}
        textsOf={advisedTexts}
        controls={
          <>
            <button type="button" onClick={() => setScriptOpen(true)}>
              {picked.length === 0 ? 'Script of all…' : `Script of ${formatCount(picked.length)} chosen…`}
            </button>
            <span className="muted" role="status">
              {picked.length === 0 ? '' : sizeWords(picked)}
            </span>
          </>
        }
        empty={null}
      />
      {indexes.length === 1 ? null : (
        <p className="muted after-list">
          What each saves is told with the others there: where one can stand in for another, the shares do not
          add up.
        </p>
      )}
      {isScriptOpen ? (
        <Sheet
          title={`Script of ${plural(scripted.length, 'index', 'indexes')}`}
          onClose={() => setScriptOpen(false)}
        >
          <p className="muted">{sizeWords(scripted)}</p>
          <ScriptView indexes={scripted} />
        </Sheet>
      ) : null}
    </>
  )
}

const sizeWords = (indexes: readonly AdvisedIndex[]): string =>
  `${formatBytes(indexes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))} together`
