#!/usr/bin/env -S node --max-semi-space-size=2
// Runs the sources in the repository and the built files in the published package. The flag keeps what collection throws away
// from piling up: 50 MB less resident (bench/results/memory.md).

import { existsSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`pgsteward needs Node 22.19 or newer, this is ${process.versions.node}\n`)
  process.exit(2)
}
// Halves the time to start. In the user's own folder: what lies in a shared one could be another's code.
module.enableCompileCache?.(
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'pgsteward', 'compile'),
)
const source = new URL('../src/cli/main.ts', import.meta.url)
const { main } = await import(
  existsSync(source) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href
)
await main(process.argv.slice(2))
