// Compares a run with any other, with those before it, or with a baseline; what is chosen stands in the address.

import type {
  ComparedWire,
  LoadBaselinesWire,
  LoadRunSummaryWire,
  LoadRunsWire,
  LoadRunWire,
} from 'pgsteward/wire'
import { type ReactNode, useMemo } from 'react'
import { useResource } from '../data/use-resource.ts'
import { plural } from '../format.ts'
import { Loaded } from '../states.tsx'
import { setParams, useAddress } from '../use-address.ts'
import type { StatementParams } from './cause-list.tsx'
import { ComparisonView } from './comparison-view.tsx'
import { runChoice } from './load-words.ts'

const BEFORE = 10
const LISTED = 50

export function CompareWith(props: {
  readonly summary: LoadRunSummaryWire
  readonly made: LoadRunWire['comparisons']
  readonly statementParams: StatementParams
}): ReactNode {
  const { summary, made, statementParams } = props
  const { params } = useAddress()
  const runs = useResource<LoadRunsWire>({
    path: '/api/v1/load/runs',
    params: { scenario: summary.scenario.id, limit: '200' },
  })
  const baselines = useResource<LoadBaselinesWire>({ path: '/api/v1/load/baselines' })
  const groups = useMemo(
    () => choices(summary, made, runs.data?.runs ?? [], baselines.data),
    [summary, made, runs.data, baselines.data],
  )
  // what was judged when the run came is what is asked about first
  const [latest] = made
  const base = params.get('with') ?? latest?.base ?? ''
  const head = made.find((each) => each.base === base)?.head ?? summary.id
  const compared = useResource<ComparedWire>({
    path: base === '' ? null : '/api/v1/load/compare',
    params: { base, head },
    // runs that have ended do not change
    everyMs: 600_000,
  })
  const isEmpty = runs.data !== null && groups.length === 0
  return (
    <>
      {isEmpty ? (
        <p className="empty">
          There is no other run of this scenario yet: the next one can be compared with this one.
        </p>
      ) : (
        <label className="with-select compare-choice">
          <span>Compare with</span>
          <select value={base} onChange={(event) => setParams({ with: event.target.value }, 'push')}>
            <option value="">choose a run or a baseline</option>
            {groups.map(({ title, options }) => (
              <optgroup key={title} label={title}>
                {options.map(({ ref, label }) => (
                  <option key={ref} value={ref}>
                    {label}
                  </option>
                ))}
              </optgroup>
            ))}
            {base !== '' && !groups.some(({ options }) => options.some(({ ref }) => ref === base)) ? (
              <option value={base}>{base}</option>
            ) : null}
          </select>
        </label>
      )}
      {base === '' ? null : (
        <Loaded from={compared} rows={6}>
          {(data) => <ComparisonView data={data} statementParams={statementParams} />}
        </Loaded>
      )}
    </>
  )
}

interface Choices {
  readonly title: string
  readonly options: readonly { readonly ref: string; readonly label: string }[]
}

function choices(
  summary: LoadRunSummaryWire,
  made: LoadRunWire['comparisons'],
  runs: readonly LoadRunSummaryWire[],
  baselines: LoadBaselinesWire | null,
): readonly Choices[] {
  const others = runs.filter(({ id }) => id !== summary.id)
  const before = others.filter(
    (run) =>
      run.startedAt < summary.startedAt &&
      run.invalid === 0 &&
      run.scenario.hash === summary.scenario.hash &&
      run.scenario.timeScale === summary.scenario.timeScale &&
      run.scenario.loadScale === summary.scenario.loadScale &&
      run.engine === summary.engine &&
      run.hostClass === summary.hostClass,
  )
  const several = before.slice(0, BEFORE).toReversed()
  const experiments = made
    .filter(({ base }) => base.startsWith('experiment:'))
    .map(({ base }) => ({ ref: base, label: 'the base of its experiment' }))
  const named = (baselines?.baselines ?? [])
    .filter((baseline) => baseline.scenario.id === summary.scenario.id)
    .map((baseline) => ({
      ref: `baseline:${baseline.id}`,
      label: `${baseline.name}, ${plural(baseline.runIds.length, 'run')}${baseline.hostClass === summary.hostClass ? '' : ', another class of host'}`,
    }))
  return [
    { title: 'Experiment', options: experiments },
    { title: 'Baselines', options: named },
    {
      title: 'Runs before it',
      options:
        several.length < 2
          ? []
          : [
              {
                ref: several.map(({ id }) => id).join(','),
                label: `the ${several.length} comparable runs before it`,
              },
            ],
    },
    {
      title: 'Single runs',
      options: others.slice(0, LISTED).map((run) => ({ ref: run.id, label: runChoice(run) })),
    },
  ].filter(({ options }) => options.length > 0)
}
