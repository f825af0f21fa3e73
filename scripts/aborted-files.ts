// A Vitest reporter that names the test files whose process V8 itself has ended, if nothing else went wrong in the run, in the file that
// the environment's ABORTED_FILES names.
//
// V8 ends a process by SIGTRAP when one of its own invariants does not hold; Node 24 does so once in thousands of processes, in threads that
// compile (nodejs/node#66126, nodejs/node#64500). No test of ours can have done that, and what such a file found out is lost.

import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

const ABORTED = /^Worker exited unexpectedly with signal SIGTRAP during .* while running test file (.+)$/

// biome-ignore lint/style/noDefaultExport: Vitest loads a reporter by its default export
export default class AbortedFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const path = process.env.ABORTED_FILES
    if (path === undefined) return
    const files = errors
      .map((error) => ABORTED.exec(String(error.cause?.message ?? error.message))?.[1])
      .filter((file) => file !== undefined)
    const isAll = files.length === errors.length && modules.every((module) => module.ok())
    writeFileSync(path, JSON.stringify(isAll ? files.map((file) => relative(process.cwd(), file)) : []))
  }
}
