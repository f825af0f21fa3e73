// /api/v1/alerts: alerts, what was sent, silences, channels. Fields are added, never renamed.

import { z } from 'zod'
import { ALERT_EVENTS } from './alert.ts'
import { AREAS, SEVERITIES } from './finding.ts'

const at = z.iso.datetime()

export const alertMatchWire = z.strictObject({
  targets: z.array(z.string()).min(1).optional(),
  areas: z.array(z.enum(AREAS)).min(1).optional(),
  checks: z.array(z.string()).min(1).optional(),
  /** Keys, in which * stands for anything. */
  findings: z.array(z.string().min(1)).min(1).optional(),
})

export const alertWire = z.object({
  targetId: z.string(),
  findingKey: z.string(),
  checkId: z.string(),
  /** As a person says it. */
  label: z.string(),
  summary: z.string(),
  state: z.enum(['firing', 'acknowledged', 'resolved']),
  severity: z.enum(SEVERITIES),
  openedAt: at,
  resolvedAt: at.nullable(),
  channels: z.array(z.string()).readonly(),
  /** Why nobody was told; null: somebody was. */
  silencedBy: z.string().nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgedUntil: at.nullable(),
  nextEscalationAt: at.nullable(),
})

export const deliveryWire = z.object({
  targetId: z.string(),
  findingKey: z.string(),
  channel: z.string(),
  event: z.enum(ALERT_EVENTS),
  severity: z.enum(SEVERITIES),
  summary: z.string(),
  state: z.enum(['waiting', 'sending', 'sent', 'given-up']),
  createdAt: at,
  sentAt: at.nullable(),
  attempts: z.number(),
  lastError: z.string().nullable(),
})

export const silenceWire = z.object({
  id: z.string(),
  match: alertMatchWire,
  from: at,
  until: at,
  by: z.string(),
  because: z.string(),
  isInForce: z.boolean(),
  endedAt: at.nullable(),
})

export const channelWire = z.object({
  id: z.string(),
  kind: z.string(),
  isFailing: z.boolean(),
  because: z.string().nullable(),
  lastSentAt: at.nullable(),
})

/** GET /alerts. */
export const alertsWire = z.object({
  alerts: z.array(alertWire),
  deliveries: z.array(deliveryWire),
  silences: z.array(silenceWire),
  channels: z.array(channelWire),
})

const who = z.string().trim().min(1).max(200).prefault('dashboard')

/** POST /alerts/acknowledge. */
export const acknowledgeRequestWire = z.strictObject({
  target: z.string(),
  key: z.string(),
  actor: who,
  /** Absent: until it is over or grows worse. */
  until: at.optional(),
  because: z.string().trim().max(1_000).optional(),
})

/** POST /alerts/silences. */
export const silenceRequestWire = z.strictObject({
  match: alertMatchWire.prefault({}),
  /** Default: now. */
  from: at.optional(),
  until: at,
  actor: who,
  because: z.string().trim().min(3).max(1_000),
})

export const actorWire = z.strictObject({ actor: who })

/** POST /alerts/test: sends a message through a channel at once, beside the outbox. */
export const testRequestWire = z.strictObject({ channel: z.string() })
export const testResultWire = z.object({
  channel: z.string(),
  isSent: z.boolean(),
  because: z.string().nullable(),
})

export type AlertWire = z.output<typeof alertWire>
export type DeliveryWire = z.output<typeof deliveryWire>
export type SilenceWire = z.output<typeof silenceWire>
export type ChannelWire = z.output<typeof channelWire>
export type AlertsWire = z.output<typeof alertsWire>
export type SilenceRequestWire = z.output<typeof silenceRequestWire>
export type AcknowledgeRequestWire = z.output<typeof acknowledgeRequestWire>
export type TestResultWire = z.output<typeof testResultWire>
