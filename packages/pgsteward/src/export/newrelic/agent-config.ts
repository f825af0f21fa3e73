// The configuration file of New Relic's agent as we would have it: no header, cookie or parameter leaves the application, statements
// only without their literals. Keys and names given by the environment win over it.

/** What must not be sent, as patterns of the agent. */
export const EXCLUDED_ATTRIBUTES = [
  'request.headers.*',
  'response.headers.*',
  'request.parameters.*',
  'message.headers.*',
  'message.parameters.*',
] as const

/** Of a file newrelic.cjs, which the agent finds in the folder where the application starts. */
export function agentConfigFile(applicationName: string): string {
  const excluded = EXCLUDED_ATTRIBUTES.map((pattern) => `      '${pattern}',`).join('\n')
  return `'use strict'

// New Relic's agent. The license key is a secret: set NEW_RELIC_LICENSE_KEY. NEW_RELIC_APP_NAME replaces the name.
exports.config = {
  app_name: [${JSON.stringify(applicationName)}],
  distributed_tracing: { enabled: true },
  // only the usual headers are looked at, and none is sent
  allow_all_headers: false,
  attributes: {
    exclude: [
${excluded}
    ],
  },
  transaction_tracer: {
    // literals are taken out of statements
    record_sql: 'obfuscated',
    // as @pgsteward/instrument's slowQueryMs
    explain_threshold: 500,
  },
  slow_sql: { enabled: true },
  application_logging: {
    // lines of a log may hold anything
    forwarding: { enabled: false },
  },
  logging: { level: 'info' },
}
`
}
