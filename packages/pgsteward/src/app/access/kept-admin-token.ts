// The admin token that a server of this configuration has made for itself, for whoever may read its folder.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Beside the store. */
export function adminTokenFile(storeDir: string, cwd: string): string {
  return join(resolve(cwd, dirname(storeDir)), 'admin-token')
}

/** Null: none was made. */
export function keptAdminToken(storeDir: string, cwd: string): string | null {
  const file = adminTokenFile(storeDir, cwd)
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null
}
