// What the application does in answer to one request: a few statements, as data with a weight.

import type { Random } from './random.ts'

export type Row = Record<string, unknown>
export type Query = (sql: string, values?: readonly unknown[]) => Promise<Row[]>

/** What the traffic knows of the database when it starts, to ask for rows that exist. */
export interface Known {
  readonly churches: number
  readonly users: number
  readonly members: number
  readonly groups: number
  readonly conversations: number
  readonly conversationMessages: number
  readonly messages: number
  readonly assessments: number
  /** Session tokens that this traffic opened, the latest last; bounded. */
  readonly tokens: string[]
}

export interface Turn {
  readonly query: Query
  readonly random: Random
  readonly known: Known
  /** A church, the large ones more often, as in the data. */
  readonly church: () => number
}

export interface Action {
  readonly name: string
  /** Relative frequency. */
  readonly weight: number
  /** A bad habit of the application, left out when the traffic shall be healthy. */
  readonly isFault?: boolean
  /** Runs between BEGIN and COMMIT. */
  readonly inTransaction?: boolean
  readonly run: (turn: Turn) => Promise<unknown>
}
