// Whatever pgsteward asks by itself goes through the guard of src/net (SSRF). Files that open connections otherwise are listed here, each
// with the reason, so that the next one is noticed.

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const source = resolve(import.meta.dirname, '../../src')

/** Ways out: built in, of libraries, and of our own library that sends. */
const WAYS_OUT: readonly RegExp[] = [
  /(?<![.\w])fetch\(|[=:] fetch\b|globalThis\.fetch/,
  /from 'undici'/,
  /from 'node:(http|https|http2|dgram)'/,
  /from 'node:(net|tls)'/,
  /from '(nodemailer|ws|axios|got|@grpc\/grpc-js)'/,
  /from '@pgsteward\/instrument\/sender'/,
  /\bWebSocket\(|\bEventSource\(|ClientTransport\(/,
]
/** What of node:net opens nothing, and types. */
const HARMLESS =
  /import (type \{[^}]*\}|\{ (isIP|isIPv6|BlockList|isIP, type \w+) \}) from 'node:(net|tls)'\n/g

/** Takes a way out of its own and puts our lookup into it. */
const GUARDED: Readonly<Record<string, string>> = {
  'app/exports/otlp-exporter.ts': 'lookup: guardedLookup(',
  'collect/probes/http-probe.ts': 'lookup: guardedLookup(',
  'notify/smtp.ts': 'guardedConnection(',
}

const EXCEPTIONS: Readonly<Record<string, string>> = {
  'app/load/find-reporter.ts':
    'the pgsteward that a person names, or that of the configuration on this machine',
  'app/load/send-run.ts': 'the pgsteward that a person names',
  'app/load/started-command.ts': 'the application that it has just started, on loopback',
  'app/load/watch-pools.ts': 'the application under load; load.targets says which may be',
  'cli/ask-server.ts': 'the pgsteward that a person names',
  'cli/commands/mcp.ts': 'the pgsteward that a person names',
  'collect/logs/syslog.ts': 'listens',
  'load/engine/connection.ts': 'the application under load; load.targets says which may be',
  'load/engine/walker.ts': 'types of the same',
  'load/probe-target.ts': 'the application under load; load.targets says which may be',
  'postgres/local-server.ts': 'looks for a free port',
}

const isOut = (text: string) => {
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(HARMLESS, '')
  return WAYS_OUT.some((way) => way.test(code))
}
const filesThatLeave = readdirSync(source, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('net/'))
  .filter((path) => isOut(readFileSync(join(source, path), 'utf8')))

test('nothing opens a connection around the guard but what is listed, with its reason', () => {
  expect(filesThatLeave.toSorted()).toEqual([...Object.keys(GUARDED), ...Object.keys(EXCEPTIONS)].toSorted())
})

test.each(Object.entries(GUARDED))('%s puts the guard in', (path, how) => {
  expect(readFileSync(join(source, path), 'utf8')).toContain(how)
})

test.each([
  "const answer = await fetch('http://x')",
  'const { fetch: send = fetch } = options',
  "import { request } from 'undici'",
  "import https from 'node:https'",
  "import { connect } from 'node:net'",
  "import { createTransport } from 'nodemailer'",
  'new StreamableHTTPClientTransport(url)',
])('notices %s', (text) => expect(isOut(text)).toBe(true))

test.each([
  "import { isIPv6 } from 'node:net'\n",
  "import type { Socket } from 'node:net'\n",
  'await guardedFetch(url, {})',
  '// fetch(this)\n',
  'store.fetch(id)',
])('leaves %s alone', (text) => expect(isOut(text)).toBe(false))
