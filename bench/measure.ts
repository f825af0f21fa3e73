// What benchmarks share: medians with spread, and a results page that says how to reproduce it.

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Of at least one number. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)! }
}

/** `12.3 (11.9 to 14.0)` */
export function show({ median, min, max }: Spread, digits = 1): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`
}

/** `body` is Markdown. The page names the command, the versions and the kind of machine, never its name. */
export function writeResults(name: string, title: string, body: string): void {
  const page = [
    `# ${title}`,
    '',
    `Reproduce: \`npm run bench ${name}\`. Node ${process.versions.node}, ${process.platform}-${process.arch}, ${cpus().length} cores. Medians with minimum and maximum; the machine is shared and noisy, so ratios say more than times.`,
    '',
    body.trim(),
    '',
  ].join('\n')
  writeFileSync(join(import.meta.dirname, 'results', `${name}.md`), page)
  process.stderr.write(`${body.trim()}\n`)
}
