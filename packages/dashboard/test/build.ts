// Builds the dashboard into dist/, so that tests in a browser never look at yesterday's.

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

export const DASHBOARD_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
export const DASHBOARD_DIST = join(DASHBOARD_ROOT, 'dist')

/** About half a second. The same build that is shipped: a test runner's own NODE_ENV would bring React's development half. */
export async function buildDashboard(): Promise<string> {
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    await build({
      root: DASHBOARD_ROOT,
      configFile: join(DASHBOARD_ROOT, 'vite.config.ts'),
      // on a busy machine a build of seconds would be warned of
      logLevel: 'error',
    })
  } finally {
    process.env.NODE_ENV = before
  }
  return DASHBOARD_DIST
}
