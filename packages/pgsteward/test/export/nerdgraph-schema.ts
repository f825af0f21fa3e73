// NerdGraph's schema as far as it is used, written from New Relic's documentation and the types of its own clients. graphql-js refuses
// what is not in it: unknown fields and arguments, wrong enums, what is missing.

import { buildSchema } from 'graphql'

export const NERDGRAPH = buildSchema(`
scalar EntityGuid
scalar Nrql
scalar NrdbResult
scalar DashboardWidgetRawConfiguration
scalar Seconds

type Query { actor: Actor }
type Actor { account(id: Int!): Account  entity(guid: EntityGuid!): Entity  entitySearch(query: String): EntitySearch }
type Account { id: Int!  name: String  alerts: AlertsAccountStitchedFields  aiNotifications: AiNotificationsAccountStitchedFields
  aiWorkflows: AiWorkflowsAccountStitchedFields  nrql(query: Nrql!, timeout: Seconds): NrdbResultContainer }
type NrdbResultContainer { results: [NrdbResult]  nrql: Nrql }

enum AlertsIncidentPreference { PER_CONDITION PER_CONDITION_AND_TARGET PER_POLICY }
type AlertsPolicy { accountId: Int!  id: ID!  name: String!  incidentPreference: AlertsIncidentPreference!  entityGuid: EntityGuid }
type AlertsPoliciesSearchResultSet { nextCursor: String  policies: [AlertsPolicy!]!  totalCount: Int! }
input AlertsPoliciesSearchCriteriaInput { ids: [ID!]  name: String  nameLike: String }
input AlertsPolicyInput { name: String!  incidentPreference: AlertsIncidentPreference! }
input AlertsPolicyUpdateInput { name: String  incidentPreference: AlertsIncidentPreference }
type AlertsAccountStitchedFields {
  policiesSearch(cursor: String, searchCriteria: AlertsPoliciesSearchCriteriaInput): AlertsPoliciesSearchResultSet
  nrqlConditionsSearch(cursor: String, searchCriteria: AlertsNrqlConditionsSearchCriteriaInput): AlertsNrqlConditionsSearchResultSet
}
input AlertsNrqlConditionsSearchCriteriaInput { name: String  nameLike: String  policyId: ID  query: String  queryLike: String }
type AlertsNrqlConditionsSearchResultSet { nextCursor: String  nrqlConditions: [AlertsNrqlCondition!]!  totalCount: Int! }

enum AlertsNrqlConditionType { BASELINE OUTLIER STATIC }
enum AlertsNrqlConditionTermsOperator { ABOVE ABOVE_OR_EQUALS BELOW BELOW_OR_EQUALS EQUALS NOT_EQUALS }
enum AlertsNrqlConditionPriority { CRITICAL WARNING }
enum AlertsNrqlConditionThresholdOccurrences { ALL AT_LEAST_ONCE }
enum AlertsSignalAggregationMethod { CADENCE EVENT_FLOW EVENT_TIMER }
enum AlertsFillOption { LAST_VALUE NONE STATIC }
type AlertsNrqlConditionQuery { query: Nrql!  dataAccountId: Int }
type AlertsNrqlConditionTerms { operator: AlertsNrqlConditionTermsOperator!  priority: AlertsNrqlConditionPriority!  threshold: Float!
  thresholdDuration: Seconds  thresholdOccurrences: AlertsNrqlConditionThresholdOccurrences! }
type AlertsNrqlConditionSignal { aggregationWindow: Seconds  aggregationMethod: AlertsSignalAggregationMethod  aggregationDelay: Seconds
  aggregationTimer: Seconds  evaluationDelay: Seconds  fillOption: AlertsFillOption  fillValue: Float  slideBy: Seconds }
type AlertsNrqlConditionExpiration { closeViolationsOnExpiration: Boolean!  expirationDuration: Seconds  openViolationOnExpiration: Boolean!
  ignoreOnExpectedTermination: Boolean }
interface AlertsNrqlCondition { id: ID!  name: String  enabled: Boolean!  description: String  policyId: ID!  runbookUrl: String
  type: AlertsNrqlConditionType!  violationTimeLimitSeconds: Seconds  nrql: AlertsNrqlConditionQuery!  terms: [AlertsNrqlConditionTerms!]
  signal: AlertsNrqlConditionSignal  expiration: AlertsNrqlConditionExpiration  titleTemplate: String  entityGuid: EntityGuid }
type AlertsNrqlStaticCondition implements AlertsNrqlCondition { id: ID!  name: String  enabled: Boolean!  description: String  policyId: ID!
  runbookUrl: String  type: AlertsNrqlConditionType!  violationTimeLimitSeconds: Seconds  nrql: AlertsNrqlConditionQuery!
  terms: [AlertsNrqlConditionTerms!]  signal: AlertsNrqlConditionSignal  expiration: AlertsNrqlConditionExpiration  titleTemplate: String
  entityGuid: EntityGuid }
input AlertsNrqlConditionQueryInput { query: Nrql!  dataAccountId: Int }
input AlertsNrqlConditionUpdateQueryInput { query: Nrql  dataAccountId: Int }
input AlertsNrqlDynamicConditionTermsInput { operator: AlertsNrqlConditionTermsOperator!  priority: AlertsNrqlConditionPriority!
  threshold: Float!  thresholdDuration: Seconds!  thresholdOccurrences: AlertsNrqlConditionThresholdOccurrences! }
input AlertsNrqlConditionSignalInput { aggregationWindow: Seconds  aggregationMethod: AlertsSignalAggregationMethod  aggregationDelay: Seconds
  aggregationTimer: Seconds  evaluationDelay: Seconds  fillOption: AlertsFillOption  fillValue: Float  slideBy: Seconds }
input AlertsNrqlConditionExpirationInput { closeViolationsOnExpiration: Boolean  expirationDuration: Seconds
  openViolationOnExpiration: Boolean  ignoreOnExpectedTermination: Boolean }
input AlertsNrqlConditionStaticInput { name: String!  enabled: Boolean!  description: String  runbookUrl: String  titleTemplate: String
  nrql: AlertsNrqlConditionQueryInput!  terms: [AlertsNrqlDynamicConditionTermsInput!]  signal: AlertsNrqlConditionSignalInput
  expiration: AlertsNrqlConditionExpirationInput  violationTimeLimitSeconds: Seconds  targetEntity: EntityGuid }
input AlertsNrqlConditionUpdateStaticInput { name: String  enabled: Boolean  description: String  runbookUrl: String  titleTemplate: String
  nrql: AlertsNrqlConditionUpdateQueryInput  terms: [AlertsNrqlDynamicConditionTermsInput!]  signal: AlertsNrqlConditionSignalInput
  expiration: AlertsNrqlConditionExpirationInput  violationTimeLimitSeconds: Seconds  targetEntity: EntityGuid }

enum AiNotificationsDestinationType { EMAIL EVENT_BRIDGE JIRA MICROSOFT_TEAMS MOBILE_PUSH PAGERDUTY_ACCOUNT_INTEGRATION
  PAGERDUTY_SERVICE_INTEGRATION SERVICE_NOW SERVICE_NOW_APP SLACK SLACK_COLLABORATION SLACK_LEGACY WEBHOOK WORKFLOW_AUTOMATION }
enum AiNotificationsChannelType { EMAIL EVENT_BRIDGE JIRA_CLASSIC JIRA_NEXTGEN MICROSOFT_TEAMS MOBILE_PUSH PAGERDUTY_ACCOUNT_INTEGRATION
  PAGERDUTY_SERVICE_INTEGRATION SERVICENOW_EVENTS SERVICENOW_INCIDENTS SERVICE_NOW_APP SLACK SLACK_COLLABORATION SLACK_LEGACY WEBHOOK
  WORKFLOW_AUTOMATION }
enum AiNotificationsProduct { ALERTS CSSP DISCUSSIONS ERROR_TRACKING IINT NTFC PD SHARING }
type AiNotificationsProperty { key: String!  value: String!  label: String  displayValue: String }
input AiNotificationsPropertyInput { key: String!  value: String!  label: String  displayValue: String }
type AiNotificationsDestination { id: ID!  name: String!  type: AiNotificationsDestinationType!  active: Boolean!  properties: [AiNotificationsProperty!]! }
type AiNotificationsChannel { id: ID!  name: String!  type: AiNotificationsChannelType!  product: AiNotificationsProduct!  active: Boolean!
  destinationId: ID!  properties: [AiNotificationsProperty!]! }
type AiNotificationsResponseError { description: String!  details: String!  type: String! }
type AiNotificationsSuggestionError { description: String!  details: String!  type: String! }
type AiNotificationsFieldError { field: String!  message: String! }
type AiNotificationsDataValidationError { details: String!  fields: [AiNotificationsFieldError!]! }
type AiNotificationsConstraintError { name: String!  dependencies: [String!]! }
type AiNotificationsConstraintsError { constraints: [AiNotificationsConstraintError!]! }
union AiNotificationsError = AiNotificationsResponseError | AiNotificationsSuggestionError | AiNotificationsDataValidationError | AiNotificationsConstraintsError
type AiNotificationsDestinationsResponse { entities: [AiNotificationsDestination!]!  error: AiNotificationsResponseError  nextCursor: String  totalCount: Int! }
type AiNotificationsChannelsResponse { entities: [AiNotificationsChannel!]!  error: AiNotificationsResponseError  nextCursor: String  totalCount: Int! }
type AiNotificationsAccountStitchedFields { destinations(cursor: String): AiNotificationsDestinationsResponse  channels(cursor: String): AiNotificationsChannelsResponse }
enum AiNotificationsAuthType { BASIC CUSTOM_HEADERS OAUTH2 TOKEN }
input AiNotificationsCredentialsInput { type: AiNotificationsAuthType! }
input AiNotificationsSecureUrlInput { prefix: String!  secureSuffix: String! }
input AiNotificationsDestinationInput { name: String!  type: AiNotificationsDestinationType!  properties: [AiNotificationsPropertyInput!]!
  auth: AiNotificationsCredentialsInput  secureUrl: AiNotificationsSecureUrlInput }
input AiNotificationsDestinationUpdate { name: String  active: Boolean  properties: [AiNotificationsPropertyInput!]  auth: AiNotificationsCredentialsInput  disableAuth: Boolean }
input AiNotificationsChannelInput { name: String!  type: AiNotificationsChannelType!  product: AiNotificationsProduct!  destinationId: ID!
  properties: [AiNotificationsPropertyInput!]! }
input AiNotificationsChannelUpdate { name: String  active: Boolean  properties: [AiNotificationsPropertyInput!] }
type AiNotificationsDestinationResponse { destination: AiNotificationsDestination  error: AiNotificationsError  errors: [AiNotificationsError!]! }
type AiNotificationsChannelResponse { channel: AiNotificationsChannel  error: AiNotificationsError  errors: [AiNotificationsError!]! }

enum AiWorkflowsMutingRulesHandling { DONT_NOTIFY_FULLY_MUTED_ISSUES DONT_NOTIFY_FULLY_OR_PARTIALLY_MUTED_ISSUES NOTIFY_ALL_ISSUES }
enum AiWorkflowsFilterType { FILTER VIEW }
enum AiWorkflowsOperator { CONTAINS DOES_NOT_CONTAIN DOES_NOT_EQUAL DOES_NOT_EXACTLY_MATCH ENDS_WITH EQUAL EXACTLY_MATCHES GREATER_OR_EQUAL
  GREATER_THAN IS IS_NOT LESS_OR_EQUAL LESS_THAN STARTS_WITH }
enum AiWorkflowsNotificationTrigger { ACKNOWLEDGED ACTIVATED CLOSED INVESTIGATING OTHER_UPDATES PRIORITY_CHANGED }
type AiWorkflowsPredicate { attribute: String!  operator: AiWorkflowsOperator!  values: [String!]! }
type AiWorkflowsFilter { id: ID!  name: String!  type: AiWorkflowsFilterType!  predicates: [AiWorkflowsPredicate!]! }
type AiWorkflowsDestinationConfiguration { channelId: ID!  notificationTriggers: [AiWorkflowsNotificationTrigger!]! }
type AiWorkflowsWorkflow { id: ID!  name: String!  workflowEnabled: Boolean!  destinationsEnabled: Boolean!  enrichmentsEnabled: Boolean!
  mutingRulesHandling: AiWorkflowsMutingRulesHandling!  issuesFilter: AiWorkflowsFilter!
  destinationConfigurations: [AiWorkflowsDestinationConfiguration!]! }
type AiWorkflowsWorkflows { entities: [AiWorkflowsWorkflow!]!  nextCursor: String  totalCount: Int! }
input AiWorkflowsFilters { id: ID  name: String  nameLike: String  channelId: ID }
type AiWorkflowsAccountStitchedFields { workflows(cursor: String, filters: AiWorkflowsFilters): AiWorkflowsWorkflows }
input AiWorkflowsPredicateInput { attribute: String!  operator: AiWorkflowsOperator!  values: [String!]! }
input AiWorkflowsFilterInput { name: String  type: AiWorkflowsFilterType!  predicates: [AiWorkflowsPredicateInput!] }
input AiWorkflowsUpdatedFilterInput { id: ID!  filterInput: AiWorkflowsFilterInput! }
input AiWorkflowsDestinationConfigurationInput { channelId: ID!  notificationTriggers: [AiWorkflowsNotificationTrigger!]  updateOriginalMessage: Boolean }
input AiWorkflowsCreateWorkflowInput { name: String!  workflowEnabled: Boolean!  destinationsEnabled: Boolean!  enrichmentsEnabled: Boolean!
  mutingRulesHandling: AiWorkflowsMutingRulesHandling!  issuesFilter: AiWorkflowsFilterInput!
  destinationConfigurations: [AiWorkflowsDestinationConfigurationInput!]! }
input AiWorkflowsUpdateWorkflowInput { id: ID!  name: String  workflowEnabled: Boolean  destinationsEnabled: Boolean  enrichmentsEnabled: Boolean
  mutingRulesHandling: AiWorkflowsMutingRulesHandling  issuesFilter: AiWorkflowsUpdatedFilterInput
  destinationConfigurations: [AiWorkflowsDestinationConfigurationInput!] }
type AiWorkflowsResponseError { description: String!  type: String! }
type AiWorkflowsWorkflowResponse { workflow: AiWorkflowsWorkflow  errors: [AiWorkflowsResponseError!]! }

interface EntityOutline { guid: EntityGuid  name: String  accountId: Int }
type DashboardEntityOutline implements EntityOutline { guid: EntityGuid  name: String  accountId: Int  dashboardParentGuid: EntityGuid }
type EntitySearch { count: Int  results(cursor: String): EntitySearchResult }
type EntitySearchResult { entities: [EntityOutline]  nextCursor: String }
interface Entity { guid: EntityGuid  name: String  accountId: Int }
enum DashboardPermissions { PRIVATE PUBLIC_READ_ONLY PUBLIC_READ_WRITE }
type DashboardEntity implements Entity { guid: EntityGuid  name: String  accountId: Int  description: String  permissions: DashboardPermissions
  dashboardParentGuid: EntityGuid  pages: [DashboardPage!] }
type DashboardPage { guid: EntityGuid  name: String  description: String  widgets: [DashboardWidget!] }
type DashboardWidget { id: ID!  title: String  layout: DashboardWidgetLayout  visualization: DashboardWidgetVisualization!
  rawConfiguration: DashboardWidgetRawConfiguration! }
type DashboardWidgetLayout { column: Int  row: Int  width: Int  height: Int }
type DashboardWidgetVisualization { id: String }
input DashboardInput { name: String!  description: String  permissions: DashboardPermissions!  pages: [DashboardPageInput!]! }
input DashboardPageInput { guid: EntityGuid  name: String!  description: String  widgets: [DashboardWidgetInput!]! }
input DashboardWidgetInput { id: ID  title: String  layout: DashboardWidgetLayoutInput  visualization: DashboardWidgetVisualizationInput
  rawConfiguration: DashboardWidgetRawConfiguration  linkedEntityGuids: [EntityGuid!] }
input DashboardWidgetLayoutInput { column: Int  row: Int  width: Int  height: Int }
input DashboardWidgetVisualizationInput { id: String }
type DashboardError { description: String  type: String! }
type DashboardResult { entityResult: DashboardEntity  errors: [DashboardError!] }

type Mutation {
  alertsPolicyCreate(accountId: Int!, policy: AlertsPolicyInput!): AlertsPolicy
  alertsPolicyUpdate(accountId: Int!, id: ID!, policy: AlertsPolicyUpdateInput!): AlertsPolicy
  alertsNrqlConditionStaticCreate(accountId: Int!, policyId: ID!, condition: AlertsNrqlConditionStaticInput!): AlertsNrqlStaticCondition
  alertsNrqlConditionStaticUpdate(accountId: Int!, id: ID!, condition: AlertsNrqlConditionUpdateStaticInput!): AlertsNrqlStaticCondition
  aiNotificationsCreateDestination(accountId: Int, destination: AiNotificationsDestinationInput!): AiNotificationsDestinationResponse
  aiNotificationsUpdateDestination(accountId: Int, destinationId: ID!, destination: AiNotificationsDestinationUpdate!): AiNotificationsDestinationResponse
  aiNotificationsCreateChannel(accountId: Int!, channel: AiNotificationsChannelInput!): AiNotificationsChannelResponse
  aiNotificationsUpdateChannel(accountId: Int!, channelId: ID!, channel: AiNotificationsChannelUpdate!): AiNotificationsChannelResponse
  aiWorkflowsCreateWorkflow(accountId: Int!, createWorkflowData: AiWorkflowsCreateWorkflowInput!): AiWorkflowsWorkflowResponse
  aiWorkflowsUpdateWorkflow(accountId: Int!, deleteUnusedChannels: Boolean!, updateWorkflowData: AiWorkflowsUpdateWorkflowInput!): AiWorkflowsWorkflowResponse
  dashboardCreate(accountId: Int!, dashboard: DashboardInput!): DashboardResult
  dashboardUpdate(guid: EntityGuid!, dashboard: DashboardInput!): DashboardResult
}
`)
