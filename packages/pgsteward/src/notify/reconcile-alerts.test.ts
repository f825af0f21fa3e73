import { describe, expect, test } from 'vitest'
import { AT, minutesLater, openFinding } from '../../test/notify/alert-rows.ts'
import type { Alert, AlertPolicy, AlertStep, OnCall, Silence } from '../model/alert.ts'
import type { OpenFinding } from '../model/open-finding.ts'
import { alertMessage } from './alert-message.ts'
import { acknowledge, reconcileAlerts } from './reconcile-alerts.ts'

const POLICY: AlertPolicy = {
  routes: [
    { match: {}, from: 'warning', channels: ['chat'] },
    { match: {}, from: 'critical', channels: ['pager'] },
    { match: { areas: ['index'] }, from: 'info', channels: ['chat', 'index-people'] },
  ],
  escalation: [
    { afterMs: 15 * 60_000, channels: ['lead'] },
    { afterMs: 15 * 60_000, channels: ['boss'] },
  ],
  repeatMs: 4 * 3_600_000,
}
const nobody: OnCall = () => null

interface Round {
  readonly findings: readonly OpenFinding[]
  readonly minute?: number
  readonly silences?: readonly Silence[]
  readonly policy?: AlertPolicy
  readonly onCall?: OnCall
}

/** Keeps alerts between rounds as the store does, and says what was told: `opened chat+pager`. */
function desk() {
  let alerts: Alert[] = []
  const keep = (steps: readonly AlertStep[]) => {
    for (const { alert } of steps) {
      const isSame = (each: Alert) =>
        each.findingKey === alert.findingKey && each.openedAt.getTime() === alert.openedAt.getTime()
      alerts = [...alerts.filter((each) => !isSame(each)), alert].filter(({ state }) => state !== 'resolved')
    }
    return steps.flatMap(({ news }) => (news === null ? [] : [`${news.event} ${news.channels.join('+')}`]))
  }
  return {
    round: ({ findings, minute = 0, silences = [], policy = POLICY, onCall = nobody }: Round) => {
      const now = minutesLater(minute)
      return keep(
        reconcileAlerts({
          findings,
          alerts,
          silences,
          policy,
          onCall,
          now,
          messageOf: (finding, news) =>
            alertMessage(finding, news, {
              labels: {},
              title: '',
              isFlapping: false,
              dashboardUrl: null,
              now,
            }),
        }),
      )
    },
    acknowledge: (until: Date | null) =>
      keep([acknowledge(alerts[0]!, 'kim', until, null, () => null as never)]),
    alerts: () => alerts,
  }
}

const warning = openFinding()
const critical = openFinding({ severity: 'critical' })
const over = (finding: OpenFinding, minute: number) =>
  openFinding({ ...finding, state: 'resolved', resolvedAt: minutesLater(minute) })
const silence = (over: Partial<Silence> = {}): Silence => ({
  id: '1',
  match: {},
  from: AT,
  until: minutesLater(60),
  by: 'kim',
  because: 'release',
  createdAt: AT,
  endedAt: null,
  ...over,
})

test('an opening is told once to those whose routes take it, and its end to the same', () => {
  const { round } = desk()
  expect(round({ findings: [warning] })).toEqual(['opened chat'])
  expect(round({ findings: [warning], minute: 1 })).toEqual([])
  expect(round({ findings: [over(warning, 2)], minute: 2 })).toEqual(['resolved chat'])
  expect(round({ findings: [over(warning, 2)], minute: 3 })).toEqual([])
})

test('several routes to one channel are one message', () => {
  const { round } = desk()
  expect(round({ findings: [openFinding({ area: 'index', severity: 'critical' })] })).toEqual([
    'opened chat+pager+index-people',
  ])
})

test('what grows worse is told to those that the worse severity adds as well', () => {
  const { round } = desk()
  round({ findings: [warning] })
  expect(round({ findings: [critical], minute: 1 })).toEqual(['worsened chat+pager'])
  expect(round({ findings: [warning], minute: 2 })).toEqual([])
  // back at what was told already
  expect(round({ findings: [critical], minute: 3 })).toEqual([])
  expect(round({ findings: [over(critical, 4)], minute: 4 })).toEqual(['resolved chat+pager'])
})

test('a finding that ended and began again between two rounds is two lives, told in order', () => {
  const { round } = desk()
  round({ findings: [warning] })
  expect(round({ findings: [openFinding({ openedAt: minutesLater(5) })], minute: 5 })).toEqual([
    'resolved chat',
    'opened chat',
  ])
})

test('one that nobody keeps any more ends without a word', () => {
  const { round, alerts } = desk()
  round({ findings: [warning] })
  expect(round({ findings: [], minute: 1 })).toEqual([])
  expect(alerts()).toEqual([])
})

test('pending findings and mild ones are not told', () => {
  const { round } = desk()
  expect(round({ findings: [openFinding({ state: 'pending', openedAt: null })] })).toEqual([])
  expect(round({ findings: [openFinding({ severity: 'info' })] })).toEqual([])
  // a worse one is told as an opening, since nobody has heard of it
  expect(round({ findings: [critical], minute: 1 })).toEqual(['opened chat+pager'])
})

describe('silences', () => {
  test('nobody is told of what begins and ends within one', () => {
    const { round } = desk()
    expect(round({ findings: [critical], silences: [silence()] })).toEqual([])
    expect(round({ findings: [over(critical, 1)], minute: 1, silences: [silence()] })).toEqual([])
  })

  test('what is still there afterwards is told then', () => {
    const { round, alerts } = desk()
    round({ findings: [warning], silences: [silence()] })
    expect(alerts()[0]).toMatchObject({ silencedBy: 'release', toldAt: null, seq: 0 })
    expect(round({ findings: [warning], minute: 60 })).toEqual(['opened chat'])
  })

  test('the end of what was told before comes through', () => {
    const { round } = desk()
    round({ findings: [warning] })
    expect(round({ findings: [critical], minute: 1, silences: [silence()] })).toEqual([])
    expect(round({ findings: [over(critical, 2)], minute: 2, silences: [silence()] })).toEqual([
      'resolved chat',
    ])
  })

  test('one that is meant for others silences nothing', () => {
    const others = [
      silence({ match: { targets: ['billing'] } }),
      silence({ match: { checks: ['slow-route'], findings: ['slow-route:route/other/*'] } }),
    ]
    expect(desk().round({ findings: [warning], silences: others })).toEqual(['opened chat'])
    const meant = [silence({ match: { findings: ['*:route/shop/* /ord*'] } })]
    expect(desk().round({ findings: [warning], silences: meant })).toEqual([])
  })

  test('a muted finding is silent, and told when it is back unmuted and was never told', () => {
    const { round } = desk()
    const muted = openFinding({ state: 'muted', mutedUntil: minutesLater(60), muteReason: 'known' })
    expect(round({ findings: [muted] })).toEqual([])
    expect(round({ findings: [warning], minute: 60 })).toEqual(['opened chat'])
  })
})

describe('critical alerts that nobody acknowledges', () => {
  test('escalate step by step; all that were called in hear of the end', () => {
    const { round } = desk()
    round({ findings: [critical] })
    expect(round({ findings: [critical], minute: 14 })).toEqual([])
    expect(round({ findings: [critical], minute: 15 })).toEqual(['escalated lead'])
    expect(round({ findings: [critical], minute: 16 })).toEqual([])
    expect(round({ findings: [critical], minute: 30 })).toEqual(['escalated boss'])
    expect(round({ findings: [critical], minute: 60 })).toEqual([])
    expect(round({ findings: [over(critical, 61)], minute: 61 })).toEqual(['resolved chat+pager+lead+boss'])
  })

  test('are told again after a while; warnings are not', () => {
    const policy = { ...POLICY, escalation: [] }
    const { round } = desk()
    round({ findings: [critical], policy })
    expect(round({ findings: [critical], minute: 239, policy })).toEqual([])
    expect(round({ findings: [critical], minute: 240, policy })).toEqual(['repeated chat+pager'])
    expect(round({ findings: [critical], minute: 241, policy })).toEqual([])
    const mild = desk()
    mild.round({ findings: [warning] })
    expect(mild.round({ findings: [warning], minute: 9_999 })).toEqual([])
  })

  test('go to who is on call, in each step', () => {
    const onCall: OnCall = (_, step) => ({ name: `person ${step}`, channels: [`phone-${step}`] })
    const { round } = desk()
    expect(round({ findings: [critical], onCall })).toEqual(['opened chat+pager+phone-0'])
    expect(round({ findings: [critical], minute: 15, onCall })).toEqual(['escalated lead+phone-1'])
  })

  test('wait in a gap of the schedule, and call once it is over', () => {
    const policy = { ...POLICY, escalation: [{ afterMs: 15 * 60_000, channels: [] }] }
    const later: OnCall = (at, step) =>
      at < minutesLater(60) ? null : { name: `person ${step}`, channels: [`phone-${step}`] }
    const { round } = desk()
    const at = (minute: number) => round({ findings: [critical], minute, policy, onCall: later })
    expect(at(0)).toEqual(['opened chat+pager'])
    expect([at(15), at(59)]).toEqual([[], []])
    expect(at(60)).toEqual(['escalated phone-1+phone-0'])
    expect(at(61)).toEqual([])
    expect(round({ findings: [over(critical, 62)], minute: 62, policy, onCall: later })).toEqual([
      'resolved chat+pager+phone-1+phone-0',
    ])
  })

  test('are repeated to whoever is primary by then', () => {
    const policy = { ...POLICY, escalation: [] }
    const onCall: OnCall = (at, step) =>
      step === 0 ? { name: '', channels: [at < minutesLater(60) ? 'anna' : 'ben'] } : null
    const { round } = desk()
    expect(round({ findings: [critical], policy, onCall })).toEqual(['opened chat+pager+anna'])
    expect(round({ findings: [critical], minute: 240, policy, onCall })).toEqual([
      'repeated chat+pager+anna+ben',
    ])
    expect(round({ findings: [over(critical, 241)], minute: 241, policy, onCall })).toEqual([
      'resolved chat+pager+anna+ben',
    ])
  })
})

describe('an acknowledgement', () => {
  test('is told to those who know of it, and ends escalation and repetition', () => {
    const { round, acknowledge } = desk()
    round({ findings: [critical] })
    expect(acknowledge(null)).toEqual(['acknowledged chat+pager'])
    expect(round({ findings: [critical], minute: 9_999 })).toEqual([])
    expect(round({ findings: [over(critical, 1e4)], minute: 1e4 })).toEqual(['resolved chat+pager'])
  })

  test('that runs out is told again, and the escalation begins anew', () => {
    const { round, acknowledge, alerts } = desk()
    round({ findings: [critical] })
    acknowledge(minutesLater(30))
    expect(round({ findings: [critical], minute: 29 })).toEqual([])
    expect(round({ findings: [critical], minute: 30 })).toEqual(['repeated chat+pager'])
    expect(alerts()[0]).toMatchObject({ state: 'firing', acknowledgedBy: null })
    expect(round({ findings: [critical], minute: 45 })).toEqual(['escalated lead'])
  })

  test('ends when it grows worse: that is not what was acknowledged', () => {
    const { round, acknowledge, alerts } = desk()
    round({ findings: [warning] })
    acknowledge(null)
    expect(round({ findings: [critical], minute: 1 })).toEqual(['worsened chat+pager'])
    expect(alerts()[0]).toMatchObject({ state: 'firing', acknowledgedBy: null })
  })
})

test('numbers of events go up by one, without gaps', () => {
  const { round, acknowledge, alerts } = desk()
  round({ findings: [warning] })
  round({ findings: [critical], minute: 1 })
  acknowledge(null)
  expect(alerts()[0]!.seq).toBe(3)
})

describe('one cause, one alert', () => {
  const failing = (name: string, over: Partial<OpenFinding> = {}) =>
    openFinding({
      key: `failing-route:route/shop/${name}`,
      checkId: 'failing-route',
      subject: { kind: 'route', application: 'shop', name },
      ...over,
    })
  const spike = (over: Partial<OpenFinding> = {}) =>
    openFinding({
      key: 'error-rate:application/shop',
      checkId: 'error-rate',
      subject: { kind: 'application', name: 'shop' },
      summary: 'Requests of shop fail',
      ...over,
    })
  const routes = Array.from({ length: 17 }, (_, at) => failing(`GET /${at}`))
  const over = (minute: number) => ({ state: 'resolved', resolvedAt: minutesLater(minute) }) as const

  test('routes that fail with all others are told by the whole, till after its end', () => {
    const { round } = desk()
    expect(round({ findings: [...routes, spike()] })).toEqual(['opened chat'])
    expect(round({ findings: [...routes, spike()], minute: 5 })).toEqual([])
    expect(round({ findings: [...routes, spike(over(6))], minute: 7 })).toEqual(['resolved chat'])
    const ended = routes.map((each) => ({ ...each, ...over(12) }))
    expect(round({ findings: [...ended, spike(over(6))], minute: 12 })).toEqual([])
  })

  test('what is still there a quarter of an hour after the whole is told', () => {
    const { round } = desk()
    const [one] = routes
    round({ findings: [one!, spike()] })
    round({ findings: [one!, spike(over(6))], minute: 7 })
    expect(round({ findings: [one!, spike(over(6))], minute: 20 })).toEqual([])
    expect(round({ findings: [one!, spike(over(6))], minute: 21 })).toEqual(['opened chat'])
  })

  test('a part that is graver than the whole, or of another application, is told', () => {
    const graver = failing('GET /0', { severity: 'critical' })
    const other = failing('GET /1', { subject: { kind: 'route', application: 'till', name: 'GET /1' } })
    expect(desk().round({ findings: [graver, other, spike()] })).toEqual([
      'opened chat+pager',
      'opened chat',
      'opened chat',
    ])
  })

  test('a part is told where somebody who would hear of it does not hear of the whole', () => {
    const policy: AlertPolicy = {
      ...POLICY,
      routes: [
        ...POLICY.routes,
        { match: { findings: ['*GET /0'] }, from: 'warning', channels: ['billing'] },
      ],
    }
    expect(desk().round({ findings: [routes[0]!, routes[1]!, spike()], policy })).toEqual([
      'opened chat+billing',
      'opened chat',
    ])
  })

  test('parts are told while the whole is silenced or muted', () => {
    expect(desk().round({ findings: [routes[0]!, spike({ state: 'muted' })] })).toEqual(['opened chat'])
  })
})
