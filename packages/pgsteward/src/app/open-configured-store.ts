// The store that the configuration names.

import { resolve } from 'node:path'
import { openStore } from '../store/open-store.ts'
import type { OpenedStore } from '../store/postgres-store.ts'
import type { Config } from './config/config-schema.ts'

/** Migrates it where needed. Throws 'store-locked', 'store-damaged', 'store-unreachable' or 'store-newer', each with what to do. */
export async function openConfiguredStore(
  config: Pick<Config, 'store'>,
  cwd: string,
  onProgress?: (text: string) => void,
): Promise<OpenedStore> {
  const { url, dir } = config.store
  onProgress?.(url === undefined ? 'opening the store' : 'connecting to the store')
  return openStore(url === undefined ? { dir: resolve(cwd, dir) } : { url })
}
