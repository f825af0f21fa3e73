// Where the time goes: statements of the range, by what they cost.

import type { SlowStatementWire } from 'pgsteward/wire'
import { type ReactNode, useMemo } from 'react'
import { useResource } from '../data/use-resource.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Loaded } from '../states.tsx'
import type { Sort } from '../table/order.ts'
import { TablePage } from '../table/table-page.tsx'
import { tellingColumns } from '../table/telling-columns.ts'
import { parseRange } from '../time-range.ts'
import { setParams, useAddress } from '../use-address.ts'
import { opensStatement, statementColumns, statementKey } from './statement-columns.tsx'

const ORDERS = [
  { id: 'totalTime', title: 'total time' },
  { id: 'meanTime', title: 'mean time' },
  { id: 'calls', title: 'calls' },
  { id: 'rows', title: 'rows' },
  { id: 'reads', title: 'blocks read' },
  { id: 'tempBlocks', title: 'temporary files' },
] as const

const LIMIT = '500'
/** No column: as the server ranks them. */
const AS_RANKED: Sort = { column: '', direction: 'desc' }
const textsOf = (row: SlowStatementWire) => [row.text, row.database, row.user, row.queryId]

export function StatementsPage(): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const order = ORDERS.find(({ id }) => id === params.get('order')) ?? ORDERS[0]
  const statements = useResource<readonly SlowStatementWire[]>({
    path: targetPath(target, 'statements'),
    params: { order: order.id, limit: LIMIT },
    range: parseRange(params),
  })
  const columns = useMemo(
    () => tellingColumns(statementColumns, statements.data ?? [], ['database']),
    [statements.data],
  )
  return (
    <>
      <title>{`Statements · ${target.id} · pgsteward`}</title>
      <h1>Statements</h1>
      <Loaded from={statements} rows={16}>
        {(rows) => (
          <TablePage
            label="Statements"
            noun={['statement', 'statements']}
            columns={columns}
            rows={rows}
            keyOf={statementKey}
            opens={opensStatement}
            sortedBy={AS_RANKED}
            textsOf={textsOf}
            controls={
              <label className="with-select">
                <span className="muted">Top by</span>
                <select
                  value={order.id}
                  onChange={(event) => setParams({ order: event.target.value, sort: null }, 'push')}
                >
                  {ORDERS.map(({ id, title }) => (
                    <option key={id} value={id}>
                      {title}
                    </option>
                  ))}
                </select>
              </label>
            }
            empty={
              <>
                <p>No statement ran in this range, or none is known yet.</p>
                <p>
                  They come from pg_stat_statements and need two readings, a minute apart. If the extension is
                  missing, <code>pgsteward doctor</code> says how to get it.
                </p>
              </>
            }
          />
        )}
      </Loaded>
    </>
  )
}
