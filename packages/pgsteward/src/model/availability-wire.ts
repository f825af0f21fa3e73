// /api/v1/availability: probes as they stand, uptime over several windows, error budgets, outages. Fields are added, never renamed.

import { z } from 'zod'
import { PROBE_KINDS } from './availability.ts'

const at = z.iso.datetime()

/** Over the window that ends now. */
export const uptimeWire = z.object({
  windowMs: z.number(),
  /** Of what was seen; null: nothing was. Of requests the share that did not fail. */
  ratio: z.number().nullable(),
  /** How much of the window was seen; null for requests. The rest are gaps, in which nobody asked. */
  coveredRatio: z.number().nullable(),
  coveredMs: z.number(),
  downMs: z.number(),
  /** In planned windows, and in none of the others. */
  plannedMs: z.number(),
  /** Or requests. */
  attempts: z.number(),
  failures: z.number(),
  meanMs: z.number().nullable(),
  maxMs: z.number(),
})

export const errorBudgetWire = z.object({
  windowMs: z.number(),
  /** ms of downtime, or requests. */
  unit: z.enum(['ms', 'count']),
  allowed: z.number(),
  spent: z.number(),
  /** Below 0: overspent. */
  left: z.number(),
  leftRatio: z.number(),
  /** Until nothing is left at the rate of the last six hours; null: it is not being spent. */
  lastsMs: z.number().nullable(),
  /** 1 spends it exactly over its window. */
  burns: z.array(z.object({ windowMs: z.number(), rate: z.number() })),
})

export const probeDayWire = z.object({
  at,
  ratio: z.number().nullable(),
  coveredMs: z.number(),
  downMs: z.number(),
  plannedMs: z.number(),
  attempts: z.number(),
  failures: z.number(),
})

export const probeWire = z.object({
  kind: z.enum(PROBE_KINDS),
  name: z.string(),
  /** Without secrets; empty for requests. */
  address: z.string(),
  everyMs: z.number(),
  slo: z.number(),
  /** unknown: nobody has asked for a while. counted: requests that an application reports. */
  state: z.enum(['up', 'down', 'unknown', 'counted']),
  /** Why it is down. */
  error: z.string().nullable(),
  failingSince: at.nullable(),
  lastAt: at.nullable(),
  tookMs: z.number().nullable(),
  /** ms by phase: resolve, connect, encrypt, answer. */
  phases: z.record(z.string(), z.number()),
  status: z.number().nullable(),
  certificateExpiresAt: at.nullable(),
  uptime: z.array(uptimeWire),
  budget: errorBudgetWire,
  /** By day in UTC, the oldest first; days without an attempt are left out. */
  days: z.array(probeDayWire),
})

export const outageWire = z.object({
  kind: z.enum(PROBE_KINDS),
  name: z.string(),
  startedAt: at,
  endedAt: at.nullable(),
  failures: z.number(),
  error: z.string(),
  /** Within a planned window: it does not count. */
  isPlanned: z.boolean(),
})

/** GET /availability?target=ID. */
export const availabilityWire = z.object({
  targetId: z.string(),
  probes: z.array(probeWire),
  /** Of the last 90 days, the latest first; 200 at most. */
  outages: z.array(outageWire),
})

export type UptimeWire = z.output<typeof uptimeWire>
export type ErrorBudgetWire = z.output<typeof errorBudgetWire>
export type ProbeDayWire = z.output<typeof probeDayWire>
export type ProbeWire = z.output<typeof probeWire>
export type OutageWire = z.output<typeof outageWire>
export type AvailabilityWire = z.output<typeof availabilityWire>
