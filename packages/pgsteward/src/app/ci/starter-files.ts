// What a project needs beside the workflow, for those that have none of it yet.

/** Enough requests for p95 in three repetitions of 20 seconds: 50 a second. */
export const STARTER_SCENARIO = `// What a pull request is judged by: some seconds of the requests that matter most. pgsteward load scenarios load/ci.ts checks it.

import { defineScenario } from 'pgsteward/load'

export default defineScenario({
  id: 'ci',
  title: 'What a pull request is judged by',
  // iterations begin at this rate however slow the answers are, as users do; the same for base and head
  load: { model: 'open', startPerSecond: 50, stages: [{ for: '20s', perSecond: 50 }] },
  flows: [
    {
      name: 'reading',
      // adapt: the endpoints that users wait for, each named as its route, with data that exists
      steps: [{ path: '/health' }],
    },
  ],
  thresholds: [{ metric: 'errorRatio', below: 0.01 }],
})
`

export const STARTER_CONFIG = `import { defineConfig } from 'pgsteward/config'

export default defineConfig({
  load: {
    // addresses that load may be put on, and no others; never production
    targets: ['http://127.0.0.1', 'http://localhost'],
  },
})
`
