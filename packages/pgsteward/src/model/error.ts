// The error catalogue: every way in which pgsteward refuses, with its exit code. docs/reference/errors.md lists exactly these.

export const EXIT = { clean: 0, gate: 1, usage: 2, unreachable: 3, bug: 70 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const ERRORS = {
  usage: { exit: EXIT.usage, title: 'The command line was not understood' },
  'config-invalid': { exit: EXIT.usage, title: 'The configuration is not valid' },
  'config-not-found': { exit: EXIT.usage, title: 'The configuration file does not exist' },
  'target-url-invalid': { exit: EXIT.unreachable, title: 'The target is not a PostgreSQL URL' },
  'target-host-unknown': { exit: EXIT.unreachable, title: "The target's host name does not resolve" },
  'target-refused': { exit: EXIT.unreachable, title: 'The target refused the connection' },
  'target-timeout': { exit: EXIT.unreachable, title: 'The target did not answer in time' },
  'target-authentication': { exit: EXIT.unreachable, title: 'The target refused user or password' },
  'target-database-missing': { exit: EXIT.unreachable, title: 'The database does not exist on the target' },
  'target-tls': { exit: EXIT.unreachable, title: 'TLS could not be agreed with the target' },
  'target-version': { exit: EXIT.unreachable, title: "The target's PostgreSQL version is not supported" },
  'target-permission': { exit: EXIT.unreachable, title: 'The role may not connect or read on the target' },
  'target-busy': { exit: EXIT.unreachable, title: 'The target has no free connection' },
  'target-lost': { exit: EXIT.unreachable, title: 'The connection to the target was lost' },
  'store-locked': { exit: EXIT.unreachable, title: 'Another pgsteward owns the store folder' },
  'store-damaged': { exit: EXIT.unreachable, title: 'The store cannot be opened' },
  'store-unreachable': { exit: EXIT.unreachable, title: 'The store database cannot be reached' },
  'store-full': { exit: EXIT.unreachable, title: 'The disk of the store is full' },
  'store-newer': { exit: EXIT.unreachable, title: 'The store was written by a newer pgsteward' },
  'store-migration': { exit: EXIT.unreachable, title: 'A migration of the store failed' },
  'server-unreachable': { exit: EXIT.unreachable, title: 'No pgsteward answers at the address' },
  'port-in-use': { exit: EXIT.usage, title: 'The port for the dashboard is taken' },
  'demo-unavailable': { exit: EXIT.usage, title: 'The demo cannot run here' },
  'finding-unknown': { exit: EXIT.usage, title: 'There is no such finding' },
  'alert-unknown': { exit: EXIT.usage, title: 'There is no such alert' },
  'record-unknown': { exit: EXIT.usage, title: 'There is no such record' },
  'record-changed': { exit: EXIT.usage, title: 'The record cannot be written like this' },
  'record-file': { exit: EXIT.usage, title: 'The file of a record cannot be read' },
  'channel-unknown': { exit: EXIT.usage, title: 'There is no such channel' },
  'token-unknown': { exit: EXIT.usage, title: 'There is no such token' },
  'token-refused': { exit: EXIT.usage, title: 'A token cannot be made like this' },
  'session-unknown': { exit: EXIT.usage, title: 'There is no such session' },
  'mute-refused': { exit: EXIT.usage, title: 'The finding cannot be muted like this' },
  'statistics-file': { exit: EXIT.usage, title: 'The statistics file cannot be read' },
  'workload-invalid': { exit: EXIT.usage, title: 'The workload file cannot be read' },
  'scenario-invalid': { exit: EXIT.usage, title: 'The load scenario cannot be used' },
  'load-target-refused': { exit: EXIT.usage, title: 'No load may be put on this address' },
  'load-target-down': { exit: EXIT.unreachable, title: 'The address to be loaded does not answer' },
  'load-run-unknown': { exit: EXIT.usage, title: 'There is no such load run or baseline' },
  'report-unknown': { exit: EXIT.usage, title: 'There is no such report' },
  'run-file': { exit: EXIT.usage, title: 'The file of a load run or baseline cannot be read' },
  'file-not-written': { exit: EXIT.usage, title: 'A file could not be written' },
  'k6-unavailable': { exit: EXIT.usage, title: 'k6 cannot run here' },
  'series-file': { exit: EXIT.usage, title: 'The file of a series cannot be read' },
  'newrelic-settings': { exit: EXIT.usage, title: 'New Relic is not configured' },
  'newrelic-refused': { exit: EXIT.usage, title: 'New Relic refused a request' },
  'newrelic-unreachable': { exit: EXIT.unreachable, title: 'New Relic does not answer' },
  'maintenance-refused': { exit: EXIT.usage, title: 'The maintenance cannot be done like this' },
  'twin-unavailable': { exit: EXIT.usage, title: 'The planner twin cannot run here' },
  'twin-busy': { exit: EXIT.unreachable, title: 'Too many questions wait for the planner twin' },
} as const satisfies Record<string, { exit: ExitCode; title: string }>

export type ErrorCode = keyof typeof ERRORS

/** message: what happened, with the value; detail: why; hint: what to do. */
export class StewardError extends Error {
  readonly code: ErrorCode
  readonly detail: string | undefined
  readonly hint: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    more: { detail?: string; hint?: string; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'StewardError'
    this.code = code
    this.detail = more.detail
    this.hint = more.hint
  }

  get exitCode(): ExitCode {
    return ERRORS[this.code].exit
  }
}
