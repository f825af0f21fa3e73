// What was checked, and what could not be: a quiet page is only good news if the checks ran.

import type { OutcomeWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Icon, type IconName } from '../icon.tsx'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import type { Column, Opens } from '../table/data-table.tsx'
import type { Sort } from '../table/order.ts'
import { TablePage } from '../table/table-page.tsx'

const STATUS: Readonly<
  Record<OutcomeWire['status'], { rank: number; icon: IconName; look: string; word: string }>
> = {
  failed: { rank: 0, icon: 'critical', look: 'critical', word: 'Failed' },
  skipped: { rank: 1, icon: 'muted', look: 'muted', word: 'Skipped' },
  waiting: { rank: 2, icon: 'pending', look: 'pending', word: 'Waiting' },
  found: { rank: 3, icon: 'warning', look: 'found', word: 'Found' },
  quiet: { rank: 4, icon: 'resolved', look: 'resolved', word: 'Quiet' },
}

const SORTED: Sort = { column: 'status', direction: 'asc' }
const textsOf = (row: OutcomeWire) => [row.title, row.checkId, row.area, row.status, row.because ?? '']

const columns: readonly Column<OutcomeWire>[] = [
  {
    id: 'check',
    head: 'Check',
    value: (row) => row.title,
    cell: (row) => <span title={row.checkId}>{row.title}</span>,
  },
  {
    id: 'status',
    head: 'Outcome',
    width: 112,
    value: (row) => STATUS[row.status].rank,
    csv: (row) => row.status,
    cell: (row) => (
      <span className={`badge is-${STATUS[row.status].look}`}>
        <Icon name={STATUS[row.status].icon} /> {STATUS[row.status].word}
      </span>
    ),
  },
  {
    id: 'because',
    head: 'Because',
    from: 900,
    value: (row) => row.because,
    cell: (row) => <span title={row.because ?? ''}>{row.because ?? ''}</span>,
  },
  { id: 'area', head: 'Area', width: 112, from: 640, value: (row) => row.area, cell: (row) => row.area },
  {
    id: 'at',
    head: 'Ran',
    isNumber: true,
    width: 96,
    from: 640,
    value: (row) => row.at,
    cell: (row) => <Moment at={row.at} />,
  },
]

/** A check leads to what it found. */
const opens: Opens<OutcomeWire> = {
  kind: 'page',
  to: () => ({ page: 'findings' }),
  params: (row) => ({ q: row.checkId }),
}

export function ChecksPage(): ReactNode {
  const target = useTarget()
  const checks = useResource<readonly OutcomeWire[]>({ path: targetPath(target, 'checks') })
  return (
    <>
      <title>{`Checks · ${target.id} · pgsteward`}</title>
      <h1>Checks</h1>
      <Loaded from={checks} rows={16}>
        {(rows) => (
          <>
            <Tally rows={rows} />
            <TablePage
              label="Checks"
              noun={['check', 'checks']}
              columns={columns}
              rows={rows}
              keyOf={(row) => row.checkId}
              opens={opens}
              sortedBy={SORTED}
              textsOf={textsOf}
              empty={<p>Checks appear here once the target was read for the first time.</p>}
            />
          </>
        )}
      </Loaded>
    </>
  )
}

function Tally(props: { readonly rows: readonly OutcomeWire[] }): ReactNode {
  const count = (status: OutcomeWire['status']) => props.rows.filter((row) => row.status === status).length
  const blind = count('skipped') + count('failed')
  if (props.rows.length === 0) return null
  return (
    <p className="muted">
      {count('quiet')} quiet, {count('found')} found something
      {count('waiting') > 0 ? `, ${count('waiting')} still waiting for a reading` : ''}
      {blind > 0 ? `; ${blind} could not judge, which is no good news` : '. Every check could judge.'}
    </p>
  )
}
