// Action items of a meeting or a review: opened by some entries, done by others.

import { type GovernanceRecord, recordName } from '../model/governance.ts'
import type { ActionItemWire } from '../model/record-wire.ts'
import { numberIn } from './read-body.ts'
import { refused } from './refused.ts'

/** `opened` of its entries opens one or several; 'action-done' ends one by its number. */
export function actionItems(
  { entries }: Pick<GovernanceRecord, 'entries'>,
  opened: (action: string, body: Readonly<Record<string, unknown>>) => readonly NewItem[],
): ActionItemWire[] {
  const items: ActionItemWire[] = []
  for (const { action, body, at, actor } of entries) {
    for (const { what, owner, due } of opened(action, body))
      items.push({ number: items.length + 1, what, owner, due, doneAt: null, doneBy: null })
    const done = action === 'action-done' ? items[numberIn(body, 'action') - 1] : undefined
    if (done !== undefined && done.doneAt === null)
      Object.assign(done, { doneAt: at.toISOString(), doneBy: actor })
  }
  return items
}

interface NewItem extends Pick<ActionItemWire, 'what' | 'owner' | 'due'> {}

/** Throws 'record-changed' where there is no such item, or it is done. */
export function refuseDone(record: GovernanceRecord, items: readonly ActionItemWire[], number: number): void {
  const name = recordName(record)
  const item = items[number - 1]
  if (item === undefined)
    throw refused(
      name,
      `it has no action item ${number}`,
      items.length === 0 ? 'It has none.' : `It has 1 to ${items.length}.`,
    )
  if (item.doneAt !== null)
    throw refused(
      name,
      `action item ${number} is done since ${item.doneAt}`,
      'Open another if more is to be done.',
    )
}
