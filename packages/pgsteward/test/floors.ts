// The floors of packages/pgsteward/src, from the ground up. A folder imports only what is named here.

export interface Floor {
  readonly floor: number
  readonly job: string
  readonly mayImport: readonly string[]
  readonly mustNot: string
}

const BELOW_APP = [
  'model',
  'stats',
  'sql',
  'prisma',
  'net',
  'postgres',
  'facts',
  'logs',
  'plans',
  'checks',
  'collect',
  'store',
  'twin',
  'advise',
  'verify',
  'review',
  'evaluate',
  'load',
  'gate',
  'govern',
  'notify',
  'maintain',
  'report',
  'export',
]

export const FLOORS: Readonly<Record<string, Floor>> = {
  model: {
    floor: 0,
    job: 'the nouns: types, zod schemas, error catalogue',
    mayImport: [],
    mustNot: 'do anything',
  },
  stats: {
    floor: 0,
    job: 'arithmetic: quantiles, trends, comparisons',
    mayImport: [],
    mustNot: 'know what a table is',
  },
  sql: {
    floor: 0,
    job: 'text about SQL: quoting, fingerprints',
    mayImport: ['model'],
    mustNot: 'open a connection',
  },
  prisma: {
    floor: 0,
    job: 'Prisma projects as files: schemas and migrations read, migrations written',
    mayImport: ['model', 'sql'],
    mustNot: 'open a connection',
  },
  net: {
    floor: 1,
    job: 'connections to configured addresses: none that gives out credentials, no redirects',
    mayImport: [],
    mustNot: 'know who asks',
  },
  postgres: {
    floor: 1,
    job: 'talking to any PostgreSQL: sessions, versions, local servers',
    mayImport: ['model', 'sql'],
    mustNot: 'know why',
  },
  facts: {
    floor: 1,
    job: 'what we read, one file per subject, pure data',
    mayImport: ['model', 'sql'],
    mustNot: 'run',
  },
  logs: {
    floor: 1,
    job: "PostgreSQL's log as text in, classified events out",
    mayImport: ['model', 'sql', 'plans'],
    mustNot: 'open a file or a connection',
  },
  plans: {
    floor: 1,
    job: 'reading plans: their shape, where two part, what in them matters',
    mayImport: ['model', 'sql'],
    mustNot: 'ask for one',
  },
  checks: {
    floor: 2,
    job: 'what we conclude, pure functions',
    mayImport: ['model', 'stats', 'sql', 'facts', 'plans'],
    mustNot: 'query, read the clock, log',
  },
  collect: {
    floor: 2,
    job: 'running facts: collector, increases, statement texts; reading what applications send (OTLP); asking probes',
    mayImport: ['model', 'facts', 'net', 'postgres', 'sql', 'stats', 'logs', 'plans'],
    mustNot: 'judge or persist',
  },
  store: {
    floor: 2,
    job: 'our memory: migrations, series, statements, findings, decisions, retention',
    mayImport: ['model', 'sql', 'postgres', 'stats', 'plans'],
    mustNot: 'judge',
  },
  twin: {
    floor: 2,
    job: 'the planner twin and other what-if planners',
    mayImport: ['model', 'sql', 'postgres', 'plans'],
    mustNot: 'know about advice',
  },
  advise: {
    floor: 3,
    job: 'searching: index candidates from query shapes, selection by what-if costs',
    mayImport: ['model', 'stats', 'sql', 'plans'],
    mustNot: 'open a connection or apply anything',
  },
  verify: {
    floor: 3,
    job: 'what a project declares against what a database has, and what an index really brings',
    mayImport: ['model', 'stats', 'sql', 'prisma', 'postgres', 'facts'],
    mustNot: 'change the target',
  },
  review: {
    floor: 3,
    job: 'what a migration would lock, rewrite and do to plans, told before it runs',
    mayImport: ['model', 'stats', 'sql', 'prisma', 'plans', 'twin'],
    mustNot: 'connect to the target',
  },
  evaluate: {
    floor: 3,
    job: 'running checks, tracking findings over time, diagnosis',
    mayImport: ['model', 'stats', 'sql'],
    mustNot: 'know any particular check',
  },
  load: {
    floor: 3,
    job: 'scenarios, engines (built-in, k6, SQL replay), runs of other tools read',
    mayImport: ['model', 'stats', 'sql', 'postgres'],
    mustNot: 'judge its own results',
  },
  gate: {
    floor: 3,
    job: 'runs against a baseline: validity, bands, verdicts, causes, change points',
    mayImport: ['model', 'stats', 'sql'],
    mustNot: 'measure anything',
  },
  govern: {
    floor: 3,
    job: "a team's practice: on-call schedules, changes, rehearsals, incidents, reviews, worked out from append-only entries",
    mayImport: ['model', 'stats'],
    mustNot: 'keep anything',
  },
  notify: {
    floor: 4,
    job: 'what people are told of findings, when, by which channel; channels',
    mayImport: ['model', 'net', 'report'],
    mustNot: 'query PostgreSQL',
  },
  maintain: {
    floor: 4,
    job: 'what changes a target: steps under a warrant, giving way, cleaned up after, verified',
    mayImport: ['model', 'sql', 'postgres'],
    mustNot: 'run without a decision or outside a window',
  },
  report: {
    floor: 4,
    job: 'findings in, a report out; renderers',
    mayImport: ['model', 'stats'],
    mustNot: 'query PostgreSQL',
  },
  export: {
    floor: 4,
    job: 'what other systems are given: Prometheus, OTLP, Grafana, New Relic, Datadog, Sentry',
    mayImport: ['model', 'net'],
    mustNot: 'judge',
  },
  app: {
    floor: 5,
    job: 'composition root: configuration, tick, schedule, views',
    mayImport: BELOW_APP,
    mustNot: 'hold an `if` about PostgreSQL',
  },
  benchmark: {
    floor: 5,
    job: "PerformanceBenchmark, for users' own tests, with adapters for Vitest and Jest",
    mayImport: ['model', 'stats', 'gate', 'report'],
    mustNot: 'need a store, a server or a configuration',
  },
  mcp: {
    floor: 6,
    job: 'tools for coding agents, by the Model Context Protocol',
    mayImport: ['app', 'model', 'report'],
    mustNot: 'change a target',
  },
  server: {
    floor: 6,
    job: 'HTTP API, static files, MCP over HTTP',
    mayImport: ['app', 'model', 'report', 'mcp'],
    mustNot: 'talk to the cli',
  },
  cli: {
    floor: 6,
    job: 'argv to command to exit code; the only stdout and process.exit',
    mayImport: ['app', 'model', 'report', 'checks', 'evaluate', 'server', 'mcp'],
    mustNot: 'hold what another interface would need too',
  },
}
