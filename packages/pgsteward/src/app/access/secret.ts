// Tokens and session ids: 256 random bits, of which the store keeps the SHA-256 alone. Slow hashes (bcrypt, argon2) are for what people
// choose, which can be guessed; of 2^256 nothing can, and a fast one costs a request nothing.

import { createHash, randomBytes } from 'node:crypto'

/** Lets secret scanners and people see what it is. */
const PREFIX = 'pgst_'

export function newSecret(prefix: string = PREFIX): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`
}

export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
