// Proof that the copy holds what the table holds: rows and hashes of range after range, each with what has changed since left out.

import { StewardError } from '../../model/error.ts'
import { qualified } from '../../sql/quote.ts'
import { bringOver } from './bring-over.ts'
import {
  batchEnd,
  beginStatements,
  COMPARING_PLANS,
  type CopyPair,
  compareRange,
  differingKeys,
  type Position,
} from './copy-sql.ts'
import type { MigrationSession } from './migration-session.ts'

/** Hashing both sides takes a fraction of a second. */
const RANGE_ROWS = 20_000

/** Rows compared. Rejects with 'maintenance-refused' and some keys of rows that differ. */
export async function compareCopies(
  session: MigrationSession,
  pair: CopyPair,
  phase: string,
  ofRows: number,
): Promise<number> {
  const { giveWay, tell } = session
  const started = performance.now()
  let compared = 0
  for (let position: Position = null; ; ) {
    await giveWay()
    const { end, rows } = await compareOne(session, pair, position)
    if (end === 'truncated') {
      // what was compared is gone, and the queue says so
      await bringOver(session, pair, phase, 'all')
      position = null
      compared = 0
      continue
    }
    compared += rows
    const rowsPerSecond = (compared / Math.max(1, performance.now() - started)) * 1000
    tell(phase, 'compares rows', {
      rows: compared,
      ofRows: Math.max(ofRows, compared),
      rowsPerSecond,
      leftMs: rowsPerSecond > 0 ? (Math.max(0, ofRows - compared) / rowsPerSecond) * 1000 : null,
    })
    if (end === null) return compared
    position = end
  }
}

async function compareOne(
  { working }: MigrationSession,
  pair: CopyPair,
  position: Position,
): Promise<{ readonly end: Position | 'truncated'; readonly rows: number }> {
  await working.query('partition-compare', beginStatements(pair, COMPARING_PLANS))
  try {
    const queue = qualified(pair.queue.schema, pair.queue.name)
    const { rows: truncations } = await working.query(
      'partition-compare',
      `select exists (select from ${queue} q where q.key_1 is null) as is_truncated`,
    )
    if (truncations[0]!.is_truncated === true) return { end: 'truncated', rows: 0 }
    const ending = batchEnd(pair, position)
    const last = await working.query('partition-compare', ending.sql, [RANGE_ROWS, ...ending.parameters])
    const end = (last.rows[0]?.last ?? null) as Position
    const comparing = compareRange(pair, position, end)
    const { rows } = await working.query('partition-compare', comparing.sql, comparing.parameters)
    const [found] = rows
    if (found!.is_equal === true) return { end, rows: Number(found!.from_rows) }
    const differing = differingKeys(pair, position, end)
    const keys = await working.query('partition-compare', differing.sql, differing.parameters)
    throw new StewardError(
      'maintenance-refused',
      `the copy of ${qualified(pair.from.schema, pair.from.name)} is not equal to it`,
      {
        detail: `Of one range ${String(found!.from_rows)} and ${String(found!.to_rows)} rows were compared; rows that differ have the keys ${keys.rows.map(({ key }) => `(${(key as readonly string[]).join(', ')})`).join(', ')}.`,
        hint: 'Nothing was swapped. Somebody wrote past the triggers, or into the copy: undo it and begin again.',
      },
    )
  } finally {
    if (working.isOpen()) await working.query('partition-compare', 'rollback')
  }
}
