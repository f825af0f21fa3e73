// A target: one PostgreSQL database that is watched.

export interface Target {
  readonly id: string
  readonly url: string
  /** Write-capable role, used by maintain/ alone. Absent: this target is only ever read. */
  readonly maintenanceUrl?: string
  readonly labels: Readonly<Record<string, string>>
}
