// The sources in the repository, the built files in the published package.

import { existsSync } from 'node:fs'

const source = new URL('./src/index.ts', import.meta.url)
const built = new URL('./dist/index.js', import.meta.url)

export const {
  APPLICATION_FAULTS,
  DEMO_DATABASE,
  DEMO_SETTINGS,
  PLANTED_FAULTS,
  STORY_FAULTS,
  mendFaults,
  monitorUrl,
  plantFaults,
  prepareDemo,
  startApplication,
} = await import(existsSync(source) ? source.href : built.href)
