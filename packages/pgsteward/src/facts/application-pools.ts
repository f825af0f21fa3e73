// Connection pools of the processes of applications, as each told last.

import type { PoolReading } from '../model/application.ts'
import { defineStoredFact } from '../model/fact.ts'
import { type ApplicationReading, readApplications } from './application-reading.ts'

export interface ApplicationPool extends PoolReading {
  readonly application: string
  readonly instance: string
  readonly toldAt: Date
}

/** A process that is this much behind the newest of its application has ended, as the old ones do in a deployment. */
const ENDED_AFTER_MS = 2 * 60_000

export const applicationPools = defineStoredFact<ApplicationReading<ApplicationPool>>({
  id: 'application-pools',
  title: 'Connection pools of the processes of applications, as each told last',
  async read(memory, targetId, now) {
    const { isReporting, applications } = await readApplications(memory, targetId, now)
    const rows = applications.flatMap(({ application, instances, lastSeenAt }) =>
      instances
        .filter((each) => lastSeenAt.getTime() - each.lastSeenAt.getTime() <= ENDED_AFTER_MS)
        .flatMap(({ instance, lastSeenAt: toldAt, pools }) =>
          pools.map((pool) => ({ ...pool, application, instance, toldAt })),
        ),
    )
    return { isReporting, applications, rows }
  },
})
