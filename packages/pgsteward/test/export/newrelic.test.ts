import { expect, onTestFinished, test } from 'vitest'
import { applyNewRelic, type NewRelic, openNewRelic, planNewRelic } from '../../src/app/exports/newrelic.ts'
import { newRelicSchema } from '../../src/app/exports/newrelic-config.ts'
import type { Plan } from '../../src/export/newrelic/plan.ts'
import { type Answer, type Received, startReceiver } from '../notify/receiver.ts'
import { emptyState, type NerdGraphState, strictNerdGraph } from './strict-nerdgraph.ts'

const KEY = 'NRAK-0123456789'
const CHANNELS = {
  'devops-alerts': { type: 'slack', destinationId: 'D-slack', channelId: 'C01' },
  support: { type: 'email', to: ['support@example.com', 'lead@example.com'] },
  finance: { type: 'webhook', url: 'https://finance.example.com/hooks/secret' },
} as const

interface Fixture {
  readonly state: NerdGraphState
  readonly received: readonly Received[]
  readonly paused: number[]
  readonly open: (over?: object, key?: string) => NewRelic
  readonly plan: (over?: object) => Promise<Plan>
  readonly apply: (over?: object) => Promise<readonly string[]>
}

type Disturbance = (received: Received, strict: (received: Received) => Answer) => Answer | 'hang-up' | null

async function newRelic(disturb: Disturbance = () => null): Promise<Fixture> {
  const state = emptyState()
  state.destinations.push({ id: 'D-slack', name: 'Workspace', type: 'SLACK', active: true, properties: [] })
  const strict = strictNerdGraph({ apiKey: KEY, accountId: 42 }, state)
  const receiver = await startReceiver((received) => disturb(received, strict) ?? strict(received))
  onTestFinished(() => receiver[Symbol.asyncDispose]())
  const paused: number[] = []
  const pause = async (ms: number) => {
    paused.push(ms)
  }
  const open = (over: object = {}, key = KEY) => {
    const config = newRelicSchema.parse({
      accountId: 42,
      url: `${receiver.url}/graphql`,
      channels: CHANNELS,
      runbooks: 'https://wiki.example.com/checks/',
      ...over,
    })
    return openNewRelic(config, { NEW_RELIC_API_KEY: key }, new AbortController().signal, { pause })
  }
  const plan = (over: object = {}) => planNewRelic(open(over))
  return {
    state,
    received: receiver.received,
    paused,
    open,
    plan,
    apply: async (over = {}) => {
      const opened = open(over)
      const outcome = await applyNewRelic(opened, await planNewRelic(opened), () => {})
      expect(outcome.notYetFound).toEqual([])
      return outcome.applied.map(({ step }) => `${step.action} ${step.object.kind} ${step.object.key}`)
    },
  }
}

const actionsOf = (plan: Plan, action: string) =>
  plan.steps.filter((step) => step.action === action).map(({ object }) => `${object.kind} ${object.key}`)

test('makes 8 policies, 11 conditions, 4 dashboards, and a workflow for each owner with a channel (X2)', async () => {
  const { state, apply } = await newRelic()
  await apply()
  expect(state.policies.map(({ name }) => name)).toEqual([
    'Authentication latency [pgsteward:auth-latency]',
    'Message latency [pgsteward:messages-latency]',
    'Conversation latency [pgsteward:conversations-latency]',
    'Billing latency [pgsteward:billing-latency]',
    'Message delivery [pgsteward:message-delivery]',
    'Payments [pgsteward:payments]',
    'Errors [pgsteward:errors]',
    'Database [pgsteward:database]',
  ])
  expect(state.conditions).toHaveLength(11)
  expect(state.conditions[0].runbookUrl).toBe('https://wiki.example.com/checks/slow-feature.md')
  expect(state.dashboards.map(({ pages }) => pages[0].widgets.length)).toEqual([4, 4, 4, 4])
  expect(state.destinations.map(({ type, properties }) => [type, properties[0]?.value])).toEqual([
    ['SLACK', undefined],
    ['WEBHOOK', 'https://finance.example.com/hooks/secret'],
    ['EMAIL', 'support@example.com,lead@example.com'],
  ])
  const policyIds = (...keys: readonly string[]) =>
    keys.map((key) => state.policies.find(({ name }) => name.endsWith(`:${key}]`)).id)
  expect(state.workflows.map(({ name, issuesFilter }) => [name, issuesFilter.predicates[0].values])).toEqual([
    [
      'Issues for devops-alerts [pgsteward:devops-alerts]',
      policyIds('auth-latency', 'messages-latency', 'conversations-latency', 'errors', 'database'),
    ],
    ['Issues for finance [pgsteward:finance]', policyIds('billing-latency')],
    ['Issues for support [pgsteward:support]', policyIds('message-delivery')],
  ])
})

test('a second apply finds everything and changes nothing (X2)', async () => {
  const { state, plan, apply } = await newRelic()
  const first = await apply()
  expect(first).toHaveLength(31)
  const made = state.mutations.length
  expect(await apply()).toEqual([])
  expect(state.mutations.length).toBe(made)
  const again = await plan()
  expect(again.steps.every(({ action }) => action === 'leave')).toBe(true)
  expect(again.leftOver).toEqual([])
})

test('a plan changes nothing, and says what would be made (X2)', async () => {
  const { state, plan } = await newRelic()
  const first = await plan()
  expect(state.mutations).toEqual([])
  expect(actionsOf(first, 'create')).toHaveLength(first.steps.length)
  expect(first.foreign.map(({ name }) => name)).toEqual(['Workspace'])
})

test('what was changed by hand is told field by field and set back, the rest stays (X2)', async () => {
  const { state, plan, apply } = await newRelic()
  await apply()
  const condition = state.conditions.find(({ name }) => name.includes(':query-p95]'))
  condition.terms[0].threshold = 9
  condition.enabled = false
  state.dashboards[2].pages[0].widgets[1].title = 'mine'
  state.workflows[0].issuesFilter.predicates[0].values.pop()
  const pageGuid = state.dashboards[2].pages[0].guid
  const changed = (await plan()).steps.filter(({ action }) => action === 'change')
  expect(changed.map(({ object, differences }) => [object.key, differences])).toEqual([
    [
      'query-p95',
      [
        { path: 'enabled', from: false, to: true },
        { path: 'terms.CRITICAL.threshold', from: 9, to: 1 },
      ],
    ],
    ['devops-alerts', [expect.objectContaining({ path: 'issuesFilter.predicates.0.values' })]],
    [
      'database',
      [{ path: 'pages.0.widgets.1/7.title', from: 'mine', to: 'Slowest statements, 95th percentile' }],
    ],
  ])
  expect(await apply()).toEqual([
    'change condition query-p95',
    'change workflow devops-alerts',
    'change dashboard database',
  ])
  expect(condition).toMatchObject({ enabled: true, terms: [{ threshold: 1 }, { threshold: 0.5 }] })
  expect(state.dashboards[2].pages[0].guid).toBe(pageGuid)
  expect(await apply()).toEqual([])
})

test('limits of the configuration replace those of the definitions (X2)', async () => {
  const { state, apply } = await newRelic()
  const limits = {
    'query-p95': { critical: 2 },
    'pool-size': { warning: null },
    'delivery-rate': { warning: 0.99 },
  }
  await apply({ limits })
  const termsOf = (key: string) =>
    state.conditions
      .find(({ name }) => name.includes(`:${key}]`))
      .terms.map(
        ({ priority, threshold }: { priority: string; threshold: number }) => `${priority} ${threshold}`,
      )
  expect(termsOf('query-p95')).toEqual(['CRITICAL 2', 'WARNING 0.5'])
  expect(termsOf('pool-size')).toEqual(['CRITICAL 30'])
  expect(termsOf('delivery-rate')).toEqual(['CRITICAL 0.95', 'WARNING 0.99'])
  expect(await apply({ limits })).toEqual([])
})

test.each([
  [{ 'query-p95': { critical: 0.2 } }, 'query-p95: the warning (0.5) must be below the critical limit (0.2)'],
  [
    { 'delivery-rate': { critical: 0.99 } },
    'delivery-rate: the warning (0.98) must be above the critical limit (0.99)',
  ],
  [{ 'error-rate': { critical: 5 } }, 'error-rate is a ratio: between 0 and 1'],
])('the limits %j are refused: %s (X2)', (limits, problem) => {
  const parsed = newRelicSchema.safeParse({ accountId: 42, limits })
  expect(parsed.error?.issues.map(({ message }) => message)).toEqual([problem])
})

test('limits of a condition that is none are refused (X2)', () => {
  expect(newRelicSchema.safeParse({ accountId: 42, limits: { 'query-p59': { critical: 2 } } }).success).toBe(
    false,
  )
})

test('the order in which New Relic gives lists back means nothing (X2)', async () => {
  const { state, apply } = await newRelic()
  await apply()
  for (const { terms } of state.conditions) terms.reverse()
  for (const { pages } of state.dashboards) pages[0].widgets.reverse()
  for (const { issuesFilter, destinationConfigurations } of state.workflows) {
    issuesFilter.predicates[0].values.reverse()
    destinationConfigurations[0].notificationTriggers.reverse()
  }
  expect(await apply()).toEqual([])
})

test('objects of others are left alone, also one of ours whose mark was taken away (X2)', async () => {
  const { state, plan, apply } = await newRelic()
  state.policies.push({ id: '7', name: 'Errors', incidentPreference: 'PER_POLICY' })
  state.workflows.push({
    id: '8',
    name: 'Issues for devops-alerts',
    issuesFilter: { id: '9', name: '', type: 'FILTER', predicates: [] },
    destinationConfigurations: [],
    workflowEnabled: true,
    destinationsEnabled: true,
    enrichmentsEnabled: false,
    mutingRulesHandling: 'NOTIFY_ALL_ISSUES',
  })
  await apply()
  const taken = state.policies.find(({ name }) => name.includes(':errors]'))
  taken.name = 'Errors of the shop'
  const foreign = structuredClone([state.policies[0], state.workflows[0], taken])
  expect(actionsOf(await plan(), 'create')).toEqual(['policy errors', 'condition error-rate'])
  expect(await apply()).toEqual([
    'create policy errors',
    'create condition error-rate',
    'change workflow devops-alerts',
  ])
  expect([state.policies[0], state.workflows[0], taken]).toEqual(foreign)
  expect((await plan()).foreign.map(({ name }) => name)).toContain('Errors of the shop')
})

test('a failure in the middle leaves whole objects, and the next apply continues (X2)', async () => {
  let refusals = 0
  const { state, open, apply } = await newRelic(({ body }) => {
    if (!body.includes('aiNotificationsCreateChannel') || refusals > 0) return null
    refusals++
    return {
      status: 200,
      body: JSON.stringify({
        data: {
          made: {
            channel: null,
            error: {
              details: 'destination is broken',
              fields: [{ field: 'destinationId', message: 'invalid' }],
            },
          },
        },
      }),
    }
  })
  const opened = open()
  const failing = applyNewRelic(opened, await planNewRelic(opened), () => {})
  await expect(failing).rejects.toMatchObject({
    code: 'newrelic-refused',
    message: 'channel "devops-alerts [pgsteward:devops-alerts/slack/D-slack]": New Relic refused it',
    detail: 'destination is broken destinationId: invalid 21 of 31 are done.',
  })
  expect(state.workflows).toEqual([])
  expect(await apply()).toHaveLength(10)
  expect(state.mutations).toHaveLength(31)
  expect(await apply()).toEqual([])
})

test('a mutation whose answer was lost is not sent again; the next apply finds what it made (X2)', async () => {
  let lost = false
  const { state, open, apply } = await newRelic((received, strict) => {
    if (lost || !received.body.includes('dashboardCreate')) return null
    lost = true
    strict(received)
    return 'hang-up'
  })
  const opened = open()
  await expect(applyNewRelic(opened, await planNewRelic(opened), () => {})).rejects.toMatchObject({
    code: 'newrelic-unreachable',
  })
  expect(await apply()).toHaveLength(3)
  expect(state.dashboards).toHaveLength(4)
})

test('where it is asked for patience it waits as long as asked, and lost questions are asked again (X2)', async () => {
  let count = 0
  const { paused, plan } = await newRelic(() => {
    count++
    if (count === 1) return { status: 429, headers: { 'retry-after': '3' }, body: 'slow down' }
    if (count === 2) return { status: 503, body: 'later' }
    return count === 3 ? 'hang-up' : null
  })
  await plan()
  expect(paused).toEqual([3_000, 2_000, 4_000])
})

test('it gives up after a few tries, saying what it heard (X2)', async () => {
  const { paused, plan } = await newRelic(() => ({ status: 502, body: 'bad gateway' }))
  await expect(plan()).rejects.toMatchObject({
    code: 'newrelic-unreachable',
    detail: 'HTTP 502: bad gateway',
  })
  expect(paused).toHaveLength(3)
})

test('a wrong key, a wrong account and a key of another kind are told apart, and no key is told (X2)', async () => {
  const { open, received } = await newRelic()
  const wrong = await planNewRelic(open({}, 'NRAK-wrong')).catch((error) => error)
  expect(wrong).toMatchObject({
    code: 'newrelic-refused',
    message: 'New Relic refused the key',
    detail: 'HTTP 401',
  })
  expect(JSON.stringify([wrong.message, wrong.detail, wrong.hint])).not.toContain('NRAK-wrong')
  await expect(planNewRelic(open({ accountId: 43 }))).rejects.toMatchObject({
    code: 'newrelic-refused',
    detail: 'Access denied. ACCESS_DENIED',
  })
  const before = received.length
  expect(() => open({}, 'license-key')).toThrow(expect.objectContaining({ code: 'newrelic-settings' }))
  expect(() => open({}, '')).toThrow(expect.objectContaining({ code: 'newrelic-settings' }))
  expect(received.length).toBe(before)
})

test('errors in an answer of 200 are errors (X2)', async () => {
  const { plan } = await newRelic(() => ({
    status: 200,
    body: JSON.stringify({
      data: { actor: null },
      errors: [{ message: 'Too complex', extensions: { errorClass: 'TIMEOUT' } }],
    }),
  }))
  await expect(plan()).rejects.toMatchObject({ code: 'newrelic-refused', detail: 'Too complex TIMEOUT' })
})

test('an address where nobody listens, and one that is no NerdGraph, are told as such (X2)', async () => {
  const { open } = await newRelic(() => ({ status: 200, body: '<html>' }))
  await expect(planNewRelic(open({ url: 'http://127.0.0.1:9/graphql' }))).rejects.toMatchObject({
    code: 'newrelic-unreachable',
    message: 'New Relic did not answer at 127.0.0.1:9',
  })
  await expect(planNewRelic(open())).rejects.toMatchObject({ detail: 'HTTP 200, and no JSON: <html>' })
})

test('waits until the search shows new dashboards, so that the next apply does not make them twice (X2)', async () => {
  const { state, paused, apply } = await newRelic()
  state.searchesUntilFound = 3
  await apply()
  expect(paused.length).toBeGreaterThan(0)
  expect(await apply()).toEqual([])
  expect(state.dashboards).toHaveLength(4)
})

test('another destination means another channel; the old one is named and left (X2)', async () => {
  const { state, plan, apply } = await newRelic()
  await apply()
  state.destinations.push({ id: 'D-two', name: 'Other', type: 'SLACK', active: true, properties: [] })
  const over = {
    channels: { ...CHANNELS, 'devops-alerts': { type: 'slack', destinationId: 'D-two', channelId: 'C01' } },
  }
  expect(await apply(over)).toEqual([
    'create channel devops-alerts/slack/D-two',
    'change workflow devops-alerts',
  ])
  expect((await plan(over)).leftOver.map(({ name }) => name)).toEqual([
    'devops-alerts [pgsteward:devops-alerts/slack/D-slack]',
  ])
})

test('two installations in one account do not see each other by their marks (X2)', async () => {
  const { state, apply } = await newRelic()
  await apply()
  expect(await apply({ mark: 'staging', channels: {} })).toHaveLength(23)
  expect(state.policies).toHaveLength(16)
  expect(await apply()).toEqual([])
})

test('a search that never shows the new dashboards is given up after a minute, and they are named (X2)', async () => {
  const { state, paused, open } = await newRelic()
  state.searchesUntilFound = Number.POSITIVE_INFINITY
  const opened = open()
  const { notYetFound, applied } = await applyNewRelic(opened, await planNewRelic(opened), () => {})
  expect(applied).toHaveLength(31)
  expect(notYetFound).toHaveLength(4)
  expect(paused.reduce((sum, ms) => sum + ms, 0)).toBe(55_000)
})

test('a run that is interrupted says so and waits for nothing (X2)', async () => {
  const { open, paused } = await newRelic()
  const config = newRelicSchema.parse({ accountId: 42, url: 'http://127.0.0.1:9/graphql' })
  const interrupted = openNewRelic(config, { NEW_RELIC_API_KEY: KEY }, AbortSignal.abort(), {
    pause: open().pause,
  })
  await expect(planNewRelic(interrupted)).rejects.toMatchObject({ detail: 'interrupted' })
  expect(paused).toEqual([])
})

test('an address that hands out credentials is never given the key, nor asked again (D2)', async () => {
  const { open, paused } = await newRelic()
  const config = newRelicSchema.parse({ accountId: 42, url: 'http://169.254.169.254/graphql' })
  const led = openNewRelic(config, { NEW_RELIC_API_KEY: KEY }, new AbortController().signal, {
    pause: open().pause,
  })
  await expect(planNewRelic(led)).rejects.toMatchObject({
    message: 'New Relic was not asked at 169.254.169.254',
    detail: expect.stringContaining("outbound: { allow: ['169.254.169.254'] }"),
  })
  expect(paused).toEqual([])
})
