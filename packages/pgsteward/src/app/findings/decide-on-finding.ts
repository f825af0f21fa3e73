// Decisions about one finding from the command line: found by its key, muted or unmuted with a reason.

import { StewardError } from '../../model/error.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import { parseDuration } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'

/** By its key; `targetId` where several targets have one. Throws 'finding-unknown'. */
export async function findFinding(
  store: Store,
  key: string | undefined,
  targetId: string | undefined,
): Promise<OpenFinding> {
  if (key === undefined)
    throw new StewardError('usage', 'which finding?', {
      hint: 'pgsteward findings lists them with their keys.',
    })
  const all = await store.findings(targetId === undefined ? {} : { targetId })
  const matches = all.filter((finding) => finding.key === key)
  if (matches.length === 1) return matches[0]!
  throw new StewardError(
    'finding-unknown',
    matches.length === 0 ? `there is no finding ${key}` : `several targets have a finding ${key}`,
    {
      hint:
        matches.length === 0
          ? 'pgsteward findings --all lists what is known.'
          : `Choose one with --target: ${matches.map((each) => each.targetId).join(', ')}`,
    },
  )
}

/** Mutes for `forText` or unmutes, with a reason that the record keeps. Throws 'usage' or 'mute-refused'. */
export async function decideOnFinding(
  store: Store,
  action: string,
  { targetId, key }: OpenFinding,
  { reason, forText, actor }: { reason: string | undefined; forText: string; actor: string },
  now: Date,
): Promise<void> {
  if (action !== 'mute' && action !== 'unmute') {
    throw new StewardError('usage', `"${action}" is not something to do with findings`, {
      hint: 'pgsteward findings [mute|unmute KEY]',
    })
  }
  if (reason === undefined)
    throw new StewardError('usage', 'why?', {
      hint: '--reason "needed by the year-end report": the record keeps it.',
    })
  const forMs = parseDuration(forText)
  if (forMs === null)
    throw new StewardError('usage', `--for ${forText} is not a duration`, {
      hint: 'Write it as 12h, 7d or 4w.',
    })
  await store.decide({
    at: now,
    actor,
    action: action === 'mute' ? 'waive' : 'unmute',
    targetId,
    findingKey: key,
    reason,
    expiresAt: action === 'mute' ? new Date(now.getTime() + forMs) : null,
  })
}
