// Looks a host name up for one connection, and refuses it where any of its addresses is forbidden. It is the connection's own lookup, so
// that no name can be harmless when it is checked and lead elsewhere when it is asked (DNS rebinding).

import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { isForbidden } from './forbidden-address.ts'

export class ForbiddenAddress extends Error {
  constructor(address: string) {
    super(
      `${address} is an address where machines get their credentials, or no host, and is not asked; if it is meant, the configuration allows it: outbound: { allow: ['${address}'] }`,
    )
    this.name = 'ForbiddenAddress'
  }
}

/** Of a URL whose host is an address, which no lookup sees. Throws ForbiddenAddress. */
export function refuseForbiddenHost(url: string, allow: readonly string[]): void {
  refuseForbiddenAddress(new URL(url).hostname.replace(/^\[|\]$/g, ''), allow)
}

/** Of a host as `net.connect` takes it: a name, which its lookup judges, or an address without brackets. Throws ForbiddenAddress. */
export function refuseForbiddenAddress(host: string, allow: readonly string[]): void {
  if (isIP(host) !== 0 && isForbidden(host, allow)) throw new ForbiddenAddress(host)
}

type Resolve = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** For `net.connect` and what takes its options. `resolve`: another resolver, for tests. */
export function guardedLookup(allow: readonly string[], resolve: Resolve = dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0)
      const forbidden = addresses.find(({ address }) => isForbidden(address, allow))
      if (forbidden !== undefined) return callback(new ForbiddenAddress(forbidden.address), '', 0)
      const [first] = addresses
      if (options.all === true) return callback(null, addresses)
      return callback(null, first?.address ?? '', first?.family ?? 0)
    })
  }
}
