// The reference application for the demo: its database with data, the application itself under traffic, and the faults planted in
// both for a watcher to find.

export {
  APPLICATION_FAULTS,
  type ApplicationFault,
  type FaultId,
  STORY_FAULTS,
  type StoryFaultId,
} from './app/faults.ts'
export { mendFaults, plantFaults } from './apply-faults.ts'
export { DEMO_DATABASE, DEMO_SETTINGS } from './demo-settings.ts'
export { monitorUrl, type SuperuserUrl } from './demo-url.ts'
export { PLANTED_FAULTS, type PlantedFault } from './planted-faults.ts'
export { type DemoProgress, type PrepareOptions, prepareDemo } from './prepare-demo.ts'
export {
  type Application,
  type ApplicationOptions,
  startApplication,
} from './start-application.ts'
export type { TrafficCounts } from './traffic/traffic.ts'
