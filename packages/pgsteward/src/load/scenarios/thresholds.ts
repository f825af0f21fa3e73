// When a run of the built-in scenarios has failed: the targets of the application (requirement N3), by feature.

import type { ScenarioInput } from '../../model/scenario.ts'

type Thresholds = NonNullable<ScenarioInput['thresholds']>

export const RESPONSE_TARGETS: Thresholds = [
  { metric: 'p95', of: 'sign-in', below: '1s' },
  { metric: 'p95', of: 'messages', below: '1500ms' },
  { metric: 'p95', of: 'conversations', below: '400ms' },
  { metric: 'p95', of: 'billing', below: '2s' },
]

/** A run of which every tenth request fails says nothing about speed, and goes on for nothing. */
export const WORKS: Thresholds = [
  { metric: 'errorRatio', below: 0.01 },
  { metric: 'checkRatio', above: 0.99 },
  { metric: 'errorRatio', below: 0.1, stop: true },
]
