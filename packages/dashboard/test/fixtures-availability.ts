// Made-up availability as the API would tell of it: up, down, not asked, requests counted; outages, planned and under way.

import { type AvailabilityWire, availabilityWire } from '../../pgsteward/src/model/wire.ts'
import { ago, HOSTILE } from './fixtures.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

type Probe = AvailabilityWire['probes'][number]

function uptime(downMs: number, seenDays = 400): Probe['uptime'] {
  return [1, 7, 30, 90].map((days) => {
    const coveredMs = Math.min(days, seenDays) * DAY
    return {
      windowMs: days * DAY,
      ratio: 1 - downMs / coveredMs,
      coveredRatio: coveredMs / (days * DAY),
      coveredMs,
      downMs,
      plannedMs: 0,
      attempts: coveredMs / 30_000,
      failures: Math.ceil(downMs / 30_000),
      meanMs: 12,
      maxMs: 210,
    }
  })
}

function days(ratioOf: (daysAgo: number) => number | null): Probe['days'] {
  return Array.from({ length: 90 }, (_, number) => 89 - number).map((daysAgo) => {
    const ratio = ratioOf(daysAgo)
    const coveredMs = ratio === null ? 0 : DAY
    return {
      at: ago(daysAgo * DAY),
      ratio,
      coveredMs,
      downMs: (1 - (ratio ?? 1)) * coveredMs,
      plannedMs: 0,
      attempts: coveredMs / 30_000,
      failures: 0,
    }
  })
}

const budget: Probe['budget'] = {
  windowMs: 30 * DAY,
  unit: 'ms',
  allowed: 43.2 * MINUTE,
  spent: 3 * MINUTE,
  left: 40.2 * MINUTE,
  leftRatio: 0.93,
  lastsMs: null,
  burns: [],
}

const health: Probe = {
  kind: 'http',
  name: 'health',
  address: 'https://shop.example.com/health',
  everyMs: 30_000,
  slo: 0.999,
  state: 'up',
  error: null,
  failingSince: null,
  lastAt: ago(12_000),
  tookMs: 31.2,
  phases: { resolve: 1.1, connect: 4, encrypt: 11.4, answer: 14.7 },
  status: 200,
  certificateExpiresAt: ago(-9 * DAY),
  uptime: uptime(3 * MINUTE),
  budget,
  days: days((daysAgo) => (daysAgo === 40 ? 0.97 : daysAgo === 12 ? 0.9995 : daysAgo > 70 ? null : 1)),
}

export function availability(over: Partial<AvailabilityWire> = {}): AvailabilityWire {
  return availabilityWire.parse({
    targetId: 'messaging',
    probes: [
      health,
      {
        ...health,
        kind: 'database',
        name: 'database',
        address: 'db.example.com:5432',
        state: 'down',
        error: 'db.example.com:5432 refused the connection',
        failingSince: ago(4 * MINUTE),
        certificateExpiresAt: null,
        status: null,
        uptime: uptime(50 * MINUTE, 3),
        budget: { ...budget, spent: 50 * MINUTE, left: -6.8 * MINUTE, leftRatio: -0.16, lastsMs: 0 },
      },
      { ...health, name: HOSTILE, state: 'unknown', lastAt: ago(90 * MINUTE), certificateExpiresAt: null },
      {
        ...health,
        kind: 'requests',
        name: 'messaging',
        address: '',
        state: 'counted',
        tookMs: null,
        phases: {},
        certificateExpiresAt: null,
        uptime: uptime(0).map((each) => ({
          ...each,
          ratio: 0.9996,
          coveredRatio: null,
          coveredMs: 0,
          attempts: 120_000,
          failures: 48,
          meanMs: null,
        })),
        budget: {
          ...budget,
          unit: 'count',
          allowed: 120,
          spent: 48,
          left: 72,
          leftRatio: 0.6,
          lastsMs: 2.5 * DAY,
        },
      },
    ],
    outages: [
      {
        kind: 'http',
        name: 'health',
        startedAt: ago(2 * DAY),
        endedAt: ago(2 * DAY - 3 * MINUTE),
        failures: 7,
        error: 'it answered 503',
        isPlanned: true,
      },
      {
        kind: 'database',
        name: 'database',
        startedAt: ago(4 * MINUTE),
        endedAt: null,
        failures: 14,
        error: 'db.example.com:5432 refused the connection',
        isPlanned: false,
      },
    ],
    ...over,
  })
}

export const NO_PROBES: AvailabilityWire = { targetId: 'messaging', probes: [], outages: [] }
