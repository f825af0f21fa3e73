// The loop, in one place: collect -> save -> evaluate -> track -> save findings -> notify.

import { evaluate } from '../evaluate/evaluate.ts'
import { rememberedSince } from '../evaluate/flapping.ts'
import { track } from '../evaluate/track.ts'
import { ALL_FACTS } from '../facts/all.ts'
import { noticesOf } from '../notify/notices.ts'
import type { Loop, Ticked } from './loop.ts'

export async function tick(
  { targetId, collector, store, keepTexts, checks, options, notify }: Loop,
  now: Date,
  reading: { everything?: boolean } = {},
): Promise<Ticked> {
  const snapshot = await collector.collect(now, reading)
  await keepTexts()
  await store.saveSnapshot(snapshot, ALL_FACTS)
  const outcomes = await evaluate(checks, snapshot, store, { options }, now)
  await store.saveOutcomes(targetId, outcomes, now)
  const known = await store.knownFindings(targetId, rememberedSince(now))
  const changes = track(targetId, checks, known, outcomes, now)
  await store.saveChanges(changes, now)
  await notify(noticesOf(changes))
  return { snapshot, outcomes, changes }
}
