// Faults of the running application that can be switched on: bad habits as they happen, and the sudden ones of the stress story, each
// with how pgsteward sees it. What is wrong in the database is in planted-faults.ts.

export interface ApplicationFault {
  readonly id: string
  readonly title: string
  /** What a finding or a page about it names. */
  readonly seen: {
    readonly route: string | null
    readonly model: string | null
    /** Below examples/messaging/. */
    readonly file: string
    readonly how: string
  }
}

export const APPLICATION_FAULTS = [
  {
    id: 'n-plus-one',
    title: 'The page of recipients loads each member by a query of its own',
    seen: {
      route: 'GET /api/broadcasts/:id/recipients',
      model: 'Member',
      file: 'src/app/recipients.ts',
      how: 'repeated-statement: the same statement many times in one request',
    },
  },
  {
    id: 'slow-external-call',
    title: 'The carrier takes two seconds to answer, and a reply waits for it inside the request',
    seen: {
      route: 'POST /api/conversations/:id/messages',
      model: null,
      file: 'src/app/carrier-client.ts',
      how: 'slow-external-call: requests that wait for another server, not for the database',
    },
  },
  {
    id: 'pool-leak',
    title: 'A report takes a connection from the pool and never gives it back',
    seen: {
      route: 'GET /api/reports/delivery-rate',
      model: null,
      file: 'src/app/routes/reports.ts',
      how: 'connection-leak: the age of the connection that is out longest grows',
    },
  },
  {
    id: 'failing-carrier',
    title: 'The carrier refuses three messages in ten',
    seen: {
      route: 'POST /api/conversations/:id/messages',
      model: 'Delivery',
      file: 'src/app/carrier-client.ts',
      how: 'failing-external-call: answers of 503, and message.undelivered grows',
    },
  },
  {
    id: 'idle-in-transaction',
    title: 'A report opens a transaction and forgets it: vacuum may not clean what it could still see',
    seen: {
      route: null,
      model: null,
      file: 'src/app/jobs/forgotten-report.ts',
      how: 'idle-in-transaction: a session of messaging-report',
    },
  },
  {
    id: 'blocking-chain',
    title:
      'Billing keeps a row locked while it waits for the payment provider, and two others queue behind it',
    seen: {
      route: null,
      model: 'Subscription',
      file: 'src/app/jobs/billing-run.ts',
      how: 'blocking-chain: sessions that wait for messaging-billing',
    },
  },
  {
    id: 'offset-paging',
    title: 'The audit log is paged by OFFSET, deeper and deeper',
    seen: {
      route: 'GET /api/audit-log',
      model: 'AuditLog',
      file: 'src/app/routes/audit-log.ts',
      how: 'deep-offset: the rows that OFFSET passes over',
    },
  },
] as const satisfies readonly ApplicationFault[]

/** Incidents: each breaks out at a moment. Off unless somebody asks for them. */
export const STORY_FAULTS = [
  {
    id: 'plan-flip',
    title: 'Statistics of a quiet moment: the planner takes hundreds of unread messages for one, and loops',
    seen: {
      route: 'GET /api/reports/copies',
      model: null,
      file: 'src/app/routes/reports.ts',
      how: 'plan-changed: another plan from one moment on, and slower',
    },
  },
  {
    id: 'locking-migration',
    title: 'A migration waits behind a long transaction for a table, and everybody else behind the migration',
    seen: {
      route: null,
      model: null,
      file: 'src/story/locking-migration.ts',
      how: 'blocking-chain: many sessions behind messaging-migration, which waits itself',
    },
  },
  {
    id: 'deadlock',
    title: 'Two jobs change the same two subscriptions in opposite order',
    seen: {
      route: null,
      model: null,
      file: 'src/app/jobs/crossing-updates.ts',
      how: 'deadlocks: transactions that PostgreSQL ended',
    },
  },
  {
    id: 'spilling-report',
    title: 'An export sorts the whole audit log with next to no work_mem, on disk',
    seen: {
      route: null,
      model: null,
      file: 'src/app/jobs/spilling-export.ts',
      how: 'temp-file-spill: a statement that writes temporary files at every call',
    },
  },
  {
    id: 'bad-deploy',
    title: 'A new version of the application loads the member of each conversation of the inbox by itself',
    seen: {
      route: 'GET /api/conversations',
      model: 'Member',
      file: 'src/app/inbox.ts',
      how: 'repeated-statement: the same statement many times in one request, since the deployment',
    },
  },
  {
    id: 'slow-inbox',
    title:
      'The inbox shows how many messages are unread, and counts those of all churches for it at each request',
    seen: {
      route: 'GET /api/conversations',
      model: null,
      file: 'src/app/inbox.ts',
      how: 'heavy-statement: a statement that takes most of the time, and a comparison of load runs names it',
    },
  },
  {
    id: 'connection-exhaustion',
    title:
      'A synchronisation opens one connection after the other and gives none back, until the server refuses',
    seen: {
      route: null,
      model: null,
      file: 'src/app/jobs/leaking-sync.ts',
      how: 'connections-near-limit: the largest group is of messaging-sync',
    },
  },
  {
    id: 'blocked-queries',
    title: 'Somebody changes the table of members by hand and goes to lunch before the commit',
    seen: {
      route: null,
      model: null,
      file: 'src/app/jobs/lunch-break.ts',
      how: 'blocking-chain: many sessions wait for messaging-console, which does nothing',
    },
  },
  {
    id: 'error-spike',
    title: 'Two in three reads end in an error: a release that does not know what is stored',
    seen: {
      route: 'GET /api/conversations',
      model: null,
      file: 'src/app/failing-reads.ts',
      how: 'failing-route: answers of 500',
    },
  },
  {
    id: 'delivery-failures',
    title: 'The carrier refuses nine messages in ten',
    seen: {
      route: 'POST /api/conversations/:id/messages',
      model: 'Delivery',
      file: 'src/app/carrier-client.ts',
      how: 'failing-external-call: answers of 503, and message.undelivered grows',
    },
  },
] as const satisfies readonly ApplicationFault[]

export type FaultId = (typeof APPLICATION_FAULTS)[number]['id']
export type StoryFaultId = (typeof STORY_FAULTS)[number]['id']
export type AnyFaultId = FaultId | StoryFaultId

export interface Faults {
  readonly has: (id: AnyFaultId) => boolean
  readonly set: (id: AnyFaultId, on: boolean) => void
  /** Called after each change; for faults that run in the background. */
  readonly onChange: (listener: (id: AnyFaultId, on: boolean) => void) => void
}

export function isFaultId(id: string): id is AnyFaultId {
  return [...APPLICATION_FAULTS, ...STORY_FAULTS].some((fault) => fault.id === id)
}

/** Throws on a fault that does not exist. */
export function createFaults(on: readonly string[] = []): Faults {
  const active = new Set<AnyFaultId>()
  const listeners: ((id: AnyFaultId, on: boolean) => void)[] = []
  for (const id of on) {
    if (!isFaultId(id)) throw new Error(`there is no fault "${id}"`)
    active.add(id)
  }
  return {
    has: (id) => active.has(id),
    set: (id, isOn) => {
      if (active.has(id) === isOn) return
      if (isOn) active.add(id)
      else active.delete(id)
      for (const listener of listeners) listener(id, isOn)
    },
    onChange: (listener) => {
      listeners.push(listener)
    },
  }
}
