// Passwords are kept as scrypt hashes: scrypt$N$r$p$salt$hash, so that the cost can be raised later without locking anyone out.

import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** About 50 ms and 16 MB on one core of 2024. */
const COST = { N: 16_384, r: 8, p: 1 }
const KEY_BYTES = 32

export async function hashPassword(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
  const key = await derive(password, salt, COST)
  const { N, r, p } = COST
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Takes as long when there is no such user (`stored` null), so that nobody learns which e-mail addresses exist. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [scheme, N, r, p, salt, expected] = (stored ?? NOBODY).split('$')
  if (scheme !== 'scrypt' || salt === undefined || expected === undefined) return false
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  const key = await derive(password, Buffer.from(salt, 'base64url'), cost)
  const wanted = Buffer.from(expected, 'base64url')
  return wanted.length === key.length && timingSafeEqual(wanted, key) && stored !== null
}

const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$AAAA$${Buffer.alloc(KEY_BYTES).toString('base64url')}`

function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // composed and decomposed accents are the same password
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, cost, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}
