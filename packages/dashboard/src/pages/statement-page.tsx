// One statement: its text, what it costs, and all that meets there.

import type { StatementDetailWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Link } from '../link.tsx'
import { StatementParts } from '../statement/statement-parts.tsx'
import { Loaded } from '../states.tsx'
import { oneLine } from '../text/sql-tokens.ts'
import { parseRange } from '../time-range.ts'
import { useAddress } from '../use-address.ts'

export function StatementPage(props: { readonly queryId: string }): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const database = params.get('database')
  const ask = {
    path: targetPath(target, `statements/${encodeURIComponent(props.queryId)}`),
    ...(database === null ? {} : { params: { database } }),
  }
  const detail = useResource<StatementDetailWire>({
    ...ask,
    range: parseRange(params),
    everyMs: 15_000,
  })
  return (
    <>
      <title>{`${detail.data === null ? 'Statement' : oneLine(detail.data.statement.text, 60)} · pgsteward`}</title>
      <p className="crumb">
        <Link to={{ page: 'statements' }}>Statements</Link>
      </p>
      <Loaded from={detail} heading="Statement">
        {(data) => <StatementParts data={data} ask={ask} span={detail.span ?? { from: 0, to: 1 }} />}
      </Loaded>
    </>
  )
}
