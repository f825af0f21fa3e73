// What other systems are asked to watch and to show, in no vendor's language: 8 alert policies and 4 dashboards of 4 widgets on the
// metrics that @pgsteward/instrument sends (definitions-policies.ts, definitions-dashboards.ts). New Relic's and Datadog's texts are
// made from it, each in its own folder.

/** A condition on an attribute of the points that are counted. */
export type Filter =
  /** One of these patterns; `*` stands for anything. */
  | { readonly attribute: string; readonly like: readonly string[] }
  | { readonly attribute: string; readonly oneOf: readonly string[] }
  | { readonly attribute: string; readonly atLeast: number }

/**
 * One number from the points of one metric. `count` is of the measurements of a histogram, `sum` of a count's increases, `max` and
 * `average` of levels and durations.
 */
export interface Measure {
  /** As sent over OTLP. */
  readonly metric: string
  readonly of: 'p50' | 'p95' | 'p99' | 'average' | 'max' | 'count' | 'sum'
  /** All of them hold. */
  readonly where?: readonly Filter[]
}

/** What a line or a limit is about. Durations are in seconds, as they are sent. */
export type Expression =
  | Measure
  /** Sums of measures divided. No point where nothing happened. */
  | { readonly ratio: readonly Measure[]; readonly to: readonly Measure[] }
  /** A `count` or `sum` as so many in this span of time. */
  | { readonly perSeconds: number; readonly rate: Measure }

/** `minorUnit`: of a currency (cents). */
export type ExpressionUnit = 's' | 'ratio' | 'count' | 'minorUnit'

/** Who looks after it; which channel that is in a vendor's system is configured. */
export type Owner = 'devops-alerts' | 'support' | 'finance' | 'payments'

export interface ConditionDefinition {
  /** Stable: by it a condition is found again. Unique among all policies. */
  readonly id: string
  readonly title: string
  readonly expression: Expression
  /** One alert for each value of these, beside one for each service. */
  readonly by: readonly string[]
  readonly is: 'above' | 'below'
  readonly unit: ExpressionUnit
  readonly warning: number | null
  readonly critical: number
  /** What one value is taken over. */
  readonly windowSeconds: number
  /** For so long it must hold; a multiple of the window. One window: as soon as a value says so. */
  readonly forSeconds: number
  /** The check of pgsteward that says the same; its page, docs/checks/ID.md, is the runbook. */
  readonly check: string
}

export interface PolicyDefinition {
  readonly id: string
  readonly title: string
  readonly owner: Owner
  readonly conditions: readonly ConditionDefinition[]
}

export interface LineDefinition {
  /** Shown where a widget has several. */
  readonly label: string
  readonly expression: Expression
}

export interface WidgetDefinition {
  readonly id: string
  readonly title: string
  readonly shape: 'line' | 'area' | 'bar' | 'number'
  readonly unit: ExpressionUnit
  readonly lines: readonly LineDefinition[]
  /** One line for each value of these. */
  readonly by: readonly string[]
}

export interface DashboardDefinition {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly widgets: readonly [WidgetDefinition, WidgetDefinition, WidgetDefinition, WidgetDefinition]
}

/** Groups of routes with limits of their own. */
export type Feature = 'auth' | 'messages' | 'conversations' | 'billing'

/** Of `http.route`, by common names of paths; an application with others says so in its configuration. */
export const FEATURE_ROUTES: Readonly<Record<Feature, readonly string[]>> = {
  auth: [
    '*/auth*',
    '*/login*',
    '*/logout*',
    '*/sign-*',
    '*/signin*',
    '*/signup*',
    '*/register*',
    '*/password*',
    '*/session*',
  ],
  messages: ['*/messages*', '*/broadcasts*'],
  // not those below: the messages of a conversation have limits of their own
  conversations: ['*/conversations', '*/conversations/:id'],
  billing: ['*/billing*', '*/checkout*', '*/invoices*', '*/payments*', '*/subscriptions*'],
}

/** Every measure in an expression. */
export function measuresOf(expression: Expression): readonly Measure[] {
  if ('ratio' in expression) return [...expression.ratio, ...expression.to]
  return 'rate' in expression ? [expression.rate] : [expression]
}
