// A message to try a channel with: it says that it is one, and goes beside the outbox.

import type { AlertMessage, DeliveryBatch } from '../../model/alert.ts'
import { StewardError } from '../../model/error.ts'
import type { Channel } from '../../notify/channel.ts'

export interface ChannelTrial {
  readonly channel: string
  readonly isSent: boolean
  /** Why not, as the receiver said. */
  readonly because: string | null
}

const WITHIN_MS = 15_000

export function channelNamed(channels: readonly Channel[], id: string): Channel {
  const channel = channels.find((each) => each.id === id)
  if (channel !== undefined) return channel
  throw new StewardError('channel-unknown', `there is no channel "${id}"`, {
    hint:
      channels.length === 0
        ? 'Channels are named under alerts.channels of the configuration.'
        : `Configured: ${channels.map((each) => each.id).join(', ')}.`,
  })
}

/** An opening and its end, so that no incident stays open. */
export async function tryChannel(
  channel: Channel,
  now: Date,
  randomId: () => string,
  dashboardUrl: string | null,
): Promise<ChannelTrial> {
  for (const event of ['opened', 'resolved'] as const) {
    const message = trialMessage(event, now, dashboardUrl)
    const batch: DeliveryBatch = {
      id: randomId(),
      channel: channel.id,
      isInDoubt: false,
      deliveries: [{ id: randomId(), channel: channel.id, seq: 1, attempts: 1, message }],
    }
    const result = await channel
      .send(batch, AbortSignal.timeout(WITHIN_MS))
      .catch((error: Error) => ({ is: 'failed' as const, because: error.message }))
    if (result.is !== 'sent') return { channel: channel.id, isSent: false, because: result.because }
  }
  return { channel: channel.id, isSent: true, because: null }
}

function trialMessage(event: 'opened' | 'resolved', now: Date, dashboardUrl: string | null): AlertMessage {
  return {
    event,
    at: now,
    targetId: 'pgsteward',
    labels: {},
    findingKey: 'test:server',
    checkId: 'test',
    title: 'Test of a channel',
    area: 'availability',
    severity: 'info',
    subject: { kind: 'server' },
    summary: 'this is a test: alerts of pgsteward arrive here',
    evidence: [{ label: 'sent by', value: 'pgsteward alerts test' }],
    remedy: null,
    openedAt: now,
    resolvedAt: event === 'resolved' ? now : null,
    isFlapping: false,
    actor: null,
    because: null,
    link: dashboardUrl,
    runbook: 'docs/guides/alerts.md',
  }
}
