// Runs a command line in this process, with a terminal that keeps what was written.

import type { CommandContext } from '../../src/cli/command.ts'
import { runCommand } from '../../src/cli/main.ts'

export interface Ran {
  readonly exitCode: number
  /** Standard output. */
  readonly out: string
  /** Standard error. */
  readonly note: string
}

export async function run(...args: readonly string[]): Promise<Ran> {
  let out = ''
  let note = ''
  const context: CommandContext = {
    terminal: {
      out: (text) => {
        out += text
      },
      note: (text) => {
        note += text
      },
      progress: () => undefined,
      isColoured: false,
      width: 100,
    },
    cwd: import.meta.dirname,
    env: {},
    signal: new AbortController().signal,
  }
  const exitCode = await runCommand(args, context)
  return { exitCode, out, note }
}
