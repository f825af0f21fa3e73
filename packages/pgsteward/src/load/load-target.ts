// Which addresses load may be put on: those that the configuration names, and no others.

import { StewardError } from '../model/error.ts'

/** Throws `load-target-refused` for what is not among `allowed`: scheme and host, and the port where one is named. */
export function refuseUnlisted(url: string, allowed: readonly string[]): URL {
  const target = parseHttp(url)
  if (target === null)
    throw new StewardError(
      'load-target-refused',
      `${JSON.stringify(withoutSecrets(url))} is no address to load`,
      {
        detail: 'A target is scheme, host and port: http://127.0.0.1:3000',
        hint: 'Give --target http://HOST:PORT; the paths stand in the scenario.',
      },
    )
  if (!allowed.some((entry) => covers(entry, target)))
    throw new StewardError('load-target-refused', `load on ${target.origin} is not allowed`, {
      detail: `The configuration allows ${allowed.length === 0 ? 'nothing' : allowed.join(', ')}.`,
      hint: `If this is a system that may be loaded, name it in pgsteward.config.ts: load: { targets: [${JSON.stringify(target.origin)}] }. Never name production.`,
    })
  return target
}

/** Scheme, host, port: what a run remembers of its target. */
export function targetOrigin(url: string): string {
  return new URL(url).origin
}

function covers(entry: string, target: URL): boolean {
  const allowed = parseHttp(entry)
  if (allowed === null || allowed.protocol !== target.protocol || allowed.hostname !== target.hostname)
    return false
  return !namesPort(entry) || portOf(allowed) === portOf(target)
}

function parseHttp(text: string): URL | null {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== ''
    ? url
    : null
}

/** `http://host:80` names its port, although a URL forgets it as the default. */
function namesPort(entry: string): boolean {
  return /^https?:\/\/(?:[^/@]*@)?(?:\[[^\]]*\]|[^:/]*):\d+/i.test(entry.trim())
}

function portOf(url: URL): string {
  return url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
}

function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//')
}
