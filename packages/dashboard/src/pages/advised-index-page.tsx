// One advised index: what it saves, for which statements, at what price, and how to build it or take it back.

import type { AdviceWire, IndexEffectsWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import type { AdviceReport, AdvisedIndex, ServedStatement } from '../advice/advice-types.ts'
import { callsServed, gainShare, indexTitle, plannerWords, writeShare } from '../advice/advice-words.ts'
import { EffectView } from '../advice/effect-view.tsx'
import { ScriptView } from '../advice/script-view.tsx'
import { servedColumns, servedKey } from '../advice/served-columns.tsx'
import { ServedSheet } from '../advice/served-sheet.tsx'
import { useResource } from '../data/use-resource.ts'
import { FigureStrip } from '../figure-strip.tsx'
import { formatBytes, formatCompact, formatCount, formatRatio, plural } from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import { DataTable } from '../table/data-table.tsx'

export function AdvisedIndexPage(props: { readonly name: string }): ReactNode {
  const { name } = props
  const target = useTarget()
  const advice = useResource<AdviceWire>({ path: targetPath(target, 'advice') })
  const effects = useResource<IndexEffectsWire>({ path: targetPath(target, 'index-effects') })
  const effect = effects.data?.effects.find(({ index }) => index === name)
  return (
    <>
      <title>{`${name} · Advice · pgsteward`}</title>
      <p className="crumb">
        <Link to={{ page: 'advice' }}>Advice</Link>
      </p>
      <Loaded from={advice} heading={props.name} rows={16}>
        {({ report, reportAt }) => {
          const index = report?.indexes.find((one) => one.name === name)
          return report === null || index === undefined ? (
            <NotAdvised name={name} reportAt={reportAt} />
          ) : (
            <Detail index={index} report={report} />
          )
        }}
      </Loaded>
      {advice.data === null || effect === undefined ? null : (
        <section className="advice-part">
          <h2>Measured effect</h2>
          <EffectView effect={effect} />
        </section>
      )}
    </>
  )
}

/** Where an old link or a finding of yesterday leads. */
function NotAdvised(props: { readonly name: string; readonly reportAt: string | null }): ReactNode {
  const { name, reportAt } = props
  return (
    <>
      <h1>{name}</h1>
      <p className="empty">
        {reportAt === null ? (
          'There is no advice yet.'
        ) : (
          <>
            The search of <Moment at={reportAt} /> does not advise it: it may have been built since, or
            something else may serve as well.
          </>
        )}{' '}
        <Link to={{ page: 'advice' }}>To the advice</Link>
        {' · '}
        <Link to={{ page: 'indexes' }} params={{ q: name }}>
          Among the indexes there are
        </Link>
      </p>
    </>
  )
}

function Detail(props: { readonly index: AdvisedIndex; readonly report: AdviceReport }): ReactNode {
  const { index, report } = props
  const { write } = index
  const [open, setOpen] = useState<ServedStatement | null>(null)
  return (
    <>
      <h1>{indexTitle(index)}</h1>
      <p className="muted">
        {index.name} · {plannerWords(report.planner)}
        {index.checkedWith === 'hypopg' ? ' Asked again on the target itself, with HypoPG.' : ''}
      </p>
      <FigureStrip
        label="What it brings and costs"
        figures={[
          {
            label: 'Saves',
            value: formatRatio(gainShare(index, report)),
            beside: "of the workload's cost, the other advised ones being there",
          },
          {
            label: 'Serves',
            value: plural(index.statements.length, 'statement'),
            beside: `in ${formatCompact(callsServed(index))} calls a minute`,
          },
          {
            label: 'Size',
            value: formatBytes(index.sizeBytes),
            beside:
              index.wholeSizeBytes == null
                ? 'predicted'
                : `predicted; ${formatBytes(index.wholeSizeBytes)} without its condition`,
          },
          {
            label: 'Writes pay',
            value:
              write.costPerMinute <= 0 ? 'nothing' : formatRatio(writeShare(write.costPerMinute, report)),
            beside: writeWords(write),
          },
        ]}
      />
      <Cautions index={index} />
      <section className="advice-part">
        <h2>What it serves</h2>
        <DataTable
          label="What it serves"
          columns={servedColumns}
          rows={index.statements}
          keyOf={servedKey}
          opens={{ kind: 'sheet', open: setOpen }}
        />
        <p className="muted after-list">
          Cost is the planner's, per call, in its own units; not milliseconds.
        </p>
      </section>
      <section className="advice-part">
        <h2>What to do</h2>
        <ScriptView indexes={[index]} />
      </section>
      <p className="sheet-links">
        <Link to={{ page: 'findings' }} params={{ q: `${index.table} ${index.definition}` }}>
          Its finding
        </Link>
        <Link to={{ page: 'tables' }} params={{ q: index.table }}>
          Its table
        </Link>
        <Link to={{ page: 'indexes' }} params={{ q: index.table }}>
          The table's indexes
        </Link>
      </p>
      {open === null ? null : <ServedSheet statement={open} onClose={() => setOpen(null)} />}
    </>
  )
}

function writeWords({ costPerMinute, walBytesPerMinute, hotLostPerMinute }: AdvisedIndex['write']): string {
  if (costPerMinute <= 0) return 'the workload writes nothing there'
  const hot =
    hotLostPerMinute <= 0 ? '' : `; ${formatCount(hotLostPerMinute)} updates a minute are no longer heap-only`
  return `${formatBytes(walBytesPerMinute)} of WAL a minute${hot}`
}

function Cautions(props: { readonly index: AdvisedIndex }): ReactNode {
  const { cautions, verifiedBy } = props.index
  const all =
    verifiedBy === 'planner'
      ? cautions
      : [
          'Its size and cost come from a formula: the planner cannot tell them well for this kind.',
          ...cautions,
        ]
  if (all.length === 0) return null
  return (
    <ul className="note cautions" aria-label="Cautions">
      {all.map((caution) => (
        <li key={caution}>
          <Icon name="warning" /> {caution}
        </li>
      ))}
    </ul>
  )
}
