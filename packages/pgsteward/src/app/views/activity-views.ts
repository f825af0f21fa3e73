// Answers about activity: what sessions did over a window, what they do now, and what a statement waits for.

import { isActive, isIdleInTransaction, type SampledSession } from '../../collect/activity/sampled-session.ts'
import { waitMeaning, waitName } from '../../facts/wait-meanings.ts'
import { xminHolders } from '../../facts/xmin-holders.ts'
import {
  type ActivityDimension,
  type ActivityFilter,
  type ActivityGroup,
  type ActivityLevel,
  type ActivityPoint,
  isQueryId,
} from '../../model/activity.ts'
import type { Window } from '../../model/units.ts'
import type {
  ActivityLiveWire,
  ActivityQueryWire,
  ActivityWire,
  LiveSessionWire,
  SamplingWire,
  SeriesWire,
  StatementWaitsWire,
  WaitWire,
} from '../../model/wire.ts'
import type { Store } from '../../store/store.ts'
import type { ActivityState } from '../activity/activity-watch.ts'
import { rowsOf } from '../reading.ts'
import type { Steward } from '../steward.ts'
import { incidentView, releaseOf, treeView } from './blocking-view.ts'
import { watcherOf } from './watcher-of.ts'

const CHART_BUCKETS = 180
const MOST_QUERIES = 50
const MOST_WAITS = 30
const WAITS_A_QUERY = 5
const MOST_SESSIONS = 200
const MOST_HOLDERS = 20

export class ActivityViews {
  readonly #steward: Steward
  readonly #now: () => Date

  constructor(steward: Steward, now: () => Date) {
    this.#steward = steward
    this.#now = now
  }

  get #store(): Store {
    return this.#steward.store
  }

  async activity(
    targetId: string,
    window: Window,
    by: ActivityDimension,
    filter: ActivityFilter,
  ): Promise<ActivityWire> {
    const { snapshot } = watcherOf(this.#steward, targetId).state
    const store = this.#store
    const [points, levels, { samples, groups }, incidents] = await Promise.all([
      store.activityHistory(targetId, window, by, CHART_BUCKETS, filter),
      store.activityLevels(targetId, window, CHART_BUCKETS),
      store.activityGroups(targetId, window, filter),
      store.blockingIncidents(targetId, window),
    ])
    const sums = valuesOf(points)
    const queryIds = groups.flatMap((group) => group.queryId ?? [])
    const texts = await store.textsOfQueries(targetId, queryIds)
    const total = sum(groups.map((group) => group.sessions))
    const average = samples > 0 ? total / samples : 0
    return {
      sampling: samplingView(this.#steward.activity(targetId)?.state),
      by,
      series: seriesOf(points, by, [...sums.keys()]),
      levels: levelSeries(levels),
      values: [...sums].map(([value, seconds]) => ({
        name: valueName(by, value),
        value,
        average: samples > 0 ? seconds / samples : 0,
        share: total > 0 ? seconds / total : 0,
        text: by === 'queryId' ? (texts.get(value ?? '') ?? null) : null,
      })),
      average,
      peak: Math.max(0, ...levels.map((level) => level.peakActive)),
      seconds: samples,
      waits: waitsOf(groups, samples).slice(0, MOST_WAITS),
      queries: queriesOf(groups, samples, texts).slice(0, MOST_QUERIES),
      incidents: incidents.map((each) => incidentView(each, this.#now())),
      horizon: (rowsOf(snapshot, xminHolders) ?? []).slice(0, MOST_HOLDERS).map((row) => ({ ...row })),
    }
  }

  live(targetId: string): ActivityLiveWire {
    watcherOf(this.#steward, targetId)
    const watch = this.#steward.activity(targetId)
    const live = watch?.live(this.#now()) ?? null
    const sampling = samplingView(watch?.state)
    if (live === null)
      return { sampling, at: null, sessions: [], active: 0, idleInTransaction: 0, waiting: 0, trees: [] }
    const { sample, trees } = live
    const clients = sample.sessions.filter((each) => isActive(each) || isIdleInTransaction(each))
    const count = (isSo: (session: SampledSession) => boolean) => sample.sessions.filter(isSo).length
    return {
      sampling,
      at: sample.at.toISOString(),
      sessions: clients
        .toSorted((a, b) => (b.transactionMs ?? 0) - (a.transactionMs ?? 0) || a.pid - b.pid)
        .slice(0, MOST_SESSIONS)
        .map((each) => liveSession(each, sample.texts.get(each.pid))),
      active: count(isActive),
      idleInTransaction: count(isIdleInTransaction),
      waiting: count((each) => each.waitType === 'Lock'),
      trees: trees.map(({ root, waiting }) => treeView(root, waiting)),
    }
  }

  async statementWaits(targetId: string, queryId: string, window: Window): Promise<StatementWaitsWire> {
    watcherOf(this.#steward, targetId)
    // what is no query id (a fingerprint, a typo) ran in nobody's session
    const filter = { queryId: isQueryId(queryId) ? queryId : '0' }
    const [points, { samples, groups }, incidents] = await Promise.all([
      this.#store.activityHistory(targetId, window, 'waitEvent', CHART_BUCKETS, filter),
      this.#store.activityGroups(targetId, window, filter),
      this.#store.blockingIncidents(targetId, window),
    ])
    const isAbout = (each: { readonly queryId: string | null }) => each.queryId === queryId
    return {
      sampling: samplingView(this.#steward.activity(targetId)?.state),
      series: seriesOf(points, 'waitEvent', [...valuesOf(points).keys()]),
      waits: waitsOf(groups, samples),
      seconds: sum(groups.map((group) => group.sessions)),
      incidents: incidents
        .filter((each) => isAbout(each.root) || each.waiting.some(isAbout))
        .map((each) => incidentView(each, this.#now())),
    }
  }
}

function samplingView(state: ActivityState | undefined): SamplingWire {
  if (state === undefined)
    return { status: 'off', because: null, everyMs: 0, sampledAt: null, samples: 0, answerMs: null }
  const { status, because, everyMs, sampledAt, samples, answerMs } = state
  return { status, because, everyMs, sampledAt: sampledAt?.toISOString() ?? null, samples, answerMs }
}

/** Session-seconds by value, the heaviest first; what is beyond the named ones last. */
function valuesOf(points: readonly ActivityPoint[]): ReadonlyMap<string | null, number> {
  const sums = new Map<string | null, number>()
  for (const { seconds, sessions } of points)
    for (const [value, average] of sessions) sums.set(value, (sums.get(value) ?? 0) + average * seconds)
  const isOther = (value: string | null) => Number(value === '(other)')
  return new Map([...sums].sort(([a, x], [b, y]) => isOther(a) - isOther(b) || y - x))
}

function valueName(by: ActivityDimension, value: string | null): string {
  if (value !== null) return value === '' ? '(unnamed)' : value
  return by === 'waitType' || by === 'waitEvent' ? 'CPU' : '(unknown)'
}

/** A value that a bucket does not have was not seen in it: that is nothing, not a gap. */
function seriesOf(
  points: readonly ActivityPoint[],
  by: ActivityDimension,
  values: readonly (string | null)[],
): SeriesWire[] {
  return values.map((value) => ({
    name: 'activity',
    unit: 'count',
    labels: { value: valueName(by, value) },
    points: points.map((point) => [seconds(point.at), point.sessions.get(value) ?? 0]),
  }))
}

function levelSeries(levels: readonly ActivityLevel[]): SeriesWire[] {
  const series = (
    name: string,
    unit: SeriesWire['unit'],
    value: (level: ActivityLevel) => number | null,
    labels: Readonly<Record<string, string>> = {},
  ): SeriesWire => ({
    name,
    unit,
    labels,
    points: levels.map((level) => [seconds(level.at), value(level)]),
  })
  return [
    series('activity-sessions', 'count', (level) => level.blockedMean, { state: 'waiting for a lock' }),
    series('activity-sessions', 'count', (level) => level.idleInTransactionMean, {
      state: 'idle in transaction',
    }),
    series('activity-oldest-transaction', 'ms', (level) => level.oldestTransactionMs ?? 0),
    series('activity-xmin-age', 'count', (level) => level.oldestXminAge ?? 0),
  ]
}

function waitsOf(groups: readonly ActivityGroup[], samples: number): WaitWire[] {
  const total = sum(groups.map((group) => group.sessions))
  const byName = Map.groupBy(groups, ({ waitType, waitEvent }) => waitName(waitType, waitEvent))
  return [...byName]
    .map(([name, same]): WaitWire => {
      const { waitType, waitEvent } = same[0]!
      const own = sum(same.map((group) => group.sessions))
      return {
        name,
        waitType,
        waitEvent,
        average: samples > 0 ? own / samples : 0,
        share: total > 0 ? own / total : 0,
        ...waitMeaning(waitType, waitEvent),
      }
    })
    .sort((a, b) => b.average - a.average)
}

function queriesOf(
  groups: readonly ActivityGroup[],
  samples: number,
  texts: ReadonlyMap<string, string>,
): ActivityQueryWire[] {
  const total = sum(groups.map((group) => group.sessions))
  return [...Map.groupBy(groups, (group) => group.queryId)]
    .map(([queryId, same]): ActivityQueryWire => {
      const own = sum(same.map((group) => group.sessions))
      return {
        queryId,
        text: texts.get(queryId ?? '') ?? null,
        seconds: own,
        average: samples > 0 ? own / samples : 0,
        share: total > 0 ? own / total : 0,
        waits: waitsOf(same, samples).slice(0, WAITS_A_QUERY),
      }
    })
    .sort((a, b) => b.seconds - a.seconds)
}

function liveSession(
  session: SampledSession,
  text: { readonly text: string; readonly caller: string | null } | undefined,
): LiveSessionWire {
  const { pid, startedAt, backendType, database, user, application, state, queryId } = session
  const { transactionMs, queryMs, stateMs, xminAge, waitType, waitEvent } = session
  return {
    pid,
    startedAt: startedAt?.toISOString() ?? null,
    backendType,
    database,
    user,
    application,
    state,
    wait: waitName(waitType, waitEvent),
    waitType,
    queryId,
    query: text?.text ?? null,
    caller: text?.caller ?? null,
    transactionMs,
    queryMs,
    stateMs,
    xminAge,
    release: backendType === 'client backend' ? releaseOf(session) : null,
  }
}

function seconds(at: Date): number {
  return Math.round(at.getTime() / 1000)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
