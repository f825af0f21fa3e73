// Several instances, with this process in front of them.

import type { Configuration } from '../app/configuration.ts'
import type { AnyFaultId } from '../app/faults.ts'
import type { Running } from '../run-instance.ts'
import { startInstances } from './start-instances.ts'

const ENDS_WITHIN_MS = 5_000

export async function runInstances({ INSTANCES: count, PORT: port }: Configuration): Promise<Running> {
  const listeners: ((id: AnyFaultId, on: boolean) => void)[] = []
  const { INSTANCES: _, ...rest } = process.env
  const environment = Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  const { url, stop } = await startInstances({
    count,
    port,
    environment,
    onFault: (id, on) => {
      for (const listener of listeners) listener(id, on)
    },
  })
  return { url, stop: () => stop(ENDS_WITHIN_MS), onFault: (listener) => void listeners.push(listener) }
}
