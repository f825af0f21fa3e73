// The user's own folder for what may be made again at any time.

import { homedir } from 'node:os'
import { join } from 'node:path'

export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.XDG_CACHE_HOME ?? join(env.HOME ?? homedir(), '.cache'), 'pgsteward')
}
