// The reference application's database: schema, data, SQL traffic, and the faults planted for a watcher to find.

export { mendFaults, plantFaults } from './apply-faults.ts'
export { DEMO_DATABASE, DEMO_SETTINGS } from './demo-settings.ts'
export { monitorUrl, type SuperuserUrl } from './demo-url.ts'
export { PLANTED_FAULTS, type PlantedFault } from './planted-faults.ts'
export { type DemoProgress, type PrepareOptions, prepareDemo } from './prepare-demo.ts'
export {
  startTraffic,
  type Traffic,
  type TrafficCounts,
  type TrafficOptions,
} from './traffic/start-traffic.ts'
