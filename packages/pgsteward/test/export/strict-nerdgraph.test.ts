import { expect, test } from 'vitest'
import { emptyState, strictNerdGraph } from './strict-nerdgraph.ts'

const state = emptyState()
state.policies.push({ id: 'P', name: 'policy', incidentPreference: 'PER_POLICY' })
state.destinations.push({ id: 'D', name: 'mail', type: 'EMAIL', properties: [] })
state.channels.push({
  id: 'C',
  name: 'mail',
  type: 'EMAIL',
  product: 'IINT',
  destinationId: 'D',
  properties: [],
})
const behave = strictNerdGraph({ apiKey: 'NRAK-1', accountId: 42 }, state)

function ask(query: string, variables: object = {}, key = 'NRAK-1') {
  const answer = behave({
    method: 'POST',
    path: '/graphql',
    headers: { 'api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return { status: answer.status, body: JSON.parse(answer.body ?? 'null') }
}

const CONDITION = {
  name: 'c',
  enabled: true,
  nrql: { query: "SELECT max(`a`) FROM Metric WHERE metricName IN ('a')" },
  terms: [
    {
      priority: 'CRITICAL',
      operator: 'ABOVE',
      threshold: 1,
      thresholdDuration: 60,
      thresholdOccurrences: 'ALL',
    },
  ],
  signal: {
    aggregationWindow: 60,
    aggregationMethod: 'EVENT_TIMER',
    aggregationTimer: 60,
    fillOption: 'NONE',
  },
  expiration: { expirationDuration: 3600, closeViolationsOnExpiration: true },
  violationTimeLimitSeconds: 3600,
}
const makeCondition = (over: object) =>
  ask(
    'mutation($c: AlertsNrqlConditionStaticInput!) { alertsNrqlConditionStaticCreate(accountId: 42, policyId: "P", condition: $c) { id } }',
    { c: { ...CONDITION, ...over } },
  ).body

test('takes a condition as documented', () => {
  expect(makeCondition({}).errors).toBeUndefined()
})

test.each([
  ['a field that is none', { colour: 'red' }, 'not to include unknown field "colour"'],
  [
    'a value that is none',
    { terms: [{ ...CONDITION.terms[0], operator: 'OVER' }] },
    'AlertsNrqlConditionTermsOperator',
  ],
  ['a condition without a query', { nrql: {} }, 'required field "query"'],
  ['neither terms nor expiration', { terms: [] }, 'neither terms nor expiration'],
  [
    'a query with a span of time',
    { nrql: { query: `${CONDITION.nrql.query} SINCE 1 day ago` } },
    'no query of a condition',
  ],
  [
    'a duration beside the window',
    { terms: [{ ...CONDITION.terms[0], thresholdDuration: 90 }] },
    'thresholdDuration 90',
  ],
  ['a slide that is no part of the window', { signal: { ...CONDITION.signal, slideBy: 45 } }, 'slideBy 45'],
  ['a name of 129 characters', { name: 'x'.repeat(129) }, 'a name of 129 characters'],
])('refuses %s', (_, over, words) => {
  expect(JSON.stringify(makeCondition(over).errors)).toContain(JSON.stringify(words).slice(1, -1))
})

test('refuses fields, arguments and arguments that are missing in what is asked', () => {
  for (const query of [
    '{ actor { account(id: 42) { colour } } }',
    '{ actor { account(id: 42, colour: 1) { id } } }',
    '{ actor { account { id } } }',
  ])
    expect(ask(query).body.errors).toHaveLength(1)
})

test('refuses another key and another account', () => {
  expect(ask('{ actor { account(id: 42) { id } } }', {}, 'NRAK-2').status).toBe(401)
  expect(ask('{ actor { account(id: 43) { id } } }').body.errors[0].extensions.errorClass).toBe(
    'ACCESS_DENIED',
  )
})

test('lets a channel serve one workflow only', () => {
  const make = () =>
    ask(
      `mutation($w: AiWorkflowsCreateWorkflowInput!) {
        aiWorkflowsCreateWorkflow(accountId: 42, createWorkflowData: $w) { workflow { id } errors { type } } }`,
      {
        w: {
          name: 'w',
          workflowEnabled: true,
          destinationsEnabled: true,
          enrichmentsEnabled: false,
          mutingRulesHandling: 'NOTIFY_ALL_ISSUES',
          issuesFilter: { type: 'FILTER', predicates: [] },
          destinationConfigurations: [{ channelId: 'C' }],
        },
      },
    ).body.data.aiWorkflowsCreateWorkflow
  expect(make().errors).toEqual([])
  expect(make()).toEqual({ workflow: null, errors: [{ type: 'INVALID_PARAMETER' }] })
})

test('refuses widgets beyond twelve columns, and charts that are none', () => {
  const make = (layout: object, visualization: string) =>
    ask(
      'mutation($d: DashboardInput!) { dashboardCreate(accountId: 42, dashboard: $d) { errors { description } } }',
      {
        d: {
          name: 'd',
          permissions: 'PRIVATE',
          pages: [
            {
              name: 'p',
              widgets: [
                {
                  layout: { column: 1, row: 1, width: 6, height: 3, ...layout },
                  visualization: { id: visualization },
                  rawConfiguration: { nrqlQueries: [{ accountIds: [42], query: 'SELECT 1 FROM Metric' }] },
                },
              ],
            },
          ],
        },
      },
    ).body.data.dashboardCreate.errors
  expect(make({}, 'viz.line')).toBeNull()
  expect(make({ column: 8 }, 'viz.line')[0].description).toContain('layout')
  expect(make({}, 'viz.cake')[0].description).toBe('visualization viz.cake')
})
