// By which a receiver tells one life of a finding from another, and the repetition of an event from a new one.

import { createHash } from 'node:crypto'
import type { AlertMessage } from '../model/alert.ts'

/** 74 characters: receivers take 255 and more, while findings' own keys may be longer. */
export function dedupKey({ targetId, findingKey, openedAt }: AlertMessage): string {
  const life = JSON.stringify([targetId, findingKey, openedAt.toISOString()])
  return `pgsteward-${createHash('sha256').update(life).digest('hex')}`
}
