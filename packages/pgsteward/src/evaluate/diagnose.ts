// Doctor's judgement: from what a connection shows to lines that say what is there, what is lost, and what mends it. Pure.

import type { ServerInfo } from '../model/server-info.ts'
import { ident, literal } from '../sql/quote.ts'
import { createStatisticsFunctions } from '../sql/statistics-access.ts'

export interface Diagnosis {
  readonly aspect: string
  readonly status: 'ok' | 'note' | 'missing' | 'unavailable'
  readonly message: string
  /** What pgsteward can't do without it. */
  readonly lost?: string
  /** Statements to run as an owner or superuser, or what to change where no statement does it. */
  readonly mend?: readonly string[]
}

/** What the target showed; the columns are those of the `prerequisites` fact. */
export interface Observed {
  readonly isEncrypted: boolean
  readonly tlsVersion: string | null
  readonly preloadLibraries: string | null
  readonly statementsVersion: string | null
  readonly statementsAvailable: boolean
  readonly pgstattupleVersion: string | null
  readonly pgstattupleAvailable: boolean
  readonly computeQueryId: string
  readonly trackActivities: boolean
  readonly trackCounts: boolean
  readonly trackIoTiming: boolean
  readonly isSuperuser: boolean
  readonly hasMonitor: boolean
  readonly canWrite: boolean
  readonly unreadableSequenceSchemas: readonly string[]
  readonly unreadableTables: number
  readonly hiddenExtendedStatistics: number
  readonly hasStatisticsFunctions: boolean
  readonly user: string
  readonly database: string
}

export interface Connection {
  readonly isLoopback: boolean
  /** True when two statements of one session met different backends, or the address is a known pooler's. */
  readonly isPooled: boolean
  /** Whether pg_stat_statements answered; null when it was not asked. */
  readonly statementsError: string | null
}

export function diagnose(server: ServerInfo, seen: Observed, connection: Connection): readonly Diagnosis[] {
  return [
    { aspect: 'connection', status: 'ok', message: `connected to database ${seen.database} as ${seen.user}` },
    { aspect: 'version', status: 'ok', message: `PostgreSQL ${server.version}, ${server.role}` },
    encryption(seen, connection),
    role(seen),
    pooler(connection),
    statements(seen, connection),
    ...settings(seen),
    pgstattuple(seen),
    columnStatistics(seen),
    ...plans(seen),
    ...sequences(seen),
  ]
}

function encryption(seen: Observed, connection: Connection): Diagnosis {
  if (seen.isEncrypted)
    return { aspect: 'TLS', status: 'ok', message: `encrypted (${seen.tlsVersion ?? 'TLS'})` }
  if (connection.isLoopback) return { aspect: 'TLS', status: 'ok', message: 'not encrypted, on loopback' }
  return {
    aspect: 'TLS',
    status: 'note',
    message: 'the connection is not encrypted',
    lost: 'whoever listens on the network reads statistics and statement texts',
    mend: ['add ?sslmode=verify-full (or require) to the URL'],
  }
}

function role(seen: Observed): Diagnosis {
  if (seen.isSuperuser) {
    return {
      aspect: 'role',
      status: 'note',
      message: `${seen.user} is a superuser, which is more than pgsteward needs`,
      mend: ["create role pgsteward login password '...'", 'grant pg_monitor to pgsteward'],
    }
  }
  if (!seen.hasMonitor) {
    return {
      aspect: 'role',
      status: 'missing',
      message: `${seen.user} does not have pg_monitor`,
      lost: "other sessions' statements and waits, statement texts, replication, sizes and some settings",
      mend: [`grant pg_monitor to ${ident(seen.user)}`],
    }
  }
  if (seen.canWrite) {
    return {
      aspect: 'role',
      status: 'note',
      message: `${seen.user} has pg_monitor, and may also write to tables, which pgsteward never does with this URL`,
    }
  }
  return { aspect: 'role', status: 'ok', message: `${seen.user} has pg_monitor and can write to no table` }
}

function pooler(connection: Connection): Diagnosis {
  if (!connection.isPooled) return { aspect: 'pooler', status: 'ok', message: 'direct connection' }
  return {
    aspect: 'pooler',
    status: 'missing',
    message: 'the connection goes through a transaction pooler',
    lost: 'session settings such as the statement timeout do not hold, and activity of the pooled sessions is mixed up',
    mend: ['use the direct host and port in the URL (Neon: without -pooler; Supabase: port 5432)'],
  }
}

function statements(seen: Observed, connection: Connection): Diagnosis {
  const aspect = 'pg_stat_statements'
  const lost = 'statements by time, calls, rows and reads: the queries page and every check of the area query'
  const isPreloaded =
    seen.preloadLibraries?.split(',').some((name) => name.trim() === 'pg_stat_statements') ?? null
  const preload = [
    `alter system set shared_preload_libraries = ${literal([seen.preloadLibraries, 'pg_stat_statements'].filter(Boolean).join(','))}`,
    'restart the server (managed platforms: the parameter group or dashboard setting, then a restart)',
  ]
  if (!seen.statementsAvailable && seen.statementsVersion === null) {
    return {
      aspect,
      status: 'unavailable',
      message: 'the server does not ship the extension',
      lost,
      mend: ['install the package postgresql-contrib of the server'],
    }
  }
  if (isPreloaded === false) {
    return {
      aspect,
      status: 'missing',
      message: 'the library is not preloaded',
      lost,
      mend: [
        ...preload,
        ...(seen.statementsVersion === null ? ['create extension if not exists pg_stat_statements'] : []),
      ],
    }
  }
  if (seen.statementsVersion === null) {
    return {
      aspect,
      status: 'missing',
      message: `not installed in database ${seen.database}`,
      lost,
      mend: ['create extension if not exists pg_stat_statements'],
    }
  }
  if (connection.statementsError !== null) {
    return {
      aspect,
      status: 'missing',
      message: `installed, but does not answer: ${connection.statementsError}`,
      lost,
      mend: preload,
    }
  }
  return { aspect, status: 'ok', message: `version ${seen.statementsVersion}` }
}

function settings(seen: Observed): readonly Diagnosis[] {
  const set = (name: string, value: string) => [
    `alter system set ${name} = ${value}`,
    'select pg_reload_conf()',
  ]
  const lines: Diagnosis[] = []
  if (!seen.trackActivities) {
    lines.push({
      aspect: 'track_activities',
      status: 'missing',
      message: 'off',
      lost: 'what sessions are doing and waiting for',
      mend: set('track_activities', 'on'),
    })
  }
  if (!seen.trackCounts) {
    lines.push({
      aspect: 'track_counts',
      status: 'missing',
      message: 'off',
      lost: 'all table and index statistics, and autovacuum with them',
      mend: set('track_counts', 'on'),
    })
  }
  if (seen.computeQueryId === 'off') {
    lines.push({
      aspect: 'compute_query_id',
      status: 'missing',
      message: 'off',
      lost: 'the link from a running session to its statement',
      mend: set('compute_query_id', 'auto'),
    })
  }
  lines.push(
    seen.trackIoTiming
      ? { aspect: 'track_io_timing', status: 'ok', message: 'on' }
      : {
          aspect: 'track_io_timing',
          status: 'note',
          message: 'off',
          lost: 'the time that statements spend reading and writing',
          mend: set('track_io_timing', 'on'),
        },
  )
  return lines
}

function pgstattuple(seen: Observed): Diagnosis {
  const aspect = 'pgstattuple'
  if (seen.pgstattupleVersion !== null)
    return { aspect, status: 'ok', message: `version ${seen.pgstattupleVersion}` }
  const lost =
    'bloat is estimated from statistics instead of measured, so it is reported with less confidence'
  if (!seen.pgstattupleAvailable)
    return { aspect, status: 'unavailable', message: 'the server does not ship the extension', lost }
  // pg_monitor holds pg_stat_scan_tables, which pgstattuple asks for
  const scan = seen.hasMonitor ? [] : [`grant pg_stat_scan_tables to ${ident(seen.user)}`]
  return {
    aspect,
    status: 'note',
    message: 'not installed',
    lost,
    mend: ['create extension if not exists pgstattuple', ...scan],
  }
}

/** Statistics hold some values of rows, which is why PostgreSQL hides them; the functions give them away, and no rows. */
function columnStatistics(seen: Observed): Diagnosis {
  const aspect = 'column statistics'
  if (seen.hasStatisticsFunctions)
    return { aspect, status: 'ok', message: "read by the owner's functions in pgsteward_statistics" }
  if (seen.unreadableTables === 0 && seen.hiddenExtendedStatistics === 0)
    return { aspect, status: 'ok', message: 'readable' }
  if (seen.unreadableTables === 0)
    return {
      aspect,
      status: 'note',
      message: `readable, but for ${seen.hiddenExtendedStatistics} extended statistics (create statistics), which only owners see`,
      lost: 'how columns hang together: plans on a twin differ where they matter',
      mend: ['-- as the owner of the tables:', ...createStatisticsFunctions(seen.user)],
    }
  return {
    aspect,
    status: 'missing',
    message: `hidden from ${seen.user} for ${seen.unreadableTables === 1 ? '1 table' : `${seen.unreadableTables} tables`}, not selectable for it`,
    lost: 'advice on indexes and queries rests on defaults instead of on how the values are distributed; plans of statements that read these tables, and when they changed',
    mend: [
      `grant pg_read_all_data to ${ident(seen.user)}`,
      '-- or, which shows statistics and no rows (advice can then not be compared with plans of this database), as the owner of the tables:',
      ...createStatisticsFunctions(seen.user),
    ],
  }
}

/** EXPLAIN asks for the rights that running the statement would need. */
function plans(seen: Observed): readonly Diagnosis[] {
  // without the functions, what mends the column statistics mends this, too
  if (seen.unreadableTables === 0 || !seen.hasStatisticsFunctions) return []
  return [
    {
      aspect: 'plans',
      status: 'note',
      message: `${seen.user} may not select from ${seen.unreadableTables === 1 ? '1 table' : `${seen.unreadableTables} tables`}, and so not explain what reads them`,
      lost: 'plans of those statements and when they changed; auto_explain in a log that pgsteward reads brings them, too',
      mend: [`grant pg_read_all_data to ${ident(seen.user)}`],
    },
  ]
}

function sequences(seen: Observed): readonly Diagnosis[] {
  if (seen.unreadableSequenceSchemas.length === 0) return []
  return [
    {
      aspect: 'sequences',
      status: 'note',
      message: `${seen.user} may not read the sequences of ${seen.unreadableSequenceSchemas.join(', ')}`,
      lost: 'how near they are to their end: the check sequence-exhaustion',
      mend: seen.unreadableSequenceSchemas.map(
        (schema) => `grant select on all sequences in schema ${ident(schema)} to ${ident(seen.user)}`,
      ),
    },
  ]
}
