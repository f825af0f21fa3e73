// Ordinary occurrences, each `over` last.

import type { Occurrence, OccurrenceEvent } from '../../src/model/occurrence.ts'
import { AT } from '../notify/alert-rows.ts'

const PLACE = {
  application: 'shop',
  instance: 'host/1',
  release: '1.2.0',
  environment: 'production',
  fingerprint: '7f3c5b1e9a2d4860',
  text: 'select place from shelf where id = $1',
  route: 'GET /shelves',
  model: 'Shelf',
  action: 'findUnique',
  caller: 'src/shelves.ts:12',
  traceId: '0af7651916cd43dd8448eb211c80319c',
}

export function slowQueryOccurrence(over: Partial<Occurrence> = {}): Occurrence {
  return {
    kind: 'slow-query',
    ...PLACE,
    at: AT,
    durationMs: 700,
    waitedForPoolMs: 3,
    rows: 1,
    ...over,
  } as Occurrence
}

export function repeatOccurrence(over: Partial<Occurrence> = {}): Occurrence {
  return {
    kind: 'repeated-statement',
    ...PLACE,
    at: AT,
    repetitions: 38,
    totalMs: 120,
    ...over,
  } as Occurrence
}

export function occurrenceEvent(worst: Occurrence, over: Partial<OccurrenceEvent> = {}): OccurrenceEvent {
  return {
    eventId: 'fc6d8c0c43fc4630ad850ee518f1b9d0',
    targetId: 'shop',
    attempts: 1,
    worst,
    count: 14,
    totalMs: 9_800,
    worstMs: 812,
    firstAt: AT,
    lastAt: worst.at,
    ...over,
  }
}
