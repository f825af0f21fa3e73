// What people have to be told: findings as they are against alerts as they were told. It compares states and not changes, so that
// nothing is lost when a process ends between the two, and nothing said twice. Pure.

import type {
  Alert,
  AlertMessage,
  AlertNews,
  AlertPolicy,
  AlertStep,
  OnCall,
  Silence,
} from '../model/alert.ts'
import { atLeast } from '../model/finding.ts'
import type { OpenFinding } from '../model/open-finding.ts'
import { matches } from './matches.ts'
import { wholeOf } from './whole-of.ts'

export interface Reconciled {
  /** Of one target: all that live, and those resolved since the alerts were last reconciled. */
  readonly findings: readonly OpenFinding[]
  /** Of the same target: those that are not resolved. */
  readonly alerts: readonly Alert[]
  /** In force at `now`, windows included. */
  readonly silences: readonly Silence[]
  readonly policy: AlertPolicy
  readonly onCall: OnCall
  readonly messageOf: (finding: OpenFinding, news: AlertNews) => AlertMessage
  readonly now: Date
}

/** In the order in which they happened: an old life ends before the next begins. */
export function reconcileAlerts(input: Reconciled): readonly AlertStep[] {
  const { findings, alerts } = input
  const living = new Map(findings.filter(isLiving).map((finding) => [finding.key, finding]))
  const ended = new Map(
    findings.filter(({ state }) => state === 'resolved').map((finding) => [finding.key, finding]),
  )
  const isSameLife = (alert: Alert) =>
    living.get(alert.findingKey)?.openedAt?.getTime() === alert.openedAt.getTime()
  const over = alerts.filter((alert) => !isSameLife(alert))
  const known = new Map(alerts.filter(isSameLife).map((alert) => [alert.findingKey, alert]))
  return [
    ...over.flatMap((alert) => {
      const finding = ended.get(alert.findingKey) ?? living.get(alert.findingKey)
      return resolve(input, alert, finding)
    }),
    ...[...living.values()].flatMap((finding) => {
      const alert = known.get(finding.key)
      return alert === undefined ? begin(input, finding) : carryOn(input, alert, finding)
    }),
  ]
}

/** Open or muted, and so with an opening. */
function isLiving(finding: OpenFinding): boolean {
  return finding.openedAt !== null && (finding.state === 'open' || finding.state === 'muted')
}

function begin(input: Reconciled, finding: OpenFinding): readonly AlertStep[] {
  const alert: Alert = {
    targetId: finding.targetId,
    findingKey: finding.key,
    openedAt: finding.openedAt!,
    state: 'firing',
    severity: finding.severity,
    seq: 0,
    channels: [],
    silencedBy: null,
    toldAt: null,
    acknowledgedBy: null,
    acknowledgedUntil: null,
    escalations: 0,
    nextEscalationAt: null,
    resolvedAt: null,
  }
  return open(input, null, alert, finding)
}

/** The first word about it. A silence is kept as the reason for nobody hearing of it; what no route takes is no alert at all. */
function open(
  input: Reconciled,
  after: number | null,
  alert: Alert,
  finding: OpenFinding,
): readonly AlertStep[] {
  const channels = channelsOf(input, finding)
  if (channels.length === 0) return []
  const known = { ...alert, severity: finding.severity }
  const silencedBy = silenceOf(input, finding) ?? toldBy(input, finding, channels)
  if (silencedBy === null) return [told(input, after, known, finding, { event: 'opened', channels })]
  return after !== null && alert.silencedBy === silencedBy
    ? []
    : [{ after, alert: { ...known, silencedBy }, news: null, message: null }]
}

function carryOn(input: Reconciled, alert: Alert, finding: OpenFinding): readonly AlertStep[] {
  const { now, policy } = input
  if (alert.toldAt === null) return open(input, alert.seq, alert, finding)
  if (silenceOf(input, finding) !== null) return []
  const hasWorsened = alert.severity !== finding.severity && atLeast(finding.severity, alert.severity)
  if (hasWorsened) {
    const channels = [...new Set([...alert.channels, ...channelsOf(input, finding)])]
    const worse = { ...alert, severity: finding.severity, ...UNACKNOWLEDGED }
    return [told(input, alert.seq, worse, finding, { event: 'worsened', channels })]
  }
  if (alert.state === 'acknowledged') {
    if (alert.acknowledgedUntil === null || alert.acknowledgedUntil > now) return []
    const because = `${alert.acknowledgedBy} had it in hand, and it is still there`
    const again = { ...alert, ...UNACKNOWLEDGED }
    return [told(input, alert.seq, again, finding, { event: 'repeated', channels: alert.channels, because })]
  }
  if (finding.severity !== 'critical') return []
  const escalated =
    alert.nextEscalationAt !== null && alert.nextEscalationAt <= now ? escalate(input, alert, finding) : []
  if (escalated.length > 0) return escalated
  const isDue = policy.repeatMs !== null && now.getTime() - alert.toldAt.getTime() >= policy.repeatMs
  const channels = [...new Set([...alert.channels, ...calledNow(input)])]
  return isDue
    ? [alsoHeardBy(channels, told(input, alert.seq, alert, finding, { event: 'repeated', channels }))]
    : []
}

const UNACKNOWLEDGED = { state: 'firing', acknowledgedBy: null, acknowledgedUntil: null } as const

function escalate(input: Reconciled, alert: Alert, finding: OpenFinding): readonly AlertStep[] {
  const step = input.policy.escalation[alert.escalations]
  if (step === undefined) return []
  const onCall = input.onCall(input.now, alert.escalations + 1)
  // whoever is primary since it opened has not heard of it yet
  const come = calledNow(input).filter((channel) => !alert.channels.includes(channel))
  const channels = [...new Set([...step.channels, ...(onCall?.channels ?? []), ...come])]
  // nobody is to be called now: it waits until somebody is
  if (channels.length === 0 && onCall === null) return []
  const escalated = { ...alert, escalations: alert.escalations + 1 }
  const because =
    onCall === null ? 'nobody has acknowledged it' : `nobody has acknowledged it: ${onCall.name}`
  const news = { event: 'escalated', channels, because } as const
  return [alsoHeardBy(channels, told(input, alert.seq, escalated, finding, news))]
}

/** Who is called in has to hear of its end too. */
function alsoHeardBy(channels: readonly string[], step: AlertStep): AlertStep {
  return { ...step, alert: { ...step.alert, channels: [...new Set([...step.alert.channels, ...channels])] } }
}

/** Of the primary: critical alerts call. */
function calledNow({ onCall, now }: Reconciled): readonly string[] {
  return onCall(now, 0)?.channels ?? []
}

/** Told to those who heard of its opening, silenced or not: nobody is left with a page that is long over. */
function resolve(input: Reconciled, alert: Alert, finding: OpenFinding | undefined): readonly AlertStep[] {
  const resolvedAt = finding?.resolvedAt ?? input.now
  const over: Alert = { ...alert, state: 'resolved', nextEscalationAt: null, resolvedAt }
  // a finding that is no longer kept leaves nothing to be said of it
  if (alert.channels.length === 0 || finding === undefined)
    return [{ after: alert.seq, alert: over, news: null, message: null }]
  const news: AlertNews = { event: 'resolved', channels: alert.channels, actor: null, because: null }
  const asItWas = { ...finding, severity: alert.severity, openedAt: alert.openedAt, resolvedAt }
  return [
    {
      after: alert.seq,
      alert: { ...over, seq: alert.seq + 1 },
      news,
      message: input.messageOf(asItWas, news),
    },
  ]
}

function told(
  { now, policy, messageOf }: Reconciled,
  after: number | null,
  alert: Alert,
  finding: OpenFinding,
  about: Pick<AlertNews, 'event' | 'channels'> & { readonly because?: string },
): AlertStep {
  const news: AlertNews = { actor: null, because: null, ...about }
  const step = finding.severity === 'critical' ? policy.escalation[alert.escalations] : undefined
  return {
    after,
    alert: {
      ...alert,
      seq: alert.seq + 1,
      channels: about.event === 'opened' || about.event === 'worsened' ? about.channels : alert.channels,
      silencedBy: null,
      toldAt: now,
      nextEscalationAt: step === undefined ? null : new Date(now.getTime() + step.afterMs),
    },
    news,
    message: messageOf(finding, news),
  }
}

function silenceOf({ silences }: Reconciled, finding: OpenFinding): string | null {
  if (finding.state === 'muted') return finding.muteReason ?? 'muted'
  return silences.find(({ match }) => matches(match, finding))?.because ?? null
}

/** The whole that it is a part of, where everybody who would hear of the part hears of the whole. */
function toldBy(input: Reconciled, finding: OpenFinding, channels: readonly string[]): string | null {
  const whole = wholeOf(finding, input.findings, input.now)
  if (whole === null || silenceOf(input, whole) !== null) return null
  const hearing = new Set(channelsOf(input, whole))
  return channels.every((channel) => hearing.has(channel)) ? `part of: ${whole.summary}` : null
}

function channelsOf(input: Reconciled, finding: OpenFinding): readonly string[] {
  const { policy } = input
  const routed = policy.routes
    .filter(({ match, from }) => atLeast(finding.severity, from) && matches(match, finding))
    .flatMap(({ channels }) => channels)
  const called = finding.severity === 'critical' ? calledNow(input) : []
  return [...new Set([...routed, ...called])]
}

/** Somebody has it in hand until then: it neither escalates nor repeats. Those who were told hear of it. */
export function acknowledge(
  alert: Alert,
  by: string,
  until: Date | null,
  because: string | null,
  messageOf: (news: AlertNews) => AlertMessage,
): AlertStep {
  const news: AlertNews = { event: 'acknowledged', channels: alert.channels, actor: by, because }
  return {
    after: alert.seq,
    alert: {
      ...alert,
      state: 'acknowledged',
      seq: alert.seq + 1,
      acknowledgedBy: by,
      acknowledgedUntil: until,
      nextEscalationAt: null,
    },
    news,
    message: alert.channels.length === 0 ? null : messageOf(news),
  }
}
