// What sessions wait for, in words: PostgreSQL's wait events as its manual lists them (Monitoring, Wait Events), and what helps.

export interface WaitMeaning {
  readonly means: string
  /** What to do where it dominates; null: nothing general. */
  readonly helps: string | null
}

/** By `type:event`, else by `type`. Event names as of 14 to 18; SLRU locks were renamed in 13, some buffers in 17. */
const MEANINGS: Readonly<Record<string, WaitMeaning>> = {
  CPU: {
    means: 'Not known to wait: on the processor, or in line for one.',
    helps:
      'Find the statements with the most of it and make them read less (an index, fewer rows, fewer calls); when they are well made, the server needs more processors.',
  },
  'IO:DataFileRead': {
    means: 'Blocks of tables and indexes come from the disk, since they are not in shared buffers.',
    helps:
      'Make the statements at the top read fewer blocks (an index, a narrower range), or give shared_buffers and the machine more memory, so that what is used often stays there.',
  },
  'IO:DataFilePrefetch': {
    means: 'Blocks are asked of the disk ahead of their use, by bitmap scans.',
    helps: 'As for IO:DataFileRead; effective_io_concurrency says how many at once.',
  },
  'IO:DataFileExtend': {
    means: 'A table or an index grows block by block.',
    helps: 'Load in larger batches (COPY); on 16 and newer several blocks are added at once.',
  },
  'IO:DataFileWrite': {
    means: 'A session writes a changed block itself, to make room in shared buffers.',
    helps: 'Raise shared_buffers, or let the background writer do more (bgwriter_lru_maxpages).',
  },
  'IO:BufFileRead': {
    means: 'A sort or hash that did not fit into memory reads its temporary file.',
    helps: 'Raise work_mem for the statements at the top, or let an index give the order.',
  },
  'IO:BufFileWrite': {
    means: 'A sort or hash that does not fit into memory writes a temporary file.',
    helps: 'Raise work_mem for the statements at the top, or let an index give the order.',
  },
  'IO:WALSync': {
    means: 'A commit waits until the write-ahead log is safe on the disk.',
    helps:
      'Put more changes into one transaction; where losing the last moments is acceptable, synchronous_commit = off for those transactions; else a disk with a faster flush.',
  },
  'IO:WALWrite': {
    means: 'The write-ahead log is written.',
    helps: 'Larger transactions, wal_buffers of 16MB or more, wal_compression; else a faster disk for WAL.',
  },
  IO: {
    means: 'Waits for the disk.',
    helps: 'Find the statements with the most of it and make them read or write less.',
  },
  'Lock:transactionid': {
    means: 'Waits for another transaction to end, which has changed the same row.',
    helps:
      'Shorten the transactions that change these rows: no calls to other services inside them, the contended update last; counters as rows of their own, or `select ... for update skip locked` for queues.',
  },
  'Lock:tuple': {
    means: 'Waits in line for a row that another session already waits for: many update the same row.',
    helps:
      'Spread the row (several counters that are summed up), or collect the changes and write them once.',
  },
  'Lock:relation': {
    means: 'Waits for a lock on a whole table, mostly behind or because of a change to its definition.',
    helps:
      'Change definitions with a lock_timeout and try again, so that nobody queues behind the waiting change; look for a long transaction at the root.',
  },
  'Lock:advisory': {
    means: "Waits for a lock of the application's own (pg_advisory_lock).",
    helps: 'See what the holder does meanwhile; pg_try_advisory_lock does not wait.',
  },
  'Lock:extend': {
    means: 'Several sessions want to add blocks to the same table at once.',
    helps: 'Fewer writers with larger batches; 16 and newer extend by several blocks.',
  },
  'Lock:virtualxid': {
    means: 'Waits until old transactions are over, as CREATE INDEX CONCURRENTLY does.',
    helps: 'End the long transactions that are older than the command.',
  },
  Lock: {
    means: 'Waits for a lock that another transaction holds.',
    helps: 'Look at the roots of the queues: what they do, and why their transactions last.',
  },
  'LWLock:WALWrite': {
    means: 'In line to write the write-ahead log: many small commits at once.',
    helps:
      'Put more changes into one transaction; synchronous_commit = off where losing the last moments is acceptable; a faster disk for WAL.',
  },
  'LWLock:WALInsert': {
    means: 'In line to put records into the WAL buffers.',
    helps: 'Write less WAL: fewer indexes, fewer updates of wide rows, wal_compression.',
  },
  'LWLock:BufferMapping': {
    means: 'In line to find out where a block is in shared buffers: blocks come and go fast.',
    helps: 'Raise shared_buffers, and make the statements at the top touch fewer blocks.',
  },
  'LWLock:BufferContent': {
    means: 'In line for the contents of one block: many sessions at the same spot.',
    helps:
      'Spread the inserts or updates: a key that does not only grow at one end, fewer indexes on it, a lower fillfactor for hot rows.',
  },
  'LWLock:LockManager': {
    means: "In line for the lock table: statements take more locks than a session's own fast slots hold.",
    helps:
      'Touch fewer tables, partitions and indexes a statement: prune partitions while planning, drop unused indexes. 18 sizes the fast slots by max_locks_per_transaction.',
  },
  'LWLock:SubtransSLRU': {
    means:
      'Looks up the parents of subtransactions: more than 64 savepoints in a transaction, or a long one beside them.',
    helps:
      'Take savepoints and exception blocks out of loops, and end long transactions. 17 and newer: raise subtransaction_buffers.',
  },
  'LWLock:SubtransBuffer': {
    means: 'Looks up the parents of subtransactions on disk.',
    helps: 'As for LWLock:SubtransSLRU.',
  },
  'LWLock:MultiXactOffsetSLRU': {
    means:
      'Looks up which transactions share a row lock: many sessions reference the same rows by foreign keys.',
    helps:
      'Shorten those transactions, insert in larger batches. 17 and newer: raise multixact_offset_buffers and multixact_member_buffers.',
  },
  'LWLock:MultiXactMemberSLRU': {
    means:
      'Looks up which transactions share a row lock: many sessions reference the same rows by foreign keys.',
    helps: 'As for LWLock:MultiXactOffsetSLRU.',
  },
  'LWLock:ProcArray': {
    means: 'In line to take a snapshot or to end a transaction: very many active connections.',
    helps: 'Fewer connections, by a pool of two to four a processor.',
  },
  'LWLock:pg_stat_statements': {
    means: 'In line for the table of pg_stat_statements: new shapes of statements all the time.',
    helps: 'Make texts alike (arrays in place of IN lists of any length), or raise pg_stat_statements.max.',
  },
  LWLock: {
    means: 'In line for a structure that sessions share in memory, for moments each.',
    helps: 'Fewer connections at work at once; see the event for what it is about.',
  },
  'Client:ClientRead': {
    means: 'Waits for the application to send the rest: it thinks, or the network is slow.',
    helps:
      'Inside a transaction it holds locks all the while: send the statements without work of its own in between. COPY waits for its rows so.',
  },
  'Client:ClientWrite': {
    means: 'Waits for the application to take what was sent: large results, or a reader that stopped.',
    helps: 'Ask for fewer rows and columns, or read with a cursor.',
  },
  Client: { means: 'Waits for the application.', helps: null },
  'IPC:SyncRep': {
    means: 'A commit waits until a synchronous standby has it.',
    helps:
      'See how far the standby is behind and why; synchronous_commit = local for transactions that need no second copy at once.',
  },
  'IPC:BgWorkerShutdown': { means: 'Waits for parallel workers to end.', helps: null },
  'IPC:ExecuteGather': {
    means: 'Waits for rows of its parallel workers.',
    helps: 'A statement that is parallel for its size may want an index.',
  },
  IPC: { means: 'Waits for another process of the server.', helps: null },
  BufferPin: {
    means: 'Waits until nobody looks at a block, as vacuum and standbys do.',
    helps: 'Close cursors that stay open, end long statements.',
  },
  'Timeout:PgSleep': { means: 'Sleeps, since it was told to (pg_sleep).', helps: null },
  'Timeout:VacuumDelay': {
    means: 'Vacuum pauses, so that others are not slowed down.',
    helps: 'Where vacuum does not keep up: raise autovacuum_vacuum_cost_limit.',
  },
  Timeout: { means: 'Waits for a time to pass.', helps: null },
  Extension: { means: 'Waits inside an extension.', helps: null },
  InjectionPoint: { means: "Waits at a point of a developer's test.", helps: null },
}

/** Both null: on the processor. */
export function waitMeaning(waitType: string | null, waitEvent: string | null): WaitMeaning {
  if (waitType === null) return MEANINGS.CPU!
  return (
    MEANINGS[`${waitType}:${waitEvent}`] ??
    MEANINGS[waitType] ?? {
      means: 'Waits, for something that this pgsteward does not know yet.',
      helps: null,
    }
  )
}

/** `Lock:transactionid`; `CPU` for none. */
export function waitName(waitType: string | null, waitEvent: string | null): string {
  return waitType === null ? 'CPU' : waitEvent === null ? waitType : `${waitType}:${waitEvent}`
}
