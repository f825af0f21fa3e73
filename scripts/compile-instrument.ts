// Before any test: what imports @pgsteward/instrument gets the compiled package, which must be that of these sources.

import { spawnSync } from 'node:child_process'

export function setup(): void {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-b', 'packages/instrument'],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`@pgsteward/instrument does not compile:\n${stdout}`)
}
