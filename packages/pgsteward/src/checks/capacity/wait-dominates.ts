// One class of waits takes most of what sessions do: which event, since when, by which statements, and what helps against it.

import { z } from 'zod'
import { type RecentActivity, recentActivity } from '../../facts/recent-activity.ts'
import { waitMeaning, waitName } from '../../facts/wait-meanings.ts'
import type { ActivityGroup } from '../../model/activity.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import { queryExcerpt } from '../query/query-excerpt.ts'

/** A third of the window: an average over less says little. */
const LEAST_SECONDS = 300
const MOST_STATEMENTS = 3

export const waitDominates = defineCheck({
  id: 'wait-dominates',
  area: 'capacity',
  title: 'Sessions mostly wait, for one kind of thing',
  needs: { activity: recentActivity },
  options: z.object({
    minShare: z
      .number()
      .min(0)
      .max(1)
      .prefault(0.5)
      .describe('Of the activity: more than half, so that halving it is worth more than all else together.'),
    minSessions: z
      .number()
      .positive()
      .prefault(1)
      .describe(
        'That wait so at once, on average over a quarter of an hour: below, the server has little to do.',
      ),
    warnSessions: z
      .number()
      .positive()
      .prefault(4)
      .describe('A warning: as many as a server of four processors could have at work in their place.'),
    ignore: z
      .array(z.string())
      .prefault(['Client', 'Timeout', 'Extension', 'Activity'])
      .describe(
        'Wait event types that are no shortage: clients that send or take data, pauses that were asked for.',
      ),
  }),
  run({ activity }, { minShare, minSessions, warnSessions, ignore }) {
    const { seconds, groups } = activity
    if (seconds < LEAST_SECONDS)
      return { skip: 'sessions have been sampled for less than five minutes of the last quarter of an hour' }
    const total = sum(groups)
    const byType = Map.groupBy(groups, (group) => group.waitType)
    for (const [waitType, own] of byType) {
      const sessions = sum(own) / seconds
      if (waitType === null || ignore.includes(waitType)) continue
      if (sum(own) < total * minShare || sessions < minSessions) continue
      const [[event, most]] = heaviest(own, (group) => group.waitEvent ?? '') as [[string, number]]
      const { means, helps } = waitMeaning(waitType, event)
      const sinceMs = lastingMs(activity, waitType, minShare)
      return [
        {
          subject: { kind: 'server' as const },
          severity: sessions >= warnSessions ? ('warning' as const) : ('info' as const),
          summary: `Sessions mostly wait for ${waitName(waitType, event)}: ${means.charAt(0).toLowerCase()}${means.slice(1)}`,
          evidence: [
            { label: 'sessions that wait so', value: sessions, unit: 'count' as const },
            { label: 'reported from', value: minSessions, unit: 'count' as const },
            { label: 'share of all activity', value: sum(own) / total, unit: 'ratio' as const },
            { label: 'reported from share', value: minShare, unit: 'ratio' as const },
            {
              label: `${waitName(waitType, event)} among them`,
              value: most / sum(own),
              unit: 'ratio' as const,
            },
            ...(sinceMs === null ? [] : [{ label: 'so for at least', value: sinceMs, unit: 'ms' as const }]),
            ...statements(activity, own),
            ...(helps === null ? [] : [{ label: 'what helps', value: helps, unit: 'text' as const }]),
          ],
        },
      ]
    }
    return []
  },
})

function sum(groups: readonly ActivityGroup[]): number {
  return groups.reduce((total, group) => total + group.sessions, 0)
}

function heaviest<Key>(
  groups: readonly ActivityGroup[],
  keyOf: (group: ActivityGroup) => Key,
): readonly (readonly [Key, number])[] {
  return [...Map.groupBy(groups, keyOf)]
    .map(([key, same]) => [key, sum(same)] as const)
    .sort((a, b) => b[1] - a[1])
}

function statements({ texts }: RecentActivity, own: readonly ActivityGroup[]): readonly Evidence[] {
  return heaviest(own, (group) => group.queryId)
    .filter(([queryId]) => queryId !== null)
    .slice(0, MOST_STATEMENTS)
    .map(([queryId, sessions]) => {
      const text = texts.get(queryId ?? '')
      const share = `${Math.round((sessions / sum(own)) * 100)} %`
      const shown = text === undefined ? '' : `: ${queryExcerpt(text)}`
      return { label: 'by statement', value: `${share}, query ${queryId}${shown}`, unit: 'text' as const }
    })
}

/** Back from now as long as it took its share of each five minutes in which there was anything; null: not even of the last. */
function lastingMs({ history }: RecentActivity, waitType: string, minShare: number): number | null {
  const end = history.at(-1)?.at
  let since: Date | null = null
  for (const [place, point] of [...history.entries()].reverse()) {
    const all = [...point.sessions.values()].reduce((total, each) => total + each, 0)
    if ((point.sessions.get(waitType) ?? 0) < all * minShare || all === 0) break
    since = history[place - 1]?.at ?? new Date(point.at.getTime() - point.seconds * 1000)
  }
  return end === undefined || since === null ? null : end.getTime() - since.getTime()
}
