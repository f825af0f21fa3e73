// Answers about alerts, and what people do about them: acknowledge, silence, try a channel.

import { randomUUID } from 'node:crypto'
import type { Alert, Silence } from '../../model/alert.ts'
import type {
  AcknowledgeRequestWire,
  AlertsWire,
  AlertWire,
  SilenceRequestWire,
  SilenceWire,
  TestResultWire,
} from '../../model/alert-wire.ts'
import { StewardError } from '../../model/error.ts'
import { channelNamed, tryChannel } from '../alerts/test-channel.ts'
import type { Steward } from '../steward.ts'
import { alertView } from './alert-view.ts'
import { watcherOf } from './watcher-of.ts'

const MOST_ALERTS = 300
const MOST_DELIVERIES = 200
/** A silence without a near end is a switch that nobody remembers; what should never be told belongs into routes. */
const LONGEST_SILENCE_MS = 30 * 86_400_000

export class AlertViews {
  readonly #steward: Steward
  readonly #now: () => Date

  constructor(steward: Steward, now: () => Date) {
    this.#steward = steward
    this.#now = now
  }

  async all(targetId?: string): Promise<AlertsWire> {
    const { store, alerts: desk } = this.#steward
    if (targetId !== undefined) watcherOf(this.#steward, targetId)
    const now = this.#now()
    const [alerts, deliveries, silences] = await Promise.all([
      store.alerts({ ...(targetId === undefined ? {} : { targetId }), limit: MOST_ALERTS }),
      store.deliveries({ limit: MOST_DELIVERIES }),
      store.silences(null),
    ])
    return {
      alerts: await Promise.all(alerts.map((alert) => this.#view(alert))),
      deliveries: deliveries
        .filter((each) => targetId === undefined || each.targetId === targetId)
        .map(({ createdAt, sentAt, ...rest }) => ({
          ...rest,
          createdAt: createdAt.toISOString(),
          sentAt: sentAt?.toISOString() ?? null,
        })),
      silences: silences.map((silence) => silenceView(silence, now)),
      channels: desk.channels.map(({ channel: { id, kind }, state }) => ({
        id,
        kind,
        ...state,
        lastSentAt: state.lastSentAt?.toISOString() ?? null,
      })),
    }
  }

  async acknowledge({ target, key, actor, until, because }: AcknowledgeRequestWire): Promise<AlertWire> {
    watcherOf(this.#steward, target)
    const at = until === undefined ? null : new Date(until)
    if (at !== null && at <= this.#now())
      throw new StewardError('usage', 'the acknowledgement would be over already', {
        hint: 'Name a time to come, or none: until it is over or grows worse.',
      })
    const named = { targetId: target, findingKey: key }
    return this.#view(await this.#steward.alerts.acknowledge(named, actor, at, because ?? null))
  }

  async silence({ match, from, until, actor, because }: SilenceRequestWire): Promise<SilenceWire> {
    const now = this.#now()
    const begins = from === undefined ? now : new Date(from)
    const ends = new Date(until)
    if (ends <= now || ends <= begins)
      throw new StewardError('usage', 'the silence would be over before it begins', {
        hint: 'Name a time to come as its end.',
      })
    if (ends.getTime() - begins.getTime() > LONGEST_SILENCE_MS)
      throw new StewardError('usage', 'a silence lasts 30 days at most', {
        hint: 'What should never be told is left out of alerts.routes; a finding that nobody will mend is muted.',
      })
    for (const target of match.targets ?? []) watcherOf(this.#steward, target)
    const silence = { match: given(match), from: begins, until: ends, by: actor, because, createdAt: now }
    const id = await this.#steward.store.addSilence(silence)
    return silenceView({ ...silence, id, endedAt: null }, now)
  }

  async endSilence(id: string, actor: string): Promise<void> {
    if (await this.#steward.store.endSilence(id, actor, this.#now())) return
    throw new StewardError('alert-unknown', `there is no silence ${id} in force`, {
      hint: 'It may be over already.',
    })
  }

  async test(channelId: string): Promise<TestResultWire> {
    const { alerts, config } = this.#steward
    const channels = alerts.channels.map(({ channel }) => channel)
    return await tryChannel(
      channelNamed(channels, channelId),
      this.#now(),
      randomUUID,
      config.server.publicUrl ?? null,
    )
  }

  async #view(alert: Alert): Promise<AlertWire> {
    return alertView(alert, await this.#steward.store.finding(alert.targetId, alert.findingKey))
  }
}

function silenceView(silence: Silence, now: Date): SilenceWire {
  const { id, match, from, until, by, because, endedAt } = silence
  return {
    id,
    match: { ...match } as SilenceWire['match'],
    from: from.toISOString(),
    until: until.toISOString(),
    by,
    because,
    isInForce: endedAt === null && from <= now && until > now,
    endedAt: endedAt?.toISOString() ?? null,
  }
}

function given(match: SilenceRequestWire['match']): Silence['match'] {
  return Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined))
}
