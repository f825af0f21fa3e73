// Ordinary alerts, findings and messages for tests; `over` last.

import type { AlertContext, AlertMessage, DeliveryBatch } from '../../src/model/alert.ts'
import type { OpenFinding } from '../../src/model/open-finding.ts'

export const AT = new Date('2026-11-20T10:00:00Z')
export const minutesLater = (minutes: number, from: Date = AT) => new Date(from.getTime() + minutes * 60_000)

export function openFinding(over: Partial<OpenFinding> = {}): OpenFinding {
  return {
    key: 'slow-route:route/shop/GET /orders',
    checkId: 'slow-route',
    area: 'availability',
    targetId: 'shop',
    subject: { kind: 'route', application: 'shop', name: 'GET /orders' },
    severity: 'warning',
    summary: 'GET /orders of shop answers slowly',
    evidence: [
      { label: '95th percentile', value: 1_840, unit: 'ms' },
      { label: 'reported from', value: 1_000, unit: 'ms' },
      { label: 'requests', value: 412, unit: 'count' },
      { label: 'heaviest statement', value: 'select * from "order" where "customerId" = $1' },
    ],
    state: 'open',
    firstSeenAt: AT,
    lastSeenAt: AT,
    openedAt: AT,
    quietSince: null,
    openings: [AT],
    resolvedAt: null,
    mutedUntil: null,
    muteReason: null,
    ...over,
  }
}

export function alertMessageRow(over: Partial<AlertMessage> = {}): AlertMessage {
  const finding = openFinding()
  return {
    event: 'opened',
    at: AT,
    targetId: finding.targetId,
    labels: { environment: 'production' },
    findingKey: finding.key,
    checkId: finding.checkId,
    title: 'Route that answers slowly',
    area: finding.area,
    severity: finding.severity,
    subject: finding.subject,
    summary: finding.summary,
    evidence: finding.evidence,
    remedy: null,
    openedAt: AT,
    resolvedAt: null,
    isFlapping: false,
    actor: null,
    because: null,
    link: 'https://pgsteward.example.com/findings/slow-route?target=shop',
    runbook: 'docs/checks/slow-route.md',
    ...over,
  }
}

/** A leap within the last ten minutes, after a deployment. */
export function alertContextRow(over: Partial<AlertContext> = {}): AlertContext {
  return {
    chart: {
      label: '95th percentile',
      unit: 'ms',
      window: { from: minutesLater(-60), to: AT },
      values: [...Array.from({ length: 24 }, () => 120), null, 400, 900, 1_500, 1_700, 1_840],
    },
    happened: [{ at: minutesLater(-12), text: 'deployment: shop, version 1.4.0 to 1.5.0' }],
    ...over,
  }
}

export function deliveryBatch(
  messages: readonly AlertMessage[] = [alertMessageRow()],
  over: Partial<DeliveryBatch> = {},
): DeliveryBatch {
  return {
    id: '7d0c6a5e-5d0e-4a8c-9c1e-0f2a4b6c8d1e',
    channel: 'chat',
    isInDoubt: false,
    deliveries: messages.map((message, at) => ({
      id: String(at + 1),
      channel: 'chat',
      seq: 1,
      attempts: 1,
      message,
    })),
    ...over,
  }
}
