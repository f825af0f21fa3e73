// An endpoint's name from one URL, for tools that know nothing else: method and path, without what differs from request to request.

const NUMBER = /^\d+$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** Hex, ULID, nanoid and the like: long, and with digits in it. */
const TOKEN = /^(?=[^\d]*\d)[\w-]{16,}$/

export function endpointOfUrl(method: string | undefined, url: string): string {
  const path = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/, '')
  const parts = path
    .split('/')
    .map((part) => (NUMBER.test(part) || UUID.test(part) || TOKEN.test(part) ? ':id' : part))
  const template = parts.join('/') || '/'
  return method === undefined || method === '' ? template : `${method} ${template}`
}
