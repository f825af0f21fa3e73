// The table of what was tried and what was kept. A run of a few faults takes the place of their rows alone.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { ALL_FAULTS } from './all.ts'
import type { Tried } from './run-fault.ts'

const HEAD = `| Fault | What was done | What must hold | | Result | Recovered after |
|---|---|---|---|---|---|
`

export function writeTable(file: string, tried: readonly Tried[]): void {
  const before = existsSync(file) ? rowsOf(readFileSync(file, 'utf8')) : new Map<string, string>()
  const rows = ALL_FAULTS.flatMap(({ id }) => {
    const fresh = tried.find(({ fault }) => fault.id === id)
    return fresh === undefined ? (before.get(id) ?? []) : row(fresh)
  })
  writeFileSync(
    file,
    `${`# What was broken, and what was kept

Reproduce: \`npm run faults\`, or one of them: \`npm run faults -- kill-9\`. Node ${process.versions.node}, ${process.platform}-${process.arch}, ${cpus().length} cores, PostgreSQL 18, load average ${loadavg()[0]!.toFixed(1)} at the end; the machine is shared and noisy.

Each fault runs \`pgsteward watch\` as a process of its own, with its store on the disk, against real servers; everything is read every second, sixty times as often as by default. A client beside it runs one statement every 20 ms and notes when: what the store holds in the end is held against that. "Recovered after" is from the end of the fault to the first reading that is kept again.

${HEAD}${rows.join('')}
`.trimEnd()}\n`,
  )
}

function row({ fault, status, result, recovered }: Tried): string {
  const cells = [
    `${fault.title} (\`${fault.id}\`)`,
    fault.done,
    fault.holds,
    `**${status}**`,
    result,
    recovered,
  ]
  return `| ${cells.map(cell).join(' | ')} |\n`
}

function cell(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('|', '\\|').trim()
}

/** By id, as they stand. */
function rowsOf(page: string): Map<string, string> {
  return new Map(
    page.split('\n').flatMap((line) => {
      const id = /^\| [^|]*\(`([a-z0-9-]+)`\) \|/.exec(line)?.[1]
      return id === undefined ? [] : [[id, `${line}\n`] as const]
    }),
  )
}
