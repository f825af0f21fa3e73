// What each entry of an incident holds.

import { z } from 'zod'
import { ALERT_EVENTS } from '../../model/alert.ts'
import { SEVERITIES } from '../../model/finding.ts'
import { INCIDENT_ROLES, reviewWire } from '../../model/incident-wire.ts'

const at = z.iso.datetime()
const text = z.object({ text: z.string() })
/** Where it happened before it was written down. */
const happened = text.extend({ happenedAt: at.optional() })

export const INCIDENT_ENTRIES = {
  opened: z.object({
    title: z.string(),
    severity: z.enum(SEVERITIES),
    startedAt: at,
    by: z.enum(['rule', 'person']),
  }),
  /** What became of an alert of it; the first of each alert lets it join. */
  alert: z.object({
    event: z.enum(ALERT_EVENTS),
    findingKey: z.string(),
    checkId: z.string(),
    /** Of the alert: with the key it names it. */
    openedAt: at,
    happenedAt: at,
    severity: z.enum(SEVERITIES),
    summary: z.string(),
    by: z.string().nullable(),
    because: z.string().nullable(),
  }),
  /** To the target, around it: deployments, changes, jobs of maintenance. */
  happened: z.object({ happenedAt: at, kind: z.string(), subject: z.string(), detail: z.string() }),
  noted: text,
  'role-taken': z.object({ role: z.enum(INCIDENT_ROLES), name: z.string() }),
  'status-told': text,
  'cause-found': text,
  acknowledged: text,
  mitigated: happened,
  resolved: happened,
  reopened: text,
  reviewed: z.object({ review: reviewWire }),
  'action-done': z.object({ item: z.int(), text: z.string() }),
} as const
export type IncidentAction = keyof typeof INCIDENT_ENTRIES
export type IncidentBody<A extends IncidentAction> = z.output<(typeof INCIDENT_ENTRIES)[A]>
