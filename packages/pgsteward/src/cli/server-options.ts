// Options of the commands that run the server, and where they go in the configuration.

import { StewardError } from '../model/error.ts'

export const SERVER_OPTIONS = {
  port: { type: 'string', short: 'p', example: '7432', help: 'port of the dashboard; 0 takes a free one' },
  host: {
    type: 'string',
    example: '127.0.0.1',
    help: 'address to listen on; beyond loopback every request needs a token',
  },
  store: {
    type: 'string',
    example: 'URL',
    help: 'keep the history in this PostgreSQL instead of the embedded store',
  },
  'store-dir': {
    type: 'string',
    example: 'DIR',
    help: 'folder of the embedded store (default .pgsteward/store)',
  },
} as const

export interface ServerOptionValues {
  readonly port?: string
  readonly host?: string
  readonly store?: string
  readonly 'store-dir'?: string
}

export function serverFlags(options: ServerOptionValues): Readonly<Record<string, unknown>> {
  if (options.port !== undefined && !/^\d{1,5}$/.test(options.port)) {
    throw new StewardError('usage', `--port ${options.port} is not a port`, {
      hint: 'A number from 0 to 65535; 0 takes a free one.',
    })
  }
  return {
    server: { port: options.port === undefined ? undefined : Number(options.port), host: options.host },
    store: { url: options.store, dir: options['store-dir'] },
  }
}
