// Foreign keys that were carried over without a look at the rows are proven, partition by partition, while reading and writing go on.

import type { RelationRef } from '../../model/maintenance.ts'
import type { MigrationSession } from './migration-session.ts'
import { withShortLock } from './short-lock.ts'

/** duplicate_object: an earlier attempt came so far. */
const IS_THERE = '42710'

/** `adopt` takes locks on the tables referred to, for a moment. Either may be run again. */
export async function settleKeys(
  { working, watching, tell, giveWay, signal }: MigrationSession,
  table: RelationRef,
  validate: readonly string[],
  adopt: readonly string[],
): Promise<void> {
  const shortly = (sql: string) =>
    withShortLock(
      {
        session: working,
        watching,
        table,
        signal,
        onProgress: (text) => tell('settling', text),
      },
      async () => {
        await working.query('partition-keys', sql)
      },
    )
  for (const [at, sql] of validate.entries()) {
    await giveWay()
    tell('settling', `validates foreign keys (${at + 1} of ${validate.length})`)
    await shortly(sql)
  }
  for (const sql of adopt)
    await shortly(sql).catch((error) => {
      if ((error as { code?: string }).code !== IS_THERE) throw error
    })
}
