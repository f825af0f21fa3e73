// Loaded before the program: names of hosts below .example are those that the file KNOWN_NAMES holds, and lead to this machine.

import dns from 'node:dns'
import { readFileSync } from 'node:fs'

const lookup = dns.lookup

dns.lookup = (name, options, callback = options) => {
  if (!name.endsWith('.example')) return lookup(name, options, callback)
  const known = readFileSync(process.env.KNOWN_NAMES, 'utf8').split('\n').includes(name)
  const isAll = typeof options === 'object' && options?.all === true
  process.nextTick(() => {
    if (!known)
      callback(
        Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND', hostname: name }),
      )
    else if (isAll) callback(null, [{ address: '127.0.0.1', family: 4 }])
    else callback(null, '127.0.0.1', 4)
  })
}
