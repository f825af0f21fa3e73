// Every statement of a migration, in order, with the locks that others may feel: what is read before anybody decides.

import { derivedName } from '../../sql/derived-name.ts'
import { captureStatements, keyColumns, trackingStatements } from './capture-sql.ts'
import {
  beginStatements,
  COMPARING_PLANS,
  COPYING_PLANS,
  type CopyPair,
  compareRange,
  copyRange,
  insertChanged,
  removeChanged,
  takeChanges,
} from './copy-sql.ts'
import {
  grantStatements,
  indexStatements,
  type MigrationDesign,
  otherIndexes,
  shadowStatements,
  statisticsStatements,
} from './prepare-sql.ts'
import { adoptStatements, swapStatements, type TwinSequence, validateStatements } from './swap-sql.ts'

export interface OutlinePhase {
  readonly title: string
  /** Of the table and those it refers to; what it takes on its own copy nobody feels. */
  readonly locks: string
  readonly statements: readonly string[]
}

export function outline(migration: MigrationDesign): readonly OutlinePhase[] {
  const { names, table } = migration
  const pair: CopyPair = { table, from: names.table, to: names.shadow, queue: names.queue }
  // keys of a batch, as parameters
  const keys = keyColumns(table).map(() => '')
  const copying = [beginStatements(pair, COPYING_PLANS), copyRange(pair, keys, keys).sql, 'commit']
  const changes = [
    beginStatements(pair, COPYING_PLANS),
    takeChanges(pair, true, null).sql,
    removeChanged(pair),
    insertChanged(pair),
    'commit',
  ]
  return [
    {
      title: 'Prepare: an empty partitioned table beside it',
      locks: 'ACCESS SHARE on the table, as any SELECT',
      statements: [
        ...trackingStatements(names, table),
        ...shadowStatements(migration),
        ...grantStatements(migration),
      ],
    },
    {
      title: 'Account of changes: triggers that write down keys',
      locks:
        'SHARE ROW EXCLUSIVE on the table for a moment: writes wait, 200 ms at most, then it tries again later',
      statements: captureStatements(names, names.table),
    },
    {
      title: 'Copy, batch after batch of about 200 ms; bring over what changed, now and then',
      locks: 'ACCESS SHARE on the table, as any SELECT',
      statements: [...copying, ...changes],
    },
    {
      title: 'Indexes of the copy',
      locks: 'none that others feel',
      statements: otherIndexes(table).flatMap((index) => indexStatements(migration, index)),
    },
    {
      title: 'Visibility and statistics of the copy',
      locks: 'none that others feel',
      statements: statisticsStatements(migration),
    },
    {
      title: 'Compare, range after range of 20,000 rows',
      locks: 'ACCESS SHARE on the table, as any SELECT',
      statements: [beginStatements(pair, COMPARING_PLANS), compareRange(pair, keys, keys).sql, 'rollback'],
    },
    {
      title: 'Swap, in one transaction',
      locks: `ACCESS EXCLUSIVE on the table${table.foreignKeys.length === 0 ? '' : ' and on those it refers to'} for a moment: everybody waits, each lock is stood in line for 200 ms at most`,
      statements: swapStatements(migration, likelySequences(migration)),
    },
    {
      title: 'Proof of the foreign keys',
      locks:
        'SHARE UPDATE EXCLUSIVE on a partition: reading and writing go on; at the end SHARE ROW EXCLUSIVE for a moment',
      statements: [...validateStatements(migration), ...adoptStatements(migration)],
    },
  ]
}

/** PostgreSQL names the shadow's when it makes them. */
function likelySequences({ names, table }: MigrationDesign): readonly TwinSequence[] {
  return table.columns.flatMap(({ name, isIdentity, sequence }) =>
    isIdentity && sequence !== null
      ? [
          {
            column: name,
            from: sequence,
            to: { schema: names.shadow.schema, name: derivedName(names.shadow.name, `${name}_seq`) },
          },
        ]
      : [],
  )
}
