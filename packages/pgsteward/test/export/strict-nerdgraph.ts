// NerdGraph as its documentation has it: the schema by graphql-js, the limits beyond it here, and state, so that what was made is there.

import { GraphQLError, graphqlSync } from 'graphql'
import type { Answer, Received } from '../notify/receiver.ts'
import { limitsOf } from './nerdgraph-limits.ts'
import { NERDGRAPH } from './nerdgraph-schema.ts'

// biome-ignore lint/suspicious/noExplicitAny: as loose as JSON is; the schema is what checks it
type Json = any

export interface NerdGraphState {
  readonly policies: Json[]
  readonly conditions: Json[]
  readonly destinations: Json[]
  readonly channels: Json[]
  readonly workflows: Json[]
  readonly dashboards: Json[]
  /** What an NRQL query gives. */
  results: Json[]
  /** Names of the mutations that were carried out. */
  readonly mutations: string[]
  /** A dashboard is found by searches from this one after its making. */
  searchesUntilFound: number
}

export interface NerdGraphRules {
  readonly apiKey: string
  readonly accountId: number
  /** Small, so that pages are turned. */
  readonly pageSize?: number
}

export function emptyState(): NerdGraphState {
  return {
    policies: [],
    conditions: [],
    destinations: [],
    channels: [],
    workflows: [],
    dashboards: [],
    results: [],
    mutations: [],
    searchesUntilFound: 0,
  }
}

export function strictNerdGraph(rules: NerdGraphRules, state: NerdGraphState) {
  let nextId = 1000
  const id = () => String(nextId++)
  const ownAccount = (accountId: number) => {
    if (accountId !== rules.accountId)
      throw new GraphQLError('Access denied.', { extensions: { errorClass: 'ACCESS_DENIED' } })
  }
  const page = (list: readonly Json[], cursor: string | null | undefined, name = 'entities') => {
    const from = Number(cursor ?? 0)
    const to = from + (rules.pageSize ?? 5)
    return {
      [name]: list.slice(from, to),
      nextCursor: to < list.length ? String(to) : null,
      totalCount: list.length,
      error: null,
    }
  }
  const find = (list: readonly Json[], wanted: string): Json => {
    const found = list.find((each) => each.id === wanted || each.guid === wanted)
    if (found === undefined)
      throw new GraphQLError('Not Found', { extensions: { errorClass: 'BAD_USER_INPUT' } })
    return found
  }
  const did = (name: string) => state.mutations.push(name)
  const limits = limitsOf(state)
  const payload = (name: string, problem: string | null, make: () => Json): Json => {
    if (problem !== null)
      return {
        errors: [],
        error: {
          __typename: 'AiNotificationsDataValidationError',
          details: problem,
          fields: [{ field: name, message: problem }],
        },
      }
    return { [name]: make(), error: null, errors: [] }
  }
  const workflow = (input: Json, before: Json | null): Json => {
    const problem = limits.workflow(input, before?.id ?? null)
    if (problem !== null) return { workflow: null, errors: [problem] }
    const { issuesFilter, ...rest } = input
    const filter = before === null ? issuesFilter : issuesFilter?.filterInput
    const made = before ?? { id: id() }
    Object.assign(
      made,
      rest,
      filter === undefined
        ? {}
        : { issuesFilter: { id: made.issuesFilter?.id ?? id(), predicates: [], ...filter } },
    )
    if (before === null) state.workflows.push(made)
    return { workflow: made, errors: [] }
  }
  const dashboard = (input: Json, before: Json | null): Json => {
    const problem = limits.dashboard(input)
    if (problem !== null)
      return { entityResult: null, errors: [{ type: 'INVALID_INPUT', description: problem }] }
    const made = before ?? {
      __typename: 'DashboardEntity',
      guid: `DASH${id()}`,
      accountId: rules.accountId,
      searches: 0,
    }
    Object.assign(made, structuredClone(input), {
      pages: input.pages.map((each: Json) => ({
        ...each,
        guid: each.guid ?? `PAGE${id()}`,
        // it adds to what it was given
        widgets: each.widgets.map((one: Json) => ({
          ...one,
          id: id(),
          rawConfiguration: { facet: { showOtherSeries: false }, ...one.rawConfiguration },
        })),
      })),
    })
    if (before === null) state.dashboards.push(made)
    return { entityResult: made, errors: null }
  }

  const root: Json = {
    actor: {
      account: ({ id: accountId }: Json) => {
        ownAccount(accountId)
        return {
          id: accountId,
          alerts: {
            policiesSearch: ({ cursor }: Json) => page(state.policies, cursor, 'policies'),
            nrqlConditionsSearch: ({ cursor, searchCriteria }: Json) =>
              page(
                state.conditions.filter(({ policyId }) => policyId === searchCriteria?.policyId),
                cursor,
                'nrqlConditions',
              ),
          },
          aiNotifications: {
            destinations: ({ cursor }: Json) => page(state.destinations, cursor),
            channels: ({ cursor }: Json) => page(state.channels, cursor),
          },
          aiWorkflows: { workflows: ({ cursor }: Json) => page(state.workflows, cursor) },
          nrql: () => ({ results: state.results }),
        }
      },
      entity: ({ guid }: Json) => state.dashboards.find((each) => each.guid === guid) ?? null,
      entitySearch: ({ query }: Json) => {
        if (query !== `type = 'DASHBOARD' AND accountId = '${rules.accountId}'`)
          throw new GraphQLError(`invalid query: ${query}`, { extensions: { errorClass: 'BAD_USER_INPUT' } })
        return {
          results: ({ cursor }: Json) => {
            if (cursor === null || cursor === undefined) for (const each of state.dashboards) each.searches++
            const shown = state.dashboards
              .filter((each) => each.searches > state.searchesUntilFound)
              .flatMap((each) => [
                {
                  __typename: 'DashboardEntityOutline',
                  guid: each.guid,
                  name: each.name,
                  accountId: rules.accountId,
                  dashboardParentGuid: null,
                },
                {
                  __typename: 'DashboardEntityOutline',
                  guid: each.pages[0].guid,
                  name: `${each.name} / ${each.pages[0].name}`,
                  accountId: rules.accountId,
                  dashboardParentGuid: each.guid,
                },
              ])
            return page(shown, cursor)
          },
        }
      },
    },
    alertsPolicyCreate: ({ accountId, policy }: Json) => {
      ownAccount(accountId)
      limits.name(policy.name)
      did('alertsPolicyCreate')
      const made = { id: id(), accountId, ...policy }
      state.policies.push(made)
      return made
    },
    alertsPolicyUpdate: ({ accountId, id: wanted, policy }: Json) => {
      ownAccount(accountId)
      did('alertsPolicyUpdate')
      return Object.assign(find(state.policies, wanted), policy)
    },
    alertsNrqlConditionStaticCreate: ({ accountId, policyId, condition }: Json) => {
      ownAccount(accountId)
      find(state.policies, policyId)
      limits.condition(condition)
      did('alertsNrqlConditionStaticCreate')
      const made = {
        __typename: 'AlertsNrqlStaticCondition',
        id: id(),
        policyId,
        type: 'STATIC',
        ...structuredClone(condition),
      }
      state.conditions.push(made)
      return made
    },
    alertsNrqlConditionStaticUpdate: ({ accountId, id: wanted, condition }: Json) => {
      ownAccount(accountId)
      const before = find(state.conditions, wanted)
      limits.condition({ ...before, ...condition })
      did('alertsNrqlConditionStaticUpdate')
      return Object.assign(before, structuredClone(condition))
    },
    aiNotificationsCreateDestination: ({ accountId, destination }: Json) => {
      ownAccount(accountId)
      return payload('destination', limits.destination(destination), () => {
        did('aiNotificationsCreateDestination')
        const made = { id: id(), active: true, ...structuredClone(destination) }
        state.destinations.push(made)
        return made
      })
    },
    aiNotificationsUpdateDestination: ({ accountId, destinationId, destination }: Json) => {
      ownAccount(accountId)
      const before = find(state.destinations, destinationId)
      return payload('destination', limits.destination({ ...before, ...destination }), () => {
        did('aiNotificationsUpdateDestination')
        return Object.assign(before, structuredClone(destination))
      })
    },
    aiNotificationsCreateChannel: ({ accountId, channel }: Json) => {
      ownAccount(accountId)
      return payload('channel', limits.channel(channel), () => {
        did('aiNotificationsCreateChannel')
        const made = { id: id(), active: true, ...structuredClone(channel) }
        state.channels.push(made)
        return made
      })
    },
    aiNotificationsUpdateChannel: ({ accountId, channelId, channel }: Json) => {
      ownAccount(accountId)
      const before = find(state.channels, channelId)
      return payload('channel', limits.channel({ ...before, ...channel }), () => {
        did('aiNotificationsUpdateChannel')
        return Object.assign(before, structuredClone(channel))
      })
    },
    aiWorkflowsCreateWorkflow: ({ accountId, createWorkflowData }: Json) => {
      ownAccount(accountId)
      const answer = workflow(createWorkflowData, null)
      if (answer.workflow !== null) did('aiWorkflowsCreateWorkflow')
      return answer
    },
    aiWorkflowsUpdateWorkflow: ({ accountId, updateWorkflowData }: Json) => {
      ownAccount(accountId)
      const answer = workflow(updateWorkflowData, find(state.workflows, updateWorkflowData.id))
      if (answer.workflow !== null) did('aiWorkflowsUpdateWorkflow')
      return answer
    },
    dashboardCreate: ({ accountId, dashboard: input }: Json) => {
      ownAccount(accountId)
      const answer = dashboard(input, null)
      if (answer.entityResult !== null) did('dashboardCreate')
      return answer
    },
    dashboardUpdate: ({ guid, dashboard: input }: Json) => {
      const answer = dashboard(input, find(state.dashboards, guid))
      if (answer.entityResult !== null) did('dashboardUpdate')
      return answer
    },
  }

  return ({ method, path, headers, body }: Received): Answer => {
    if (method !== 'POST' || path !== '/graphql') return { status: 404, body: 'no route' }
    if (!String(headers['content-type']).startsWith('application/json'))
      return { status: 400, body: 'JSON is wanted' }
    if (headers['api-key'] !== rules.apiKey)
      return { status: 401, body: '{"errors":[{"message":"Unauthorized"}]}' }
    const { query, variables, ...unknown } = JSON.parse(body)
    if (Object.keys(unknown).length > 0) return { status: 400, body: `unknown: ${Object.keys(unknown)}` }
    const result = graphqlSync({
      schema: NERDGRAPH,
      source: query,
      rootValue: root,
      variableValues: variables,
    })
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(result) }
  }
}
