// The loop, in one place: collect -> save -> evaluate -> track -> save findings -> notify. What the store alone tells goes the second
// half of it by itself, whether or not the target answers.

import type { RoundOptions } from '../collect/collector.ts'
import { evaluate, type Judged } from '../evaluate/evaluate.ts'
import { rememberedSince } from '../evaluate/flapping.ts'
import { track } from '../evaluate/track.ts'
import { ALL_FACTS } from '../facts/all.ts'
import type { ServerInfo } from '../model/server-info.ts'
import { noticesOf } from '../notify/notices.ts'
import type { Concluded, Loop, Ticked } from './loop.ts'
import { snapshotKeeper } from './snapshot-keeper.ts'

export async function tick(loop: Loop, now: Date, round: RoundOptions = {}): Promise<Ticked> {
  const { collector, store, keepTexts } = loop
  const { flush, keep } = loop.keeper ?? snapshotKeeper(store, ALL_FACTS)
  await flush()
  const snapshot = await collector.collect(now, round)
  // first, since it is held where it can't be saved; so are texts, from then on
  await keep(snapshot)
  await keepTexts()
  return { snapshot, ...(await judge(loop, snapshot, now, round)) }
}

/** For checks whose needs are all stored. `server`: as it was read last; null: not yet. */
export function judgeStored(loop: Loop, server: ServerInfo | null, now: Date): Promise<Concluded> {
  return judge(loop, { targetId: loop.targetId, server, readings: new Map(), refreshed: new Set() }, now)
}

async function judge(
  { targetId, store, checks, options, kept, notify }: Loop,
  judged: Judged,
  now: Date,
  { onlyUrgent = false }: RoundOptions = {},
): Promise<Concluded> {
  const settings = { options, onlyRefreshed: onlyUrgent, ...(kept === undefined ? {} : { kept }) }
  const outcomes = await evaluate(checks, judged, store, settings, now)
  await store.saveOutcomes(targetId, outcomes, now)
  const known = await store.knownFindings(targetId, rememberedSince(now))
  const changes = track(targetId, checks, known, outcomes, now)
  await store.saveChanges(changes, now)
  await notify(noticesOf(changes))
  return { outcomes, changes }
}
