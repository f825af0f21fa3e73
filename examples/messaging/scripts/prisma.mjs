// Runs the prisma command with our schema engine in place of the binary that it would download.

import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(dirname(fileURLToPath(import.meta.url)))
const command = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build/index.js')

/** What it writes is shown as it comes, or with `quiet` only when it fails. Returns the exit code. */
export function runPrisma(args, { quiet = false } = {}) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: quiet ? 'pipe' : 'inherit',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: join(folder, 'scripts/schema-engine.mjs'),
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  })
  if (error) throw error
  if (quiet && status !== 0) process.stderr.write(stdout + stderr)
  return status ?? 1
}
