// npm run demo:quarter: a quarter of a team with pgsteward, played in minutes; its reports are looked at in Chromium and left in a folder.
// [--out FOLDER] [--write bench/results/quarter.md]

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gatherEvidence, missingIn } from './quarter/evidence.ts'
import { lookAtReports } from './quarter/look-at-reports.ts'
import { htmlFiles, play } from './quarter/play.ts'
import { quarterPage } from './quarter/quarter-page.ts'

const { values } = parseArgs({ options: { out: { type: 'string' }, write: { type: 'string' } } })
const say = (text: string) => process.stdout.write(text)
const inPlace = process.stdout.isTTY

/** In place on a terminal; else a line for each tenth. */
function progress(what: string): (done: number, of: number) => void {
  let told = -1
  return (done, of) => {
    const tenth = Math.floor((done / of) * 10)
    if (inPlace) say(`\r${what} ${done} of ${of}   ${done >= of ? '\n' : ''}`)
    else if (tenth !== told) say(`${what} ${done} of ${of}\n`)
    told = tenth
  }
}

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-quarter-'))
const out = resolve(values.out ?? join(tmpdir(), 'pgsteward-quarter-reports'))
try {
  say('\n== Thirteen weeks, from Monday 3 August 2026 on\n\n')
  const started = performance.now()
  const { page, missing } = await play(
    { dir, reports: out, onProgress: progress('day') },
    async ({ team, pages, troubles }) => {
      const simulatedMs = performance.now() - started
      const evidence = await gatherEvidence(team, pages)
      say('\n== Its reports, in Chromium\n\n')
      const lookedAt = performance.now()
      const look = await lookAtReports(out, htmlFiles(out), join(out, 'looked-at'), progress('report'))
      const lookedMs = performance.now() - lookedAt
      const missing = [...missingIn(evidence), ...look.complaints, ...troubles]
      return { page: quarterPage({ evidence, look, missing, simulatedMs, lookedMs }), missing }
    },
  )
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'quarter.md'), page)
  say(`\n${page}\nReports, pictures and PDFs: ${relative(process.cwd(), out)}\n`)
  if (values.write !== undefined) writeFileSync(resolve(values.write), page)
  if (missing.length > 0) process.exitCode = 1
} finally {
  rmSync(dir, { recursive: true, force: true })
}
