// What stands in the account, page by page. Of what others made only names are kept.

import {
  CHANNELS,
  CONDITIONS,
  DASHBOARD,
  DASHBOARDS,
  DESTINATIONS,
  POLICIES,
  WORKFLOWS,
} from './documents.ts'
import { keyOfName } from './marker.ts'
import { type Data, type NerdGraph, refused } from './nerdgraph.ts'
import type { StandingObject } from './plan.ts'
import type { Kind } from './wanted.ts'

export interface Account {
  readonly accountId: number
  readonly mark: string
}

/** More pages than any account has: a cursor that never ends must not hold us. */
const MAX_PAGES = 200

export async function readStanding(graph: NerdGraph, account: Account): Promise<readonly StandingObject[]> {
  const { accountId, mark } = account
  const objectsOf = (kind: Kind, nodes: readonly Data[]): readonly StandingObject[] =>
    nodes.map((fields) => ({
      kind,
      id: String(fields.id ?? fields.guid),
      name: fields.name,
      key: keyOfName(fields.name, mark),
      fields,
    }))
  const inAccount = async (document: string, listOf: (account: Data) => Data, variables = {}) =>
    pages(async (cursor) => {
      const { actor } = await graph(document, { accountId, cursor, ...variables })
      if (actor?.account === null || actor?.account === undefined) throw accountUnknown(accountId)
      return listOf(actor.account)
    })

  const policies = objectsOf(
    'policy',
    await inAccount(POLICIES, ({ alerts }) => ({
      ...alerts.policiesSearch,
      entities: alerts.policiesSearch.policies,
    })),
  )
  const conditions: StandingObject[] = []
  for (const policy of policies) {
    if (policy.key === null) continue
    const nodes = await inAccount(
      CONDITIONS,
      ({ alerts: { nrqlConditionsSearch: found } }) => ({ ...found, entities: found.nrqlConditions }),
      { criteria: { policyId: policy.id } },
    )
    conditions.push(...objectsOf('condition', nodes))
  }
  return [
    ...policies,
    ...conditions,
    ...objectsOf(
      'destination',
      await inAccount(DESTINATIONS, ({ aiNotifications }) => aiNotifications.destinations),
    ),
    ...objectsOf('channel', await inAccount(CHANNELS, ({ aiNotifications }) => aiNotifications.channels)),
    ...objectsOf('workflow', await inAccount(WORKFLOWS, ({ aiWorkflows }) => aiWorkflows.workflows)),
    ...(await readDashboards(graph, account)),
  ]
}

/** By New Relic's search, which may show a new one only after a while. */
export async function findDashboards(
  graph: NerdGraph,
  { accountId, mark }: Account,
): Promise<readonly StandingObject[]> {
  const query = `type = 'DASHBOARD' AND accountId = '${accountId}'`
  const nodes = await pages(async (cursor) => {
    const { actor } = await graph(DASHBOARDS, { query, cursor })
    return actor.entitySearch.results
  })
  return nodes
    .filter((node) => node.dashboardParentGuid === null || node.dashboardParentGuid === undefined)
    .map((fields) => ({
      kind: 'dashboard',
      id: fields.guid,
      name: fields.name,
      key: keyOfName(fields.name, mark),
      fields,
    }))
}

async function readDashboards(graph: NerdGraph, account: Account): Promise<readonly StandingObject[]> {
  const found: StandingObject[] = []
  for (const dashboard of await findDashboards(graph, account)) {
    if (dashboard.key === null) {
      found.push(dashboard)
      continue
    }
    const { actor } = await graph(DASHBOARD, { guid: dashboard.id })
    // deleted, and the search does not know it yet
    if (actor.entity === null) continue
    found.push({ ...dashboard, fields: actor.entity })
  }
  return found
}

async function pages(read: (cursor: string | null) => Promise<Data>): Promise<readonly Data[]> {
  const nodes: Data[] = []
  let cursor: string | null = null
  for (let page = 0; page < MAX_PAGES; page++) {
    const { entities, nextCursor, error }: Data = await read(cursor)
    if (error !== null && error !== undefined)
      throw refused('New Relic could not list what stands', error.description ?? error.details ?? error.type)
    nodes.push(...(entities ?? []))
    if (nextCursor === null || nextCursor === undefined || nextCursor === '') break
    cursor = nextCursor
  }
  return nodes
}

function accountUnknown(accountId: number) {
  return refused(`the key sees no account ${accountId}`, 'New Relic answered without it.')
}
