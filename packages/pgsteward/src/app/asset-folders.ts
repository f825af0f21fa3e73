// Where the built dashboard and the checks' pages lie: beside the built files in the published package, else in the repository.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

export interface AssetFolders {
  readonly dashboard: string
  /** Holds checks/<id>.md. */
  readonly docs: string
}

export function assetFolders(): AssetFolders {
  const published = resolve(import.meta.dirname, '../assets')
  if (existsSync(published))
    return { dashboard: resolve(published, 'dashboard'), docs: resolve(published, 'docs') }
  const repository = resolve(import.meta.dirname, '../../../..')
  return { dashboard: resolve(repository, 'packages/dashboard/dist'), docs: resolve(repository, 'docs') }
}
