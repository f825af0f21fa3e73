// What the series of the API are called in charts, in which order charts stand, and which are parts of a whole.

import type { SeriesWire } from 'pgsteward/wire'

export interface ChartName {
  readonly title: string
  /** Written after the title, at the top left. */
  readonly unit?: string
  /** Once, in plain words. */
  readonly meaning: string
  /** The series of this name are parts of a whole and may be stacked. */
  readonly isStacked?: true
  /** What the values are, where the series itself says only that it is a rate. */
  readonly of?: 'bytes'
}

const KNOWN: Readonly<Record<string, ChartName>> = {
  activity: {
    title: 'Average active sessions',
    meaning: 'Sessions at work at once, on average, as samples each second saw them.',
    isStacked: true,
  },
  'activity-sessions': {
    title: 'Sessions that hold up or are held up',
    meaning: 'Sessions that wait for a lock, and sessions that keep a transaction open and do nothing.',
  },
  'activity-oldest-transaction': {
    title: 'Oldest transaction',
    meaning: 'How long the oldest transaction of a client had been open.',
  },
  'activity-xmin-age': {
    title: 'Held back by sessions',
    unit: 'transactions',
    meaning:
      'Transactions begun since the oldest that any session may still see: vacuum keeps what they left.',
  },
  'queries-per-second': {
    title: 'Queries',
    unit: 'per second',
    meaning: 'Statements finished each second, from pg_stat_statements.',
  },
  load: {
    title: 'Load',
    unit: 'average active sessions',
    meaning: 'Seconds of execution per second: how many sessions were busy at once, on average.',
    isStacked: true,
  },
  connections: {
    title: 'Connections',
    meaning: 'Client sessions by what they are doing.',
    isStacked: true,
  },
  'cache-hit-ratio': {
    title: 'Cache hits',
    meaning: 'Share of blocks found in shared buffers, of all blocks touched in the interval.',
  },
  'wal-bytes-per-second': {
    title: 'WAL written',
    unit: 'per second',
    of: 'bytes',
    meaning: 'Write-ahead log: what every change costs, and what replicas have to follow.',
  },
  'temp-bytes-per-second': {
    title: 'Temporary files',
    unit: 'per second',
    of: 'bytes',
    meaning: 'Sorts and hashes that did not fit into work_mem and went to disk.',
  },
  'transactions-per-second': { title: 'Transactions', unit: 'per second', meaning: 'Commits and rollbacks.' },
  'application-requests-per-second': {
    title: 'Requests',
    unit: 'per second',
    meaning: 'Requests that the application answered each second.',
  },
  'application-request-p95': {
    title: 'Answered within',
    unit: 'p95',
    meaning: '95 of 100 requests were answered within this time.',
  },
  'application-error-ratio': {
    title: 'Errors',
    unit: 'of requests',
    meaning: 'Share of requests that the application failed to answer (5xx).',
  },
  'application-queries-per-second': {
    title: 'Statements',
    unit: 'per second',
    meaning: 'Statements that the application sent each second.',
  },
  'pool-used': {
    title: 'Pool in use',
    unit: 'connections',
    meaning: 'Connections that the application has taken from its pools and not given back.',
  },
  'pool-waiting': {
    title: 'Waiting for a connection',
    unit: 'callers',
    meaning: 'Callers that wait because every connection of the pool is taken.',
  },
  'load-latency': {
    title: 'Answered within',
    meaning: 'Each second, from when requests should have begun: waiting in line counts.',
  },
  'load-rate': {
    title: 'Rate',
    unit: 'per second',
    meaning:
      'Iterations that should begin (offered), and requests that were answered. An iteration may be several requests.',
  },
  'load-users': { title: 'Users', meaning: 'Virtual users at work.' },
  'load-errors': {
    title: 'Failed',
    unit: 'requests per second',
    meaning: 'No answer, or a status that was not expected.',
  },
  'statement-calls': { title: 'Calls', unit: 'per second', meaning: 'How often this statement finished.' },
  'statement-mean': { title: 'Mean time', unit: 'per call', meaning: 'Execution time divided by calls.' },
  'statement-rows': { title: 'Rows', unit: 'per second', meaning: 'Rows returned or changed.' },
  'statement-reads': {
    title: 'Blocks read',
    unit: 'per second',
    meaning: 'Blocks that were not in shared buffers.',
  },
}

export const CHART_ORDER = Object.keys(KNOWN)

export function chartName(name: string): ChartName {
  const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined
  if (known !== undefined) return known
  const words = name.replaceAll(/[-_]+/g, ' ')
  return { title: words.charAt(0).toUpperCase() + words.slice(1), meaning: `The series ${name}.` }
}

/** The same thing has the same colour on every page. */
const COLOUR_OF: Readonly<Record<string, number | string>> = {
  active: 1,
  'idle in transaction': 3,
  waiting: 4,
  idle: 8,
  'waiting for a lock': 'lock',
  offered: 8,
  answered: 1,
  'all others': 8,
  '(other)': 8,
  // wait event types
  CPU: 'cpu',
  IO: 'io',
  Lock: 'lock',
  LWLock: 'lwlock',
  Client: 'client',
  IPC: 'ipc',
  Timeout: 'timeout',
  BufferPin: 'bufferpin',
  Extension: 'extension',
}

/** What tells the series of one chart apart, for each; empty where nothing does. */
export function seriesLabels(all: readonly SeriesWire[]): readonly string[] {
  const keys = [...new Set(all.flatMap(({ labels }) => Object.keys(labels)))].filter(
    (key) => all.length === 1 || new Set(all.map(({ labels }) => labels[key])).size > 1,
  )
  return all.map(({ labels }) =>
    keys
      .map((key) => labels[key])
      .filter((value) => value !== undefined)
      .join(', '),
  )
}

/** 1 to 8, the palette of tokens.css; by name, the wait classes of activity.css. */
export function seriesColour(label: string, index: number): number | string {
  return (Object.hasOwn(COLOUR_OF, label) ? COLOUR_OF[label] : undefined) ?? (index % 8) + 1
}
