// The staff who use the application: of large churches more often, as in the data.

import { DEMO_PASSWORD } from '../demo-settings.ts'
import { pickInt, type Random } from './random.ts'
import { createVisitor, type Visitor } from './visitor.ts'

/** Each signs in once: a password check costs 50 ms of CPU. */
const VISITORS = 16

export function createVisitors(
  url: string,
  churches: number,
  random: Random,
  signal: AbortSignal,
): readonly Visitor[] {
  const byChurch = new Map<number, Visitor>()
  return Array.from({ length: VISITORS }, () => {
    const churchId = 1 + Math.floor(churches * random() ** 4)
    const known = byChurch.get(churchId)
    if (known !== undefined) return known
    // every church has an owner and an admin, who may all that the traffic does
    const email = `user${1 + pickInt(random, 2)}@church-${churchId}.example`
    const visitor = createVisitor({ url, email, password: DEMO_PASSWORD, churchId, signal })
    byChurch.set(churchId, visitor)
    return visitor
  })
}
