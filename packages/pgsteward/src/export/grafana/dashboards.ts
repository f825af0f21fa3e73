// The five dashboards: findings and alerts, API performance, message delivery, database, billing. Each asks what /metrics tells.

import type { Dashboard } from '@grafana/schema'
import { type DashboardDefinition, grafanaDashboard } from './dashboard.ts'
import { type PanelDefinition, type PanelQuery, variable } from './panel.ts'

const T = 'target=~"$target"'
const A = `${T},application=~"$application"`
const RATE = '[$__rate_interval]'

const one = (expression: string, legend = ''): readonly PanelQuery[] => [{ expression, legend }]
/** Of a counter by labels, as so many a second. */
const rate = (metric: string, where: string, by: string) =>
  `sum by (${by}) (rate(${metric}{${where}}${RATE}))`
const p95 = (metric: string, where: string, by: string) =>
  `histogram_quantile(0.95, ${rate(`${metric}_duration_seconds_bucket`, where, `le, ${by}`)})`
/** Of one metric's counters: nothing is said where nothing happened. */
const share = (part: string, whole: string) => `${part} / (${whole} > 0)`
/** Of a row of a table, by the column that names it. */
const pageOf = (page: string, column: string) => {
  const field = (name: string) => variable(`__data.fields.${name}`, 'percentencode')
  return `${variable('pgsteward', 'raw')}/${page}/${field(column)}?target=${field('Target')}`
}
/** Where nobody is at work there is no series at all, and a chart would say that nothing is known. */
const NONE_BLOCKED = `label_replace(sum(pgsteward_blocked_sessions{${T}}), "wait_event_type", "Lock", "", "")`
const REQUEST = 'pgsteward_application_request'
const REQUESTS = `${REQUEST}_duration_seconds_count`
const DELIVERIES = 'pgsteward_application_deliveries_total'
const CHARGES = 'pgsteward_application_charges_total'

function overview(): readonly PanelDefinition[] {
  const findings = (severity: string): PanelDefinition => ({
    title: `${severity[0]!.toUpperCase()}${severity.slice(1)} findings`,
    description: `Open findings of severity ${severity}.`,
    kind: 'stat',
    unit: 'short',
    width: 4,
    height: 4,
    ...(severity === 'critical' ? { limits: { warning: 1, critical: 1 } } : {}),
    queries: one(`sum(pgsteward_findings{${T},severity="${severity}"})`),
  })
  return [
    {
      title: 'Targets that answer',
      description: 'Whether the last reading of each target succeeded.',
      kind: 'stat',
      unit: 'percentunit',
      width: 4,
      height: 4,
      limits: { warning: 1, critical: 0.999, below: true },
      queries: one(`avg(pgsteward_target_up{${T}})`),
    },
    findings('critical'),
    findings('warning'),
    findings('info'),
    {
      title: 'Alerts firing',
      description: 'Alerts that nobody has acknowledged.',
      kind: 'stat',
      unit: 'short',
      width: 4,
      height: 4,
      limits: { warning: 1, critical: 10 },
      queries: one(`sum(pgsteward_alerts{${T},state="firing"})`),
    },
    {
      title: 'Applications that report',
      description: 'Processes of applications that reported within ten minutes.',
      kind: 'stat',
      unit: 'short',
      width: 4,
      height: 4,
      queries: one(`sum(pgsteward_application_processes{${T}})`),
    },
    {
      title: 'What is open',
      description: 'Open findings with the moment since when; the subject leads to its page.',
      kind: 'table',
      unit: 'dateTimeAsIso',
      width: 24,
      height: 10,
      queries: one(`pgsteward_finding_opened_timestamp_seconds{${T}} * 1000`),
      columns: {
        subject: 'Subject',
        check: 'Check',
        severity: 'Severity',
        target: 'Target',
        Value: 'Since',
        key: 'Key',
      },
      link: {
        title: 'Open in pgsteward',
        url: pageOf('findings', 'Key'),
      },
    },
    {
      title: 'Findings over time',
      description: 'Open findings by severity.',
      kind: 'timeseries',
      unit: 'short',
      stacked: true,
      queries: one(`sum by (severity) (pgsteward_findings{${T}})`, '{{severity}}'),
    },
    {
      title: 'What watching costs',
      description: 'Time that pgsteward spends in each target, as a share of one connection.',
      kind: 'timeseries',
      unit: 'percentunit',
      queries: one(rate('pgsteward_collection_seconds_total', T, 'target'), '{{target}}'),
    },
  ]
}

const api: readonly PanelDefinition[] = [
  {
    title: 'Slowest routes, 95th percentile',
    description: 'Ten routes; the limits are those of authentication, 1.5 s, and of billing, 3 s.',
    kind: 'timeseries',
    unit: 's',
    limits: { warning: 1.5, critical: 3 },
    queries: one(`topk(10, ${p95(REQUEST, A, 'application, route')})`, '{{route}}'),
  },
  {
    title: 'Requests a second',
    description: 'By route, the ten with most.',
    kind: 'timeseries',
    unit: 'reqps',
    stacked: true,
    queries: one(`topk(10, ${rate(REQUESTS, A, 'application, route')})`, '{{route}}'),
  },
  {
    title: 'Requests that fail',
    description: 'Share that ended in status 500 or above; the alert is at 5 %.',
    kind: 'timeseries',
    unit: 'percentunit',
    limits: { warning: 0.001, critical: 0.05 },
    queries: one(
      share(rate(`${REQUEST}_errors_total`, A, 'application'), rate(REQUESTS, A, 'application')),
      '{{application}}',
    ),
  },
  {
    title: 'Statements a request',
    description: 'Routes that send many statements ask in a loop.',
    kind: 'bargauge',
    unit: 'short',
    queries: one(
      `topk(10, ${share(rate(`${REQUEST}_statements_total`, A, 'application, route'), rate(REQUESTS, A, 'application, route'))})`,
      '{{route}}',
    ),
  },
  {
    title: 'Time in the database',
    description: "Statements' share of the time of requests.",
    kind: 'timeseries',
    unit: 'percentunit',
    queries: one(
      share(
        rate(`${REQUEST}_statement_seconds_total`, A, 'application'),
        rate(`${REQUEST}_duration_seconds_sum`, A, 'application'),
      ),
      '{{application}}',
    ),
  },
  {
    title: 'Pools',
    description: "Connections of the applications' pools, and callers that wait for one.",
    kind: 'timeseries',
    unit: 'short',
    queries: [
      {
        expression: `sum by (application, state) (pgsteward_application_pool_connections{${A}})`,
        legend: '{{application}} {{state}}',
      },
      {
        expression: `sum by (application) (pgsteward_application_pool_waiting{${A}})`,
        legend: '{{application}} waiting',
      },
    ],
  },
]

const delivery: readonly PanelDefinition[] = [
  {
    title: 'Delivered of all messages',
    description: 'By channel; the alert is below 95 %, the aim 98 %.',
    kind: 'timeseries',
    unit: 'percentunit',
    limits: { warning: 0.98, critical: 0.95, below: true },
    queries: one(
      share(
        rate(DELIVERIES, `${A},outcome="delivered"`, 'application, channel'),
        rate(DELIVERIES, A, 'application, channel'),
      ),
      '{{channel}}',
    ),
  },
  {
    title: 'Time a delivery takes, 95th percentile',
    description: 'By channel; the alert is at 15 s, the aim 5 s.',
    kind: 'timeseries',
    unit: 's',
    limits: { warning: 5, critical: 15 },
    queries: one(p95('pgsteward_application_delivery', A, 'application, channel'), '{{channel}}'),
  },
  {
    title: 'Messages a second',
    description: 'Delivered, by channel.',
    kind: 'timeseries',
    unit: 'ops',
    stacked: true,
    queries: one(rate(DELIVERIES, `${A},outcome="delivered"`, 'application, channel'), '{{channel}}'),
  },
  {
    title: 'Not delivered within an hour',
    description: 'By channel; the alert is at 20.',
    kind: 'timeseries',
    unit: 'short',
    limits: { warning: 10, critical: 20 },
    queries: one(
      `sum by (application, channel) (increase(${DELIVERIES}{${A},outcome="undelivered"}[1h]))`,
      '{{channel}}',
    ),
  },
]

const database: readonly PanelDefinition[] = [
  {
    title: 'Connections',
    description: 'By state, and how many ordinary roles may have together.',
    kind: 'timeseries',
    unit: 'short',
    queries: [
      { expression: `sum by (state) (pgsteward_connections{${T}})`, legend: '{{state}}' },
      { expression: `sum(pgsteward_connections_usable{${T}})`, legend: 'usable' },
    ],
  },
  {
    title: 'What sessions wait for',
    description: 'Sessions at work by wait event type; CPU: they do not wait.',
    kind: 'timeseries',
    unit: 'short',
    stacked: true,
    queries: one(
      `sum by (wait_event_type) (pgsteward_active_sessions{${T}}) or ${NONE_BLOCKED}`,
      '{{wait_event_type}}',
    ),
  },
  {
    title: 'Statements and transactions a second',
    description: 'By pg_stat_statements and pg_stat_database.',
    kind: 'timeseries',
    unit: 'ops',
    queries: [
      {
        expression: rate('pgsteward_database_statements_total', T, 'target'),
        legend: '{{target}} statements',
      },
      { expression: rate('pgsteward_database_commits_total', T, 'target'), legend: '{{target}} commits' },
      { expression: rate('pgsteward_database_rollbacks_total', T, 'target'), legend: '{{target}} rollbacks' },
    ],
  },
  {
    title: 'Blocks found in the cache',
    description: 'Warning under 95 %, critical under 40 %.',
    kind: 'timeseries',
    unit: 'percentunit',
    limits: { warning: 0.95, critical: 0.4, below: true },
    queries: one(
      share(
        rate('pgsteward_database_blocks_hit_total', T, 'target'),
        `(${rate('pgsteward_database_blocks_hit_total', T, 'target')} + ${rate('pgsteward_database_blocks_read_total', T, 'target')})`,
      ),
      '{{target}}',
    ),
  },
  {
    title: 'Statements that take most time',
    description: "Share of all statements' time in the last hour; the summary leads to the statement's page.",
    kind: 'table',
    unit: 'percentunit',
    width: 24,
    queries: one(`pgsteward_statement_time_ratio{${T}}`),
    columns: {
      summary: 'Statement',
      database: 'Database',
      user: 'User',
      target: 'Target',
      query_id: 'Query',
      Value: 'Share',
    },
    link: {
      title: 'Open in pgsteward',
      url: pageOf('statements', 'Query'),
    },
  },
  {
    title: 'Largest tables',
    description: 'With their indexes and TOAST.',
    kind: 'bargauge',
    unit: 'bytes',
    queries: one(`topk(10, pgsteward_table_size_bytes{${T}})`, '{{schema}}.{{table}}'),
  },
  {
    title: 'Deadlocks and temporary files',
    description: 'Within an hour.',
    kind: 'timeseries',
    unit: 'short',
    queries: [
      {
        expression: `sum by (target) (increase(pgsteward_database_deadlocks_total{${T}}[1h]))`,
        legend: '{{target}} deadlocks',
      },
      {
        expression: `sum by (target) (increase(pgsteward_database_temp_files_total{${T}}[1h]))`,
        legend: '{{target}} temporary files',
      },
    ],
  },
]

const billing: readonly PanelDefinition[] = [
  {
    title: 'Charges a second',
    description: 'By outcome; a declined card is no failure.',
    kind: 'timeseries',
    unit: 'ops',
    stacked: true,
    queries: one(rate(CHARGES, A, 'application, outcome'), '{{outcome}}'),
  },
  {
    title: 'Failed within an hour',
    description: 'The alert is at 2.',
    kind: 'timeseries',
    unit: 'short',
    limits: { warning: 1, critical: 2 },
    queries: one(`sum by (application) (increase(${CHARGES}{${A},outcome="failed"}[1h]))`, '{{application}}'),
  },
  {
    title: 'Time a charge takes, 95th percentile',
    description: 'At the payment provider; the alert is at 3 s, the aim 2 s.',
    kind: 'timeseries',
    unit: 's',
    limits: { warning: 2, critical: 3 },
    queries: one(p95('pgsteward_application_charge', A, 'application'), '{{application}}'),
  },
  {
    title: 'Amount within an hour',
    description: "Charged with success, by currency, in hundreds of the currency's smallest unit.",
    kind: 'timeseries',
    unit: 'short',
    queries: one(
      `sum by (application, currency) (increase(pgsteward_application_charged_minor_units_total{${A},outcome="succeeded"}[1h])) / 100`,
      '{{currency}}',
    ),
  },
]

const DASHBOARDS: readonly DashboardDefinition[] = [
  {
    id: 'overview',
    title: 'findings and alerts',
    description: 'What is open, since when, and who answers.',
    isOfApplications: false,
    panels: overview(),
  },
  {
    id: 'api-performance',
    title: 'API performance',
    description: 'How long requests take, how many fail, and what they ask of the database.',
    isOfApplications: true,
    panels: api,
  },
  {
    id: 'message-delivery',
    title: 'message delivery',
    description: 'Which messages arrive, how soon, and by which channel they do not.',
    isOfApplications: true,
    panels: delivery,
  },
  {
    id: 'database',
    title: 'database',
    description: 'Connections, waits, statements, cache, sizes.',
    isOfApplications: false,
    panels: database,
  },
  {
    id: 'billing',
    title: 'billing',
    description: 'Charges, by outcome, how long they take and what they come to.',
    isOfApplications: true,
    panels: billing,
  },
]

/** By the name of their file. */
export function grafanaDashboards(publicUrl: string | null): ReadonlyMap<string, Dashboard> {
  return new Map(DASHBOARDS.map((each) => [`pgsteward-${each.id}.json`, grafanaDashboard(each, publicUrl)]))
}
