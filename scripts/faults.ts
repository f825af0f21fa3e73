// npm run faults [-- ID ...] [--write FILE]: breaks what pgsteward stands on, for real, while the real program runs, and writes down what
// was tried and what was kept. Without ids all of them, some 18 minutes, into bench/results/faults.md.

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ALL_FAULTS } from './faults/all.ts'
import { runFault, type Tried } from './faults/run-fault.ts'
import { writeTable } from './faults/table.ts'

const RESULTS = resolve(import.meta.dirname, '../bench/results/faults.md')

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'string' } } })
const unknown = positionals.filter((id) => !ALL_FAULTS.some((fault) => fault.id === id))
if (unknown.length > 0) {
  process.stderr.write(
    `unknown: ${unknown.join(', ')}; there are ${ALL_FAULTS.map(({ id }) => id).join(', ')}\n`,
  )
  process.exit(2)
}
const say = (text: string) => process.stdout.write(text)
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

const file = values.write === undefined ? RESULTS : resolve(values.write)
const tried: Tried[] = []
for (const fault of ALL_FAULTS) {
  if (positionals.length > 0 && !positionals.includes(fault.id)) continue
  if (stop.signal.aborted) break
  const result = await runFault(fault, say, stop.signal)
  if (stop.signal.aborted) break
  tried.push(result)
  // what was run takes the place of its rows in the table that is there, even if the rest is broken off
  writeTable(file, tried)
}
say(`\n${file}\n`)
process.exit(stop.signal.aborted || tried.some(({ status }) => status === 'not kept') ? 1 : 0)
