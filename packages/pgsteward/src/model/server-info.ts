// What is known of a server once connected; variants of facts and skipped checks follow from it.

export interface ServerInfo {
  /** `server_version_num`, such as 180004. */
  readonly versionNum: number
  readonly version: string
  readonly role: 'primary' | 'standby'
  readonly database: string
  readonly user: string
  readonly isSuperuser: boolean
  /** True when the role may read every backend's statement text and all statistics (pg_monitor or superuser). */
  readonly canReadAllStats: boolean
  /** Extension name to installed version (of the connected database, pg_extension), not the version the server bundles. */
  readonly extensions: ReadonlyMap<string, string>
  readonly startedAt: Date
  /**
   * When the connected database's statistics began: reset, lost in a crash, or with the cluster; they outlive an orderly restart. Null: not
   * told, so they are at least as old as `startedAt`.
   */
  readonly statsResetAt: Date | null
  /** Identifies the cluster over failovers; null where the role may not read it. */
  readonly systemIdentifier: string | null
  readonly timeline: number | null
}

/** The moment since which the connected database's cumulative statistics are unbroken for certain. */
export function statsSince(server: ServerInfo): Date {
  return server.statsResetAt ?? server.startedAt
}
