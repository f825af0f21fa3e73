// An incident as the API speaks of it: its alerts, its timeline, its times and its review.

import { z } from 'zod'
import { SEVERITIES } from './finding.ts'

const at = z.iso.datetime()
const words = z.string().trim().min(1, 'in words')
const severity = z.enum(SEVERITIES)

/** open: it hurts. mitigated: it no longer hurts, its cause may stand. resolved: over. reviewed: and learnt from. */
export const INCIDENT_STATES = ['open', 'mitigated', 'resolved', 'reviewed'] as const
export const INCIDENT_ROLES = ['commander', 'operations', 'communications', 'scribe'] as const

export const actionItemWire = z.object({
  text: words,
  owner: words,
  /** A day: 2026-12-01. */
  due: z.iso.date(),
})
export const reviewWire = z.object({
  happened: words,
  impact: words,
  rootCause: words,
  wentWell: z.array(words),
  wentBadly: z.array(words),
  actionItems: z.array(actionItemWire),
})

const headShape = {
  /** INC-7 */
  name: z.string(),
  number: z.number(),
  targetId: z.string().nullable(),
  state: z.enum(INCIDENT_STATES),
  title: z.string(),
  /** The worst of its alerts so far, or what a person gave it. */
  severity,
  openedAt: at,
  updatedAt: at,
  commander: z.string().nullable(),
  alerts: z.array(
    z.object({
      findingKey: z.string(),
      checkId: z.string(),
      openedAt: at,
      severity,
      summary: z.string(),
      state: z.enum(['firing', 'acknowledged', 'resolved']),
    }),
  ),
  times: z.object({
    /** When it began to hurt, as far as evidence tells. */
    startedAt: at,
    /** The first alert was told; null: a person noticed before any alert. */
    detectedAt: at.nullable(),
    acknowledgedAt: at.nullable(),
    mitigatedAt: at.nullable(),
    recoveredAt: at.nullable(),
    /** From the start. */
    toDetectMs: z.number().nullable(),
    /** From the detection. */
    toAcknowledgeMs: z.number().nullable(),
    /** From the start. */
    toMitigateMs: z.number().nullable(),
    /** From the start. */
    toRecoverMs: z.number().nullable(),
  }),
  /** Of the review's action items: not done. Null: not reviewed yet. */
  openItems: z.number().nullable(),
}

export const incidentHeadWire = z.object(headShape)
export type IncidentHeadWire = z.output<typeof incidentHeadWire>

/** GET /incidents, the latest first. */
export const incidentsWire = z.object({ incidents: z.array(incidentHeadWire) })

export const TIMELINE_KINDS = ['alert', 'happened', 'person'] as const

/** GET /incidents/:name */
export const incidentWire = z.object({
  ...headShape,
  origin: z.string().nullable(),
  roles: z.array(z.object({ role: z.enum(INCIDENT_ROLES), name: z.string(), at })),
  /** The last that was said for others. */
  status: z.string().nullable(),
  cause: z.string().nullable(),
  /** In order of when it happened, which is not always that in which it was written down. */
  timeline: z.array(
    z.object({
      seq: z.number(),
      at,
      actor: z.string(),
      kind: z.enum(TIMELINE_KINDS),
      action: z.string(),
      text: z.string(),
      findingKey: z.string().nullable(),
    }),
  ),
  review: reviewWire
    .omit({ actionItems: true })
    .extend({
      actionItems: z.array(actionItemWire.extend({ doneAt: at.nullable(), doneBy: z.string().nullable() })),
    })
    .nullable(),
})
export type IncidentWire = z.output<typeof incidentWire>

const actor = z.string().trim().min(1).prefault('api')

/** POST /incidents */
export const openIncidentWire = z.object({
  target: z.string(),
  title: words,
  severity: severity.prefault('critical'),
  /** Absent: now. */
  startedAt: at.optional(),
  actor,
})

const step = <A extends string, S extends z.core.$ZodLooseShape>(action: A, shape: S) =>
  z.object({ action: z.literal(action), actor, ...shape })

/** POST /incidents/:name/entries */
export const incidentEntryWire = z.discriminatedUnion('action', [
  step('noted', { text: words }),
  step('role-taken', { role: z.enum(INCIDENT_ROLES), name: words }),
  step('status-told', { text: words }),
  step('cause-found', { text: words }),
  step('acknowledged', { text: z.string().prefault('') }),
  step('mitigated', { text: words, happenedAt: at.optional() }),
  step('resolved', { text: words, happenedAt: at.optional() }),
  step('reopened', { text: words }),
  step('reviewed', { review: reviewWire }),
  /** `item`: of the review's, from 0. */
  step('action-done', { item: z.int().min(0), text: z.string().prefault('') }),
])
export type IncidentEntryRequest = z.output<typeof incidentEntryWire>
