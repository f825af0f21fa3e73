// /api/v1/on-call: who is on call, shifts, overrides, hand-offs. Fields are added, never renamed.

import { z } from 'zod'

export const ON_CALL_ROLES = ['primary', 'secondary'] as const
export type OnCallRole = (typeof ON_CALL_ROLES)[number]

const at = z.iso.datetime()

const dutyWire = z.object({
  /** Id in the team. */
  person: z.string(),
  name: z.string(),
  /** Why not as the rotation has it: stands in, an override. Empty where it is as the rotation has it. */
  because: z.string(),
  /** Has channels of his or her own. */
  isReachable: z.boolean(),
})
export type DutyWire = z.output<typeof dutyWire>

const onDuty = {
  /** Why nobody is on call; then primary and secondary are null. */
  gap: z.string().nullable(),
  rotation: z.string(),
  primary: dutyWire.nullable(),
  secondary: dutyWire.nullable(),
}

export const onCallShiftWire = z.object({ from: at, until: at, ...onDuty })
export type OnCallShiftWire = z.output<typeof onCallShiftWire>

/** GET /on-call/now, and `pgsteward oncall now --json`. */
export const onCallNowWire = z.object({
  at,
  isConfigured: z.boolean(),
  /** False: from the configuration alone, since no pgsteward was there to ask. */
  areOverridesKnown: z.boolean(),
  /** Null: nothing is configured. */
  current: onCallShiftWire.nullable(),
  next: onCallShiftWire.nullable(),
  /** Who is told of a critical alert, in this order. */
  escalation: z.array(
    z.object({
      /** L1, L2, L3, executive. */
      level: z.string(),
      /** Since the level before was told, without an acknowledgement. */
      afterMs: z.number(),
      names: z.array(z.string()),
    }),
  ),
})
export type OnCallNowWire = z.output<typeof onCallNowWire>

export const overrideWire = z.object({
  /** OVR-3. */
  id: z.string(),
  role: z.enum(ON_CALL_ROLES),
  person: z.string(),
  personName: z.string(),
  from: at,
  /** Of one that was withdrawn while it was under way, when that was. */
  until: at,
  madeBy: z.string(),
  madeAt: at,
  because: z.string().nullable(),
  withdrawnBy: z.string().nullable(),
  /** In force, or to come. */
  isAhead: z.boolean(),
})
export type OverrideWire = z.output<typeof overrideWire>

/** What the next on call has to know, as it was when it was handed over. */
export const handOffSummaryWire = z.strictObject({
  /** Alerts that nobody has settled, the latest 20. */
  firing: z.array(
    z.strictObject({
      targetId: z.string(),
      findingKey: z.string(),
      summary: z.string(),
      severity: z.string(),
      openedAt: at,
      /** Null: nobody has it in hand. */
      acknowledgedBy: z.string().nullable(),
    }),
  ),
  openFindings: z.strictObject({ critical: z.number(), warning: z.number() }),
  /** In the shift. */
  happened: z.strictObject({
    opened: z.number(),
    resolved: z.number(),
    /** Of critical alerts; null: none was acknowledged. */
    medianToAcknowledgeMs: z.number().nullable(),
    notAcknowledgedInTime: z.number(),
  }),
  silences: z.array(z.strictObject({ because: z.string(), by: z.string(), until: at })),
})
export type HandOffSummary = z.output<typeof handOffSummaryWire>

const handOffShape = {
  /** Null: nobody was on call. */
  from: z.string().nullable(),
  fromName: z.string().nullable(),
  to: z.string(),
  toName: z.string(),
  shift: z.object({ from: at, until: at }),
  summary: handOffSummaryWire,
}
/** GET /on-call/hand-off: what would be handed over now. */
export const handOffDraftWire = z.object(handOffShape)
export type HandOffDraftWire = z.output<typeof handOffDraftWire>

export const handOffWire = z.object({
  ...handOffShape,
  /** HND-3. */
  id: z.string(),
  note: z.string().nullable(),
  givenBy: z.string(),
  givenAt: at,
  acknowledged: z.object({ by: z.string(), at, note: z.string().nullable() }).nullable(),
})
export type HandOffWire = z.output<typeof handOffWire>

export const timeToAcknowledgeWire = z.object({
  days: z.number(),
  aimMs: z.number(),
  /** Critical alerts; those that were over before the aim without an answer do not count. */
  counted: z.number(),
  withinAim: z.number(),
  unanswered: z.number(),
  medianMs: z.number().nullable(),
})
export type TimeToAcknowledgeWire = z.output<typeof timeToAcknowledgeWire>

/** GET /on-call. */
export const onCallWire = z.object({
  now: onCallNowWire,
  /** Of hand-offs. */
  timeZone: z.string().nullable(),
  people: z.array(z.object({ id: z.string(), name: z.string(), timeZone: z.string() })),
  shifts: z.array(onCallShiftWire),
  /** The latest first. */
  overrides: z.array(overrideWire),
  /** The latest first. */
  handOffs: z.array(handOffWire),
  timeToAcknowledge: timeToAcknowledgeWire.nullable(),
})
export type OnCallWire = z.output<typeof onCallWire>

const actor = z.string().trim().min(1).max(200).prefault('api')
const text = z.string().trim().max(2_000)

/** POST /on-call/overrides. */
export const overrideRequestWire = z.strictObject({
  role: z.enum(ON_CALL_ROLES).prefault('primary'),
  person: z.string(),
  /** Default: now. */
  from: at.optional(),
  until: at,
  because: text.optional(),
  actor,
})
/** POST /on-call/overrides/OVR-3/withdraw. */
export const withdrawRequestWire = z.strictObject({ because: text.optional(), actor })
/** POST /on-call/hand-offs. */
export const handOffRequestWire = z.strictObject({
  /** Default: whoever is primary next. */
  to: z.string().optional(),
  note: text.optional(),
  actor,
})
/** POST /on-call/hand-offs/HND-3/acknowledge. */
export const handOffAcknowledgeWire = z.strictObject({ note: text.optional(), actor })
