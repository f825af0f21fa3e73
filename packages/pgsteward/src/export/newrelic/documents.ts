// What is asked of NerdGraph, as texts. Fields are those of New Relic's own clients, which are made from its schema.

export const POLICIES = `query($accountId: Int!, $cursor: String) { actor { account(id: $accountId) { alerts {
  policiesSearch(cursor: $cursor) { nextCursor policies { id name incidentPreference } }
} } } }`

export const CONDITIONS = `query($accountId: Int!, $criteria: AlertsNrqlConditionsSearchCriteriaInput, $cursor: String) {
  actor { account(id: $accountId) { alerts { nrqlConditionsSearch(searchCriteria: $criteria, cursor: $cursor) {
    nextCursor
    nrqlConditions {
      id name enabled description policyId runbookUrl type violationTimeLimitSeconds
      nrql { query }
      terms { operator priority threshold thresholdDuration thresholdOccurrences }
      signal { aggregationWindow aggregationMethod aggregationTimer fillOption fillValue slideBy }
      expiration { expirationDuration closeViolationsOnExpiration openViolationOnExpiration }
    }
  } } } } }`

const PROPERTIES = 'properties { key value }'

export const DESTINATIONS = `query($accountId: Int!, $cursor: String) { actor { account(id: $accountId) { aiNotifications {
  destinations(cursor: $cursor) { nextCursor error { description details type } entities { id name type ${PROPERTIES} } }
} } } }`

export const CHANNELS = `query($accountId: Int!, $cursor: String) { actor { account(id: $accountId) { aiNotifications {
  channels(cursor: $cursor) { nextCursor error { description details type } entities { id name type product destinationId ${PROPERTIES} } }
} } } }`

const WORKFLOW = `id name workflowEnabled destinationsEnabled enrichmentsEnabled mutingRulesHandling
  issuesFilter { id name type predicates { attribute operator values } }
  destinationConfigurations { channelId notificationTriggers }`

export const WORKFLOWS = `query($accountId: Int!, $cursor: String) { actor { account(id: $accountId) { aiWorkflows {
  workflows(cursor: $cursor) { nextCursor entities { ${WORKFLOW} } }
} } } }`

/** Also gives the pages of dashboards, which have a parent. */
export const DASHBOARDS = `query($query: String, $cursor: String) { actor { entitySearch(query: $query) { results(cursor: $cursor) {
  nextCursor entities { guid name accountId ... on DashboardEntityOutline { dashboardParentGuid } }
} } } }`

export const DASHBOARD = `query($guid: EntityGuid!) { actor { entity(guid: $guid) { guid name ... on DashboardEntity {
  description permissions
  pages { guid name widgets { title layout { column row width height } visualization { id } rawConfiguration } }
} } } }`

export const ARRIVALS = `query($accountId: Int!, $query: Nrql!) { actor { account(id: $accountId) { nrql(query: $query) { results } } } }`

const NOTIFICATION_ERRORS = `error {
    ... on AiNotificationsResponseError { description details type }
    ... on AiNotificationsSuggestionError { description details type }
    ... on AiNotificationsDataValidationError { details fields { field message } }
    ... on AiNotificationsConstraintsError { constraints { name dependencies } }
  }`

export const CREATE = {
  policy: `mutation($accountId: Int!, $input: AlertsPolicyInput!) {
    made: alertsPolicyCreate(accountId: $accountId, policy: $input) { id } }`,
  condition: `mutation($accountId: Int!, $policyId: ID!, $input: AlertsNrqlConditionStaticInput!) {
    made: alertsNrqlConditionStaticCreate(accountId: $accountId, policyId: $policyId, condition: $input) { id } }`,
  destination: `mutation($accountId: Int!, $input: AiNotificationsDestinationInput!) {
    made: aiNotificationsCreateDestination(accountId: $accountId, destination: $input) { destination { id } ${NOTIFICATION_ERRORS} } }`,
  channel: `mutation($accountId: Int!, $input: AiNotificationsChannelInput!) {
    made: aiNotificationsCreateChannel(accountId: $accountId, channel: $input) { channel { id } ${NOTIFICATION_ERRORS} } }`,
  workflow: `mutation($accountId: Int!, $input: AiWorkflowsCreateWorkflowInput!) {
    made: aiWorkflowsCreateWorkflow(accountId: $accountId, createWorkflowData: $input) { workflow { id } errors { description type } } }`,
  dashboard: `mutation($accountId: Int!, $input: DashboardInput!) {
    made: dashboardCreate(accountId: $accountId, dashboard: $input) { entityResult { guid } errors { description type } } }`,
} as const

export const UPDATE = {
  policy: `mutation($accountId: Int!, $id: ID!, $input: AlertsPolicyUpdateInput!) {
    made: alertsPolicyUpdate(accountId: $accountId, id: $id, policy: $input) { id } }`,
  condition: `mutation($accountId: Int!, $id: ID!, $input: AlertsNrqlConditionUpdateStaticInput!) {
    made: alertsNrqlConditionStaticUpdate(accountId: $accountId, id: $id, condition: $input) { id } }`,
  destination: `mutation($accountId: Int!, $id: ID!, $input: AiNotificationsDestinationUpdate!) {
    made: aiNotificationsUpdateDestination(accountId: $accountId, destinationId: $id, destination: $input) { destination { id } ${NOTIFICATION_ERRORS} } }`,
  channel: `mutation($accountId: Int!, $id: ID!, $input: AiNotificationsChannelUpdate!) {
    made: aiNotificationsUpdateChannel(accountId: $accountId, channelId: $id, channel: $input) { channel { id } ${NOTIFICATION_ERRORS} } }`,
  workflow: `mutation($accountId: Int!, $input: AiWorkflowsUpdateWorkflowInput!) {
    made: aiWorkflowsUpdateWorkflow(accountId: $accountId, deleteUnusedChannels: false, updateWorkflowData: $input) {
      workflow { id } errors { description type } } }`,
  dashboard: `mutation($id: EntityGuid!, $input: DashboardInput!) {
    made: dashboardUpdate(guid: $id, dashboard: $input) { entityResult { guid } errors { description type } } }`,
} as const
