// Turns what node, TLS and PostgreSQL say about a failed connection into one clear message with detail and hint.

import { type ErrorCode, StewardError } from '../model/error.ts'

interface RawError {
  readonly code?: string
  readonly message?: string
  readonly errors?: readonly RawError[]
}

/** Passes StewardError through; never contains the password. */
export function explainConnectError(url: string, error: unknown): StewardError {
  if (error instanceof StewardError) return error
  const { host, database, user } = partsOf(url)
  const raw = firstOf(error as RawError)
  const message = raw.message ?? String(error)
  const make = (code: ErrorCode, text: string, hint: string) =>
    new StewardError(code, text, { detail: message, hint, cause: error })

  switch (raw.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return make(
        'target-host-unknown',
        `host ${host} is not known`,
        'Check the host name in the URL and the DNS of this machine.',
      )
    case 'ECONNREFUSED':
      return make(
        'target-refused',
        `${host} refused the connection`,
        'Is PostgreSQL running there, does it listen on that address (listen_addresses) and port, does a firewall let you through?',
      )
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return make(
        'target-timeout',
        `${host} did not answer`,
        'Check address, network and firewall; managed databases often allow listed addresses only.',
      )
    case '28P01':
      return make(
        'target-authentication',
        `password authentication failed for user "${user}" at ${host}`,
        'Check user and password; special characters in a password must be percent-encoded in the URL.',
      )
    case '28000':
      return /no encryption|SSL off/i.test(message)
        ? make(
            'target-tls',
            `${host} accepts encrypted connections only`,
            'Add ?sslmode=require to the URL (verify-full to check the certificate too).',
          )
        : make(
            'target-authentication',
            `${host} does not let user "${user}" in`,
            'Check the user name, and pg_hba.conf on the server.',
          )
    case '3D000':
      return make(
        'target-database-missing',
        `database "${database}" does not exist at ${host}`,
        'Check the name after the last / of the URL; psql -l lists what is there.',
      )
    case '42501':
      return make(
        'target-permission',
        `user "${user}" may not connect to database "${database}" at ${host}`,
        `grant connect on database ${database} to ${user};`,
      )
    case '53300':
      return make(
        'target-busy',
        `${host} has no free connection`,
        'All of max_connections is taken; pgsteward needs one connection for each target.',
      )
    case '57P03':
      return make(
        'target-refused',
        `${host} is starting up, shutting down or recovering`,
        'Wait until it accepts connections, then try again.',
      )
  }
  if (/does not support SSL/i.test(message)) {
    return make(
      'target-tls',
      `${host} does not speak TLS`,
      'Remove sslmode from the URL or use ?sslmode=disable, if the network between is trusted.',
    )
  }
  if (/certificate|self.signed|TLS|SSL/i.test(message)) {
    return make(
      'target-tls',
      `the TLS certificate of ${host} is not accepted`,
      'Give its authority with ?sslrootcert=FILE, or use ?sslmode=require, which encrypts but does not verify who answers.',
    )
  }
  if (/timeout/i.test(message)) {
    return make('target-timeout', `${host} did not answer in time`, 'Check address, network and firewall.')
  }
  if (/password must be a string|SASL/i.test(message)) {
    return make(
      'target-authentication',
      `${host} wants a password for user "${user}" and the URL has none`,
      'Add it to the URL: postgres://USER:PASSWORD@HOST/DATABASE, or set PGPASSWORD.',
    )
  }
  return make('target-lost', `no connection to ${host}`, 'The detail is what the driver or the server said.')
}

/** `host:port`, never with user or password; for messages. */
export function hostOf(url: string): string {
  return partsOf(url).host
}

/** `host:port/database`: what a target is called where nobody named it. */
export function addressOf(url: string): string {
  const { host, database } = partsOf(url)
  return `${host}/${database}`
}

function partsOf(url: string): { host: string; database: string; user: string } {
  try {
    const parsed = new URL(url)
    const user = decodeURIComponent(parsed.username) || 'postgres'
    return {
      host: `${parsed.hostname || 'localhost'}:${parsed.port || '5432'}`,
      database: decodeURIComponent(parsed.pathname.slice(1)) || user,
      user,
    }
  } catch {
    return { host: 'the target', database: '', user: '' }
  }
}

/** Node tries every address of a host and wraps what each said. */
function firstOf(error: RawError): RawError {
  return error.errors?.[0] ?? error
}
