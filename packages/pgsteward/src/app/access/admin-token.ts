// The admin token: from the configuration, or made at the first start and kept beside the store, readable by its owner alone.

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export interface AdminToken {
  readonly token: string
  /** Where it is kept; null when it was configured. */
  readonly file: string | null
}

export function adminToken(configured: string | undefined, file: string): AdminToken {
  if (configured !== undefined) return { token: configured, file: null }
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  }
  return { token: readFileSync(file, 'utf8').trim(), file }
}
