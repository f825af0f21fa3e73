// Addresses that a configured URL never leads to: where clouds hand out credentials to whoever asks from the machine, and what is not a
// host at all. Private networks are allowed: what is self-hosted lives there.

import { BlockList, isIP } from 'node:net'

const RANGES: readonly (readonly [network: string, bits: number])[] = [
  // link-local (RFC 3927, RFC 4291); the metadata services of AWS, Google, Azure, DigitalOcean and Oracle, ECS at 169.254.170.2
  ['169.254.0.0', 16],
  ['fe80::', 10],
  // the same of AWS and Google over IPv6, of Alibaba, and Azure's wire server
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  // multicast (RFC 5771, RFC 4291)
  ['224.0.0.0', 4],
  ['ff00::', 8],
  // 169.254.0.0/16 through NAT64 and 6to4 (RFC 6052, RFC 3056)
  ['64:ff9b::a9fe:0', 112],
  ['2002:a9fe::', 32],
]

const FORBIDDEN = listOf(RANGES)

/** `allow`: addresses and networks in CIDR notation that are asked all the same. `address` as an IP address, without brackets. */
export function isForbidden(address: string, allow: readonly string[]): boolean {
  const family = familyOf(address)
  if (!FORBIDDEN.check(address.split('%')[0]!, family)) return false
  const allowed = listOf(
    allow.map((each) => {
      const [network = '', bits] = each.split('/')
      return [network, bits === undefined ? (isIP(network) === 6 ? 128 : 32) : Number(bits)] as const
    }),
  )
  return !allowed.check(address.split('%')[0]!, family)
}

function listOf(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [network, bits] of ranges) list.addSubnet(network, bits, familyOf(network))
  return list
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4'
}
