// The application as a process of its own, or several of them behind one address.

import { readConfiguration } from './app/configuration.ts'

const log = (message: string, error?: unknown) => {
  process.stderr.write(`${message}${error === undefined ? '' : `: ${String(error)}`}\n`)
}

try {
  const configuration = readConfiguration(process.env)
  // each loads what it needs: the process in front of several has nothing to do with a database
  const { url, stop, onFault } =
    configuration.INSTANCES === 1
      ? await (await import('./run-instance.ts')).runInstance(configuration, log)
      : await (await import('./instances/run-instances.ts')).runInstances(configuration)
  let stopping: Promise<void> | undefined
  const end = () => {
    stopping ??= stop()
    void stopping.then(() => process.exit(0))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
  // started by another process that is gone, be it by kill -9
  process.on('disconnect', end)
  process.send?.({ url })
  // some faults have a part that the process cannot play itself: a migration, its own deployment
  onFault((fault, on) => process.send?.({ fault, on }))
  log(`messaging listens on ${url}`)
} catch (error) {
  process.send?.({ error: String((error as Error).message) })
  log('messaging does not start', error)
  process.exitCode = 1
  process.disconnect?.()
}
