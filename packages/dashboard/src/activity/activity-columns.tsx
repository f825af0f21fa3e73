// The columns of activity: statements by the time that their sessions took, sessions now, incidents, what holds vacuum back.

import type {
  ActivityQueryWire,
  BlockingIncidentWire,
  HorizonHolderWire,
  LiveSessionWire,
} from 'pgsteward/wire'
import { OrDash } from '../application/cells.tsx'
import { formatCompact, formatCount, formatMs, orNothing } from '../format.ts'
import { Moment } from '../moment.tsx'
import type { Column } from '../table/data-table.tsx'
import { Share } from '../table/share.tsx'
import { SqlLine } from '../text/sql-text.tsx'
import { averageText, sessionName } from './activity-words.ts'

export const queryColumns: readonly Column<ActivityQueryWire>[] = [
  {
    id: 'statement',
    head: 'Statement',
    value: (row) => row.text,
    cell: (row) =>
      row.text !== null ? (
        <SqlLine sql={row.text} />
      ) : (
        <span className="muted">
          {row.queryId === null
            ? 'without a query id, or one of many'
            : `query ${row.queryId}, its text is not known yet`}
        </span>
      ),
  },
  {
    id: 'waits',
    head: 'Mostly',
    width: 240,
    from: 900,
    meaning: 'What its sessions waited for most of the time; CPU: nothing that is known',
    value: (row) => row.waits[0]?.name ?? null,
    cell: (row) => (
      <OrDash
        text={row.waits
          .slice(0, 2)
          .map(({ name, share }) => `${name} ${Math.round(share * 100)} %`)
          .join(', ')}
      />
    ),
  },
  {
    id: 'share',
    head: 'Share',
    unit: 'of activity',
    isNumber: true,
    width: 128,
    value: (row) => row.share,
    cell: (row) => <Share ratio={row.share} />,
  },
  {
    id: 'average',
    head: 'Sessions',
    isNumber: true,
    width: 96,
    from: 640,
    meaning: 'That ran it at once, on average over the range',
    value: (row) => row.average,
    cell: (row) => averageText(row.average),
  },
]

export const sessionColumns: readonly Column<LiveSessionWire>[] = [
  {
    id: 'query',
    head: 'Runs, or ran last',
    value: (row) => row.query,
    cell: (row) =>
      row.query === null || row.query === '' ? (
        <span className="muted">not known yet</span>
      ) : (
        <SqlLine sql={row.query} />
      ),
  },
  {
    id: 'who',
    head: 'Application',
    width: 152,
    from: 640,
    value: (row) => row.application,
    cell: (row) => <OrDash text={row.application || row.user} />,
  },
  {
    id: 'pid',
    head: 'Pid',
    isNumber: true,
    width: 80,
    from: 1200,
    value: (row) => row.pid,
    cell: (row) => String(row.pid),
  },
  {
    id: 'state',
    head: 'State',
    width: 144,
    from: 1200,
    value: (row) => row.state,
    cell: (row) => <OrDash text={row.state} />,
  },
  {
    id: 'wait',
    head: 'Waits for',
    width: 176,
    from: 900,
    value: (row) => row.wait,
    cell: (row) => row.wait,
  },
  {
    id: 'running',
    head: 'In this state',
    isNumber: true,
    width: 112,
    from: 640,
    value: (row) => row.stateMs,
    cell: (row) => orNothing(row.stateMs, formatMs),
  },
  {
    id: 'transaction',
    head: 'Transaction',
    isNumber: true,
    width: 112,
    meaning: 'Open for',
    value: (row) => row.transactionMs,
    cell: (row) => orNothing(row.transactionMs, formatMs),
  },
  {
    id: 'xmin',
    head: 'Holds back',
    isNumber: true,
    width: 104,
    from: 1500,
    meaning: 'Transactions begun since the oldest that it may still see: vacuum waits with their dead rows',
    value: (row) => row.xminAge,
    cell: (row) => orNothing(row.xminAge, formatCompact),
  },
]

export const incidentColumns: readonly Column<BlockingIncidentWire>[] = [
  {
    id: 'root',
    head: 'Root',
    value: (row) => row.tree.sessions[0]?.query ?? null,
    cell: (row) => {
      const root = row.tree.sessions[0]
      if (root === undefined) return null
      return root.query === '' ? sessionName(root) : <SqlLine sql={root.query} lead={sessionName(root)} />
    },
  },
  {
    id: 'relation',
    head: 'For',
    width: 176,
    from: 900,
    value: (row) => row.tree.sessions[1]?.waitsFor?.relation ?? null,
    cell: (row) => (
      <OrDash
        text={row.tree.sessions[1]?.waitsFor?.relation ?? row.tree.sessions[1]?.waitsFor?.lockType ?? null}
      />
    ),
  },
  {
    id: 'waiting',
    head: 'Waiting',
    isNumber: true,
    width: 80,
    meaning: 'Sessions behind it at the worst moment',
    value: (row) => row.peakWaiting,
    cell: (row) => formatCount(row.peakWaiting),
  },
  {
    id: 'lost',
    head: 'Lost',
    isNumber: true,
    width: 96,
    meaning: 'Time of all who waited, together',
    value: (row) => row.lostMs,
    cell: (row) => formatMs(row.lostMs),
  },
  {
    id: 'lasted',
    head: 'Lasted',
    isNumber: true,
    width: 112,
    from: 640,
    value: (row) => row.durationMs,
    cell: (row) =>
      row.endedAt === null ? (
        <span className="badge is-critical">{formatMs(row.durationMs)}, lasts</span>
      ) : (
        formatMs(row.durationMs)
      ),
  },
  {
    id: 'at',
    head: 'Began',
    isNumber: true,
    width: 96,
    from: 640,
    value: (row) => row.startedAt,
    cell: (row) => <Moment at={row.startedAt} />,
  },
]

export const horizonColumns: readonly Column<HorizonHolderWire>[] = [
  {
    id: 'what',
    head: 'What',
    value: (row) => `${row.kind} ${row.name}`,
    cell: (row) => `${row.kind} ${row.kind === 'backend' ? `pid ${row.name}` : row.name}`,
  },
  { id: 'detail', head: 'Is', width: 176, value: (row) => row.detail, cell: (row) => row.detail },
  {
    id: 'database',
    head: 'Database',
    width: 144,
    from: 640,
    value: (row) => row.database,
    cell: (row) => row.database ?? 'all',
  },
  {
    id: 'held',
    head: 'For',
    isNumber: true,
    width: 112,
    from: 640,
    value: (row) => row.heldMs,
    cell: (row) => orNothing(row.heldMs, formatMs),
  },
  {
    id: 'age',
    head: 'Holds back',
    unit: 'transactions',
    isNumber: true,
    width: 144,
    meaning: 'Begun since the oldest that it may still see; vacuum keeps what they left behind',
    value: (row) => row.xminAge,
    cell: (row) => formatCount(row.xminAge),
  },
]
