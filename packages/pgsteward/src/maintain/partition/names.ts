// Names of what a migration makes: told from the table's, and never longer than PostgreSQL keeps.

import { createHash } from 'node:crypto'
import type { RelationRef } from '../../model/maintenance.ts'

/** NAMEDATALEN - 1; beyond it PostgreSQL cuts without asking, and two names become one. */
const MOST_BYTES = 63

/** `stem_suffix`; what is too long is cut and told from others by a hash. A short suffix stays whole. */
export function derivedName(stem: string, suffix: string): string {
  const plain = `${stem}_${suffix}`
  if (Buffer.byteLength(plain) <= MOST_BYTES) return plain
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 8)
  return Buffer.byteLength(suffix) <= LONGEST_SUFFIX
    ? cutTo(stem, `_${hash}_${suffix}`)
    : cutTo(plain, `_${hash}`)
}

const LONGEST_SUFFIX = 30

/** In whole characters. */
function cutTo(text: string, tail: string): string {
  const characters = [...text]
  while (Buffer.byteLength(characters.join('') + tail) > MOST_BYTES) characters.pop()
  return characters.join('') + tail
}

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
