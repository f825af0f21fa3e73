// Names of what a migration makes: told from the table's.

import type { RelationRef } from '../../model/maintenance.ts'
import { derivedName } from '../../sql/derived-name.ts'

export interface MigrationNames {
  readonly table: RelationRef
  /** What the partitioned table is called until it takes the table's name. */
  readonly shadow: RelationRef
  /** What the table is called afterwards. */
  readonly before: RelationRef
  readonly queue: RelationRef
  readonly state: RelationRef
  readonly capture: RelationRef
}

export function migrationNames(table: RelationRef): MigrationNames {
  const named = (suffix: string): RelationRef => ({
    schema: table.schema,
    name: derivedName(table.name, suffix),
  })
  return {
    table,
    shadow: named('partitioned'),
    before: named('before_partitioning'),
    queue: named('pgsteward_queue'),
    state: named('pgsteward_state'),
    capture: named('pgsteward_capture'),
  }
}

/** Of an index or sequence of the table, while the shadow has one like it. */
export function shadowName(name: string): string {
  return derivedName(name, 'partitioned')
}

/** Of an index or sequence of the table, once the shadow's bears its name. */
export function beforeName(name: string): string {
  return derivedName(name, 'before_partitioning')
}
