// Alerting rules for Prometheus on what pgsteward found: for those who page by Alertmanager. Thresholds stay with the checks.

const HEAD = `# Alerts on what pgsteward finds; made by \`pgsteward export prometheus-rules\`. The thresholds are those of its checks.
groups:
  - name: pgsteward
    rules:
`

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly severity: 'critical' | 'warning'
  readonly summary: string
  readonly description: string
}

const FOUND = (severity: string) =>
  `max by (target, check, severity, subject, key) (pgsteward_finding_opened_timestamp_seconds{severity="${severity}"}) > 0`
const DESCRIPTION = 'Finding {{ $labels.key }} of target {{ $labels.target }}.'

const RULES: readonly Rule[] = [
  {
    alert: 'PgstewardAbsent',
    expr: 'absent(pgsteward_target_up)',
    for: '5m',
    severity: 'critical',
    summary: 'pgsteward tells nothing',
    description: 'No Prometheus scrape has brought pgsteward_target_up: nobody watches the databases.',
  },
  {
    alert: 'PgstewardTargetDown',
    expr: 'max by (target) (pgsteward_target_up) == 0',
    for: '2m',
    severity: 'critical',
    summary: '{{ $labels.target }} does not answer',
    description: 'The last readings of {{ $labels.target }} failed.',
  },
  {
    alert: 'PgstewardCriticalFinding',
    expr: FOUND('critical'),
    for: '0m',
    severity: 'critical',
    summary: '{{ $labels.check }}: {{ $labels.subject }}',
    description: DESCRIPTION,
  },
  {
    alert: 'PgstewardWarningFinding',
    expr: FOUND('warning'),
    for: '0m',
    severity: 'warning',
    summary: '{{ $labels.check }}: {{ $labels.subject }}',
    description: DESCRIPTION,
  },
  {
    alert: 'PgstewardChannelFailing',
    expr: 'max by (channel) (pgsteward_notification_channel_failing) == 1',
    for: '10m',
    severity: 'warning',
    summary: '{{ $labels.channel }} does not take alerts',
    description: 'pgsteward tries on for three days; meanwhile nobody is told by this channel.',
  },
]

/** YAML. `publicUrl`: of pgsteward's dashboard; findings link there. */
export function prometheusRules(publicUrl: string | null): string {
  const base = publicUrl?.replace(/\/+$/, '') ?? null
  return `${HEAD}${RULES.map((rule) => ruleText(rule, base)).join('')}`
}

/** A text in double quotes of JSON is one of YAML too. */
function ruleText(rule: Rule, base: string | null): string {
  const isFinding = rule.expr.includes('key')
  const link = `${base}/findings/{{ urlquery $labels.key }}?target={{ urlquery $labels.target }}`
  return [
    `      - alert: ${rule.alert}`,
    `        expr: ${JSON.stringify(rule.expr)}`,
    `        for: ${rule.for}`,
    '        labels:',
    `          severity: ${rule.severity}`,
    '        annotations:',
    `          summary: ${JSON.stringify(rule.summary)}`,
    `          description: ${JSON.stringify(rule.description)}`,
    ...(base !== null && isFinding ? [`          link: ${JSON.stringify(link)}`] : []),
    '',
  ].join('\n')
}
