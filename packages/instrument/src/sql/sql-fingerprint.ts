// Which statement a text is one of. Both sides of the product use it: the application when it sends, the server when it reads
// pg_stat_statements; so that the two meet.

import { normaliseSql } from './sql-normalise.ts'

/** Changes with every change of normaliseSql or of the hash: values of different versions do not meet. */
export const FINGERPRINT_VERSION = 1

/** 16 hexadecimal digits: 64 bits over the normalised text. Linear in the text; some microseconds for an ordinary statement. */
export function fingerprintOf(text: string): string {
  const { high, low } = fingerprintBits(text)
  return hex(high) + hex(low)
}

/** The same as two integers of 32 bits, which take less memory. */
export function fingerprintBits(text: string): { readonly high: number; readonly low: number } {
  const normalised = normaliseSql(text)
  // Two lanes of multiplications, each stirred by the other at the end: no cryptography, 64 bits that spread well.
  let low = 0x9e3779b9
  let high = 0x85ebca6b
  for (let at = 0; at < normalised.length; at++) {
    const code = normalised.charCodeAt(at)
    low = Math.imul(low ^ code, 0x9e3779b1)
    high = Math.imul(high ^ code, 0x5f356495)
    low = (low << 5) | (low >>> 27)
  }
  low = Math.imul(low ^ (high >>> 15), 0x2c1b3c6d)
  high = Math.imul(high ^ (low >>> 13), 0x297a2d39)
  low ^= high >>> 16
  high ^= low >>> 15
  return { high, low }
}

/** Of 32 bits. */
export const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0')
